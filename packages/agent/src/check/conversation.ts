import type { Step } from '../fields/steps.js';

/** The most bytes of a reply to search; a server that sends more without a match fails. */
const MOST_REPLY_BYTES = 65_536;

/** What to do next in a conversation of steps. */
export type StepAction =
  | { readonly kind: 'send'; readonly text: string }
  | { readonly kind: 'read'; readonly pattern: string }
  | { readonly kind: 'passed' }
  | { readonly kind: 'failed'; readonly reason: string };

/**
 * A conversation of steps, without a socket: it takes bytes and returns actions. Bytes are read as Latin-1, so that a
 * pattern can match any byte. An `expect` searches what arrived since the previous one matched; `^` and `$` are the
 * ends of lines.
 */
export class Conversation {
  readonly #steps: readonly Step[];
  #next = 0;
  #heard = '';

  constructor(steps: readonly Step[]) {
    this.#steps = steps;
  }

  /** Takes `bytes` that the server sent. */
  hear(bytes: Uint8Array): void {
    const decoder = new TextDecoder('latin1');
    this.#heard = (this.#heard + decoder.decode(bytes)).slice(0, MOST_REPLY_BYTES);
  }

  /** What to do now. `read`: wait for more bytes, then call again. */
  action(): StepAction {
    const step = this.#steps[this.#next];
    if (step === undefined) return { kind: 'passed' };
    if ('send' in step) {
      this.#next += 1;
      return { kind: 'send', text: step.send };
    }
    const match = new RegExp(step.expect, 'mu').exec(this.#heard);
    if (match === null) {
      return this.#heard.length >= MOST_REPLY_BYTES
        ? { kind: 'failed', reason: `${MOST_REPLY_BYTES} bytes without ${quoted(step.expect)}` }
        : { kind: 'read', pattern: step.expect };
    }
    this.#heard = this.#heard.slice(match.index + match[0].length);
    this.#next += 1;
    return this.action();
  }

  /** Why a conversation that ended here fails. */
  ended(how: string): string {
    const step = this.#steps[this.#next];
    const waited = step !== undefined && 'expect' in step ? ` before ${quoted(step.expect)}` : '';
    const heard = this.#heard === '' ? '' : `; the server said ${JSON.stringify(this.#heard.slice(0, 60))}`;
    return `${how}${waited}${heard}`;
  }
}

function quoted(pattern: string): string {
  return `/${pattern}/`;
}
