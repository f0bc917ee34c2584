import type { JSX } from 'preact';
import { spanText, type Tone } from '../src/page/view/page-text.js';
import type { Head } from '../src/page/wire.js';
import type { View } from './view.js';

interface Alert {
  readonly tone: Tone;
  readonly text: string;
  /** What to do. */
  readonly hint?: string;
}

/** Without an answer for so long, the table may differ from what is shown, in milliseconds. */
const KERNEL_SILENCE = 15_000;
const MOST = 8;

/** What an operator should know first. */
export function Alerts({ view, head }: { readonly view: View; readonly head: Head }): JSX.Element | null {
  const all = alertsOf(view, head);
  if (all.length === 0) return null;
  return (
    <ul class="alerts" aria-label="What needs attention">
      {all.slice(0, MOST).map(({ tone, text, hint }) => (
        <li key={text} class={`alert ${tone}`}>
          <span class="text">{text}</span>
          {hint !== undefined && <code>{hint}</code>}
        </li>
      ))}
      {all.length > MOST && <li class="alert note">and {all.length - MOST} more</li>}
    </ul>
  );
}

function alertsOf(view: View, head: Head): Alert[] {
  const { clock } = view;
  const { doubt, document, store } = head;
  const alerts: Alert[] = [];
  const say = (tone: Tone, text: string, hint?: string): void => {
    alerts.push({ tone, text, ...(hint !== undefined && { hint }) });
  };
  if (clock.isSilent) say('bad', 'The agent does not answer. What is shown was true when the clock stopped.');
  else if (clock.kernelSilence > KERNEL_SILENCE)
    say('bad', `The kernel has not answered for ${spanText(clock.kernelSilence)}.`);
  if (head.ready) for (const text of head.unfit) say('bad', `Not fit: ${text}.`);
  if (head.unfitCount > head.unfit.length)
    say('bad', `Not fit: ${head.unfitCount - head.unfit.length} reasons more.`);
  if (doubt !== null)
    say(
      'warn',
      `Doubt: ${doubt.failed} of ${doubt.up} addresses failed at once. Nothing is taken out for ${spanText(doubt.until - clock.now)}.`,
    );
  if (document.pending !== null) {
    const { revision, removes, hold } = document.pending;
    const why = hold ?? `it removes ${removes}`;
    say('warn', `Document ${revision} waits to be accepted: ${why}.`, `ipvs-ts agent accept ${revision}`);
  }
  if (document.problemCount > 0) {
    const count = document.problemCount;
    say(
      'warn',
      `The newest document has ${count} mistake${count === 1 ? '' : 's'} and changes nothing: ${document.problems[0] ?? ''}`,
    );
  }
  const silence = store?.problem ?? null;
  if (silence !== null) say('warn', `Store: ${silence}.`);
  for (const text of head.warnings) say('note', `${text}.`);
  return alerts;
}
