/** The number of characters to print at once. */
const PIECE = 16_384;

/** Collects text, and prints it in large pieces. */
export class Page {
  #text = '';
  readonly #print: (text: string) => void;

  constructor(print: (text: string) => void) {
    this.#print = print;
  }

  /** Adds a text of any length. */
  add(text: string): void {
    this.#text += text;
    if (this.#text.length >= PIECE) this.flush();
  }

  /** Prints the collected text. */
  flush(): void {
    if (this.#text !== '') this.#print(this.#text);
    this.#text = '';
  }
}
