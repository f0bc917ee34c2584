/** The way in to the project's own words: Node's streams and signals around {@link runCommand}. */
import { readFile } from 'node:fs/promises';
import { text } from 'node:stream/consumers';
import type { WriteStream } from 'node:tty';
import { Ipvs } from '@ipvs-ts/ipvs';
import { type EndingSignal, Interruption } from './commands/interruption.js';
import type { Output } from './commands/io.js';
import { runCommand } from './commands/run.js';
import { dieOfBrokenPipe } from './process-pipe.js';
import { openScreen } from './process-screen.js';

const DEFAULT_COLUMNS = 80;
const SIGNALS: readonly EndingSignal[] = ['SIGINT', 'SIGTERM', 'SIGHUP'];

/** Runs a word of our own on the process's streams, and gives the exit status. */
export async function runOwnWord(
  word: string,
  words: readonly string[],
  programName: string,
): Promise<number> {
  const stop = new AbortController();
  // The second signal ends the program whatever it does: it is listened to once.
  for (const signal of SIGNALS)
    process.once(signal, () => {
      stop.abort(new Interruption(signal));
    });
  return runCommand(word, words, {
    programName,
    env: process.env,
    stdout: output(process.stdout),
    stderr: output(process.stderr),
    signal: stop.signal,
    readText: (path) => (path === '-' ? text(process.stdin) : readFile(path, 'utf8')),
    open: () => Ipvs.open(),
    openScreen,
  });
}

function output(stream: NodeJS.WriteStream): Output {
  // Node says so of streams that are a terminal, whatever its types say.
  const terminal = (stream as Partial<WriteStream>).isTTY === true;
  stream.on('error', (error: NodeJS.ErrnoException) => {
    // A terminal that is gone gives EIO.
    if (error.code === 'EPIPE' || error.code === 'EIO') dieOfBrokenPipe();
    throw error;
  });
  return {
    terminal,
    colour: terminal && (process.env['NO_COLOR'] ?? '') === '' && process.env['TERM'] !== 'dumb',
    columns: () => (terminal ? stream.columns : DEFAULT_COLUMNS),
    write: (chunk) =>
      new Promise((resolve) => {
        stream.write(chunk, () => resolve());
      }),
  };
}
