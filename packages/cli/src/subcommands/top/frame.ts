/** The current content of the terminal, so that only changed lines are written. */
import type { ScreenSize } from '../framework/io.js';

/** Lines on a terminal. */
export class Frame {
  #shown: readonly string[] = [];
  #size: ScreenSize | undefined;

  /** Discards the content: the next frame is drawn whole. */
  forget(): void {
    this.#size = undefined;
  }

  /** The bytes that change the content to `lines`. */
  draw(lines: readonly string[], size: ScreenSize): string {
    const whole = this.#size?.columns !== size.columns || this.#size.rows !== size.rows;
    const shown = whole ? [] : this.#shown;
    let bytes = whole ? '\u001b[m\u001b[2J' : '';
    for (let row = 0; row < Math.max(lines.length, shown.length); row += 1) {
      const line = lines[row] ?? '';
      // Cleared before it is written: after the last column, clearing the rest would take the last character.
      if (line !== (shown[row] ?? '')) bytes += `\u001b[${row + 1};1H\u001b[2K${line}`;
    }
    this.#shown = lines;
    this.#size = size;
    return bytes;
  }
}
