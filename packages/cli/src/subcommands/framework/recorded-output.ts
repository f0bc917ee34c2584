import type { Output } from './io.js';

/** An output that knows whether it was used. */
export class RecordedOutput implements Output {
  readonly #output: Output;
  #isUsed = false;

  constructor(output: Output) {
    this.#output = output;
  }

  /** Whether `write` was called. */
  get isUsed(): boolean {
    return this.#isUsed;
  }

  get terminal(): boolean {
    return this.#output.terminal;
  }

  get colour(): boolean {
    return this.#output.colour;
  }

  columns(): number {
    return this.#output.columns();
  }

  async write(text: string): Promise<void> {
    this.#isUsed = true;
    return this.#output.write(text);
  }
}
