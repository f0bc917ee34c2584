/** Judges the text with which a server, a script or a file describes its own state. */
import { type CheckResult, failed, noVerdict, passed } from './result.js';

/**
 * The first line of HAProxy's agent-check: words separated by spaces or commas. `up` and `ready`; `down`, `fail`,
 * `stopped` and `maint` with an optional `#reason`; `drain`; `75%`, a share of the weight. The worst word counts. A
 * share above 100% counts as 100%.
 */
export function judgeAgentLine(text: string): CheckResult {
  const [line = ''] = text.split(/\r?\n/);
  const [words = '', ...why] = line.split('#');
  let share: number | undefined;
  let known = false;
  for (const word of words.trim().split(/[\s,]+/)) {
    const name = word.toLowerCase();
    if (['down', 'fail', 'stopped', 'maint'].includes(name)) {
      const reason = why.join('#').trim();
      return failed(`the server says ${name}${reason === '' ? '' : `: ${reason}`}`);
    }
    if (name === 'drain') share = 0;
    else if (/^\d{1,6}%$/.test(name)) share = Math.min(share ?? 1, Number(name.slice(0, -1)) / 100);
    else if (name !== 'up' && name !== 'ready') continue;
    known = true;
  }
  if (!known)
    return failed(`the server says ${JSON.stringify(line.slice(0, 60))}, not up, down, drain or a share`);
  return passed(`the server says ${words.trim()}`, share);
}

/** How a program ended. `status`: undefined if a signal ended it. */
export interface ScriptEnd {
  readonly status: number | undefined;
  readonly signal?: string | undefined;
  /** Its standard output, at least the first line. */
  readonly output: string;
}

/**
 * Exit status 0 passes, with a share of the weight if the first line is `up 75%` (above 100% counts as 100%); 1 fails;
 * any other status is no verdict.
 */
export function judgeScript({ status, signal, output }: ScriptEnd): CheckResult {
  const [line = ''] = output.split(/\r?\n/);
  const said = line.trim() === '' ? '' : `: ${line.trim().slice(0, 100)}`;
  if (status === 1) return failed(`exit status 1${said}`);
  if (status !== 0)
    return noVerdict(
      status === undefined ? `ended by ${signal ?? 'a signal'}` : `exit status ${status}${said}`,
    );
  const share = /^up\s+(\d{1,6})%\s*$/.exec(line.trim())?.[1];
  return passed(`exit status 0${said}`, share === undefined ? undefined : Math.min(1, Number(share) / 100));
}

/** Judges the first word of a file: `up` passes, `down` fails, anything else is no verdict. */
export function judgeFile(text: string): CheckResult {
  const [word = '', ...more] = text.trim().split(/\s+/);
  const reason = more.length === 0 ? '' : `: ${more.join(' ').slice(0, 100)}`;
  if (word === 'up') return passed(`the file says up${reason}`);
  if (word === 'down') return failed(`the file says down${reason}`);
  return noVerdict(word === '' ? 'the file is empty' : `the file says ${JSON.stringify(word.slice(0, 60))}`);
}
