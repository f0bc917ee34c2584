/** Reads files until there is a signal: a pipe without a writer blocks a thread, and with it the end of the program. */
import { createReadStream, fstatSync, readFileSync, statSync } from 'node:fs';

/** Reads files, and records whether any is still being read. */
export class FileReader {
  readonly #signal: AbortSignal;
  #reading = 0;

  constructor(signal: AbortSignal) {
    this.#signal = signal;
  }

  /** Whether a thread is still waiting for a file, so that the program does not end by itself. */
  get isReading(): boolean {
    return this.#reading > 0;
  }

  /**
   * Reads the text of a file. Rejects with the reason of the signal when that is aborted, even if the read never ends.
   */
  async read(path: string, maxBytes = Infinity): Promise<string> {
    this.#signal.throwIfAborted();
    // Reading these never blocks, and a stream costs a tenth of Node's own start.
    if (isFile(path, maxBytes)) return readFileSync(path, 'utf8');
    const { promise: aborted, reject } = withReject();
    const onAbort = (): void => reject(this.#signal.reason);
    this.#signal.addEventListener('abort', onAbort, { once: true });
    this.#reading += 1;
    const text = textOf(createReadStream(path), maxBytes).finally(() => {
      this.#reading -= 1;
    });
    // If the signal was first, the result is ignored.
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

/** The rest of standard input if that is a regular file, which never blocks; undefined: read it as a stream. */
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

/** Whether it is a regular file whose size is within the limit. Files of /proc have size 0. */
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
