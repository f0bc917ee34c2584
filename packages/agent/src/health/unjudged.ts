import type { CheckResult } from '../check/result.js';

const NOTHING: readonly string[] = [];
/** The most reasons to remember; more are not reported. */
const MOST = 50;

/** The current reasons why checks have no verdict, so that each is reported once, and its end too. */
export class Unjudged {
  /** When a check last had no verdict, by reason. */
  readonly #last = new Map<string, number>();

  /** What to report after one more result: sentences without a full stop. `silence`: how long a reason lasts. */
  note({ outcome, reason }: CheckResult, silence: number, now: number): readonly string[] {
    if (outcome !== 'no verdict' && this.#last.size === 0) return NOTHING;
    const texts: string[] = [];
    for (const [each, at] of this.#last)
      if (now - at > silence) {
        this.#last.delete(each);
        texts.push(`checks have verdicts again; this is over: ${each}`);
      }
    if (outcome !== 'no verdict') return texts;
    const isNew = !this.#last.has(reason);
    if (isNew && this.#last.size >= MOST) return texts;
    this.#last.set(reason, now);
    if (isNew) texts.push(`checks have no verdict, and change nothing: ${reason}`);
    return texts;
  }
}
