/** The weight of a destination before drains: an interrupted drain leaves 0 in the table. */
import type { SubcommandIo } from '../framework/io.js';

/** Remembers the weight of one destination from one run to the next. */
export class FormerWeight {
  readonly #notes: SubcommandIo['notes'];
  readonly #name: string;

  constructor({ notes }: Pick<SubcommandIo, 'notes'>, service: string, destination: string) {
    this.#notes = notes;
    this.#name = `drain ${service} ${destination}`;
  }

  /** The weight before the drain; `now` is that in the table. */
  begin(now: number): number {
    if (now === 0) return this.#remembered();
    this.#notes?.write(this.#name, String(now));
    return now;
  }

  /** Removes it, since the destination no longer exists. */
  end(): void {
    this.#notes?.remove(this.#name);
  }

  #remembered(): number {
    const text = this.#notes?.read(this.#name) ?? '';
    return /^[0-9]{1,10}$/.test(text) ? Number(text) : 0;
  }
}
