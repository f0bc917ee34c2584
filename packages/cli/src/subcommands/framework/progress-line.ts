/** How long work shows its progress. */
import type { Output } from './io.js';
import { visible } from './visible.js';

/** Without a terminal, an unchanged state is printed this often, in milliseconds. */
const REMINDER = 10_000;

const CLEAR_LINE = '\r\u001b[K';

/**
 * One line that is overwritten where a person reads it. In a pipe, on a terminal that cannot overwrite, and in a log,
 * it is a line whenever something changed, and now and then otherwise.
 */
export class ProgressLine {
  readonly #output: Output;
  readonly #overwrites: boolean;
  readonly #now: () => number;
  #shown = false;
  #news: string | undefined;
  #printed = -Infinity;

  constructor(
    output: Output,
    env: Readonly<Record<string, string | undefined>>,
    now = performance.now.bind(performance),
  ) {
    this.#output = output;
    this.#overwrites = output.terminal && (env['TERM'] ?? 'dumb') !== 'dumb';
    this.#now = now;
  }

  /** Shows `text`. Lines of a log come when `news`, a part of it that does not tell the time, is new. */
  show(line: string, news = line): void {
    const text = visible(line);
    if (this.#overwrites) {
      // The last column stays free: some terminals go to the next line when it is written.
      const room = Math.max(1, this.#output.columns() - 1);
      void this.#output.write(`${CLEAR_LINE}${text.length > room ? text.slice(0, room) : text}`);
      this.#shown = true;
      return;
    }
    const now = this.#now();
    if (news === this.#news && now - this.#printed < REMINDER) return;
    this.#news = news;
    this.#printed = now;
    void this.#output.write(`${text}\n`);
  }

  /** Writes a line that stays. */
  say(text: string): void {
    this.clear();
    void this.#output.write(`${visible(text)}\n`);
  }

  /** Takes the line away: call it before anything else is written. */
  clear(): void {
    if (this.#shown) void this.#output.write(CLEAR_LINE);
    this.#shown = false;
  }
}
