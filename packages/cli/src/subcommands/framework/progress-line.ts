/** Progress of long work. */
import type { Output } from './io.js';
import { visible } from './visible.js';

/** Milliseconds between two lines for an unchanged state without a terminal. */
const REMINDER = 10_000;

const CLEAR_LINE = '\r\u001b[K';

/**
 * A line that is overwritten on a terminal. In a pipe, in a log, and on a terminal that cannot overwrite, it is printed
 * whenever something has changed, and now and then otherwise.
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

  /** Shows `line`. In a log it is printed when `news`, the part of it without times, has changed. */
  show(line: string, news = line): void {
    const text = visible(line);
    if (this.#overwrites) {
      // The last column stays free: some terminals wrap when it is written.
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

  /** Removes the line; call it before anything else is written. */
  clear(): void {
    if (this.#shown) void this.#output.write(CLEAR_LINE);
    this.#shown = false;
  }
}
