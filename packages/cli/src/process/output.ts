/** Node's streams as outputs of subcommands. */
import type { WriteStream } from 'node:tty';
import { type Output, OutputError } from '../subcommands/framework/io.js';
import { dieOfBrokenPipe } from './broken-pipe.js';
import { writeErrorText } from './write-error.js';

const DEFAULT_COLUMNS = 80;

/** Only streams that are a terminal have `isTTY`, unlike in Node's types. */
export function isTerminal(stream: unknown): boolean {
  return (stream as Partial<WriteStream>).isTTY === true;
}

/** Standard output, whose writes reject with an {@link OutputError}; with `quiet`, standard error, whose writes never do. */
export function output(stream: NodeJS.WriteStream, quiet: boolean): Output {
  const terminal = isTerminal(stream);
  const endIfGone = ({ code }: NodeJS.ErrnoException): void => {
    // Writing to a closed terminal fails with EIO.
    if (code === 'EPIPE' || (code === 'EIO' && terminal)) dieOfBrokenPipe();
  };
  let failed: NodeJS.ErrnoException | undefined;
  stream.on('error', endIfGone);
  return {
    terminal,
    colour: terminal && (process.env['NO_COLOR'] ?? '') === '' && process.env['TERM'] !== 'dumb',
    // A terminal that does not know its size reports 0.
    columns: () => (terminal && stream.columns > 0 ? stream.columns : DEFAULT_COLUMNS),
    write: (chunk) =>
      new Promise((resolve, reject) => {
        stream.write(chunk, (error) => {
          if (!error) {
            resolve();
            return;
          }
          endIfGone(error);
          // After the first error the stream only reports that it is destroyed.
          failed ??= error;
          if (quiet) resolve();
          else reject(new OutputError(writeErrorText(failed)));
        });
      }),
  };
}
