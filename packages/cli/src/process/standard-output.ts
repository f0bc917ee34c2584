/** Standard output and standard error of subcommands. */
import { writeSync } from 'node:fs';
import { type Output, OutputError } from '../subcommands/framework/io.js';
import { dieOfBrokenPipe } from './broken-pipe.js';
import { mayBeTerminal } from './descriptor.js';
import { output } from './output.js';
import { writeErrorText } from './write-error.js';

/** Milliseconds to wait before a stream that is full is tried again. */
const RETRY_AFTER = 5;

/** Columns of an output that is not a terminal. */
const COLUMNS = 80;

/** Standard output, whose writes reject with an {@link OutputError}. */
export function standardOutput(): Output {
  return mayBeTerminal(1) ? output(process.stdout, false) : new PlainOutput(1);
}

/** Standard error, whose writes never reject. */
export function standardError(): Output {
  return mayBeTerminal(2) ? output(process.stderr, true) : new PlainOutput(2);
}

/** A file or a pipe. As with Node's streams on Linux, a write blocks until a pipe has room. */
class PlainOutput implements Output {
  readonly terminal = false;
  readonly colour = false;
  readonly #fd: number;
  #written: Promise<void> = Promise.resolve();

  constructor(fd: number) {
    this.#fd = fd;
  }

  columns(): number {
    return COLUMNS;
  }

  async write(text: string): Promise<void> {
    const write = (): Promise<void> => this.#writeAll(Buffer.from(text));
    this.#written = this.#written.then(write, write);
    return this.#written;
  }

  async #writeAll(bytes: Buffer): Promise<void> {
    for (let rest = bytes; rest.length > 0;) {
      try {
        rest = rest.subarray(writeSync(this.#fd, rest));
      } catch (error) {
        const { code } = error as NodeJS.ErrnoException;
        if (code === 'EPIPE') dieOfBrokenPipe();
        if (code === 'EAGAIN') await new Promise((resolve) => setTimeout(resolve, RETRY_AFTER));
        else if (this.#fd === 1) throw new OutputError(writeErrorText(error as NodeJS.ErrnoException));
        else return;
      }
    }
  }
}
