/** Files that are read until a signal comes: a pipe that nobody writes to keeps a thread, and with it the program. */
import { readFile } from 'node:fs/promises';

/** Reads files, and knows whether any is still being read. */
export class FileReader {
  readonly #signal: AbortSignal;
  #reading = 0;

  constructor(signal: AbortSignal) {
    this.#signal = signal;
  }

  /** Whether a thread still waits for a file: then the program does not end by itself. */
  get isReading(): boolean {
    return this.#reading > 0;
  }

  /** The text of a file. Rejects with the reason of the signal when that is aborted, though the file may never be read. */
  async read(path: string): Promise<string> {
    this.#signal.throwIfAborted();
    const { promise: aborted, reject } = withReject();
    const onAbort = (): void => reject(this.#signal.reason);
    this.#signal.addEventListener('abort', onAbort, { once: true });
    this.#reading += 1;
    const text = readFile(path, 'utf8').finally(() => {
      this.#reading -= 1;
    });
    // Where the signal was first, nobody waits for it any more.
    text.catch(() => undefined);
    try {
      return await Promise.race([text, aborted]);
    } finally {
      this.#signal.removeEventListener('abort', onAbort);
    }
  }
}

function withReject(): { promise: Promise<never>; reject: (reason: unknown) => void } {
  let reject: (reason: unknown) => void = () => undefined;
  const promise = new Promise<never>((_, rejectIt) => {
    reject = rejectIt;
  });
  return { promise, reject };
}
