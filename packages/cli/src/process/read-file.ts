/** Files that are read until a signal comes: a pipe that nobody writes to keeps a thread, and with it the program. */
import { createReadStream, fstatSync, readFileSync, statSync } from 'node:fs';

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
  async read(path: string, maxBytes = Infinity): Promise<string> {
    this.#signal.throwIfAborted();
    // Of these nobody has to wait for a writer, and a stream costs a tenth of Node's own start.
    if (isFile(path, maxBytes)) return readFileSync(path, 'utf8');
    const { promise: aborted, reject } = withReject();
    const onAbort = (): void => reject(this.#signal.reason);
    this.#signal.addEventListener('abort', onAbort, { once: true });
    this.#reading += 1;
    const text = textOf(createReadStream(path), maxBytes).finally(() => {
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

/** Standard input. */
const STDIN_DESCRIPTOR = 0;

/** The rest of standard input where that is a regular file, for which nobody has to wait; undefined: read it as a stream. */
export function standardInputFile(maxBytes = Infinity): string | undefined {
  try {
    const found = fstatSync(STDIN_DESCRIPTOR);
    if (!found.isFile() || found.size === 0 || found.size > maxBytes) return undefined;
  } catch {
    return undefined;
  }
  return readFileSync(STDIN_DESCRIPTOR, 'utf8');
}

/** The whole text of a stream. Rejects with code ERR_TOO_LONG as soon as it has more than `maxBytes`. */
export async function textOf(stream: AsyncIterable<Buffer>, maxBytes = Infinity): Promise<string> {
  const chunks: Buffer[] = [];
  let length = 0;
  for await (const chunk of stream) {
    length += chunk.length;
    if (length > maxBytes)
      throw Object.assign(new Error(`there are more than ${maxBytes} bytes`), { code: 'ERR_TOO_LONG' });
    chunks.push(chunk);
  }
  return Buffer.concat(chunks).toString('utf8');
}

/** Whether it is a regular file with a size that is within the limit. Files of /proc say 0. */
function isFile(path: string, maxBytes: number): boolean {
  try {
    const found = statSync(path);
    return found.isFile() && found.size > 0 && found.size <= maxBytes;
  } catch {
    return false;
  }
}

function withReject(): { promise: Promise<never>; reject: (reason: unknown) => void } {
  let reject: (reason: unknown) => void = () => undefined;
  const promise = new Promise<never>((_, rejectIt) => {
    reject = rejectIt;
  });
  return { promise, reject };
}
