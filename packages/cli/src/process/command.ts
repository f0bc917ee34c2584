/** The entry to subcommands: Node's streams and signals around {@link runCommand}. */
import { readFile } from 'node:fs/promises';
import { createInterface } from 'node:readline/promises';
import { addAbortSignal } from 'node:stream';
import { text } from 'node:stream/consumers';
import type { WriteStream } from 'node:tty';
import { Ipvs } from '@ipvs-ts/ipvs';
import { openNameService, type NameService } from '@ipvs-ts/netlink';
import { type EndingSignal, Interruption } from '../subcommands/framework/interruption.js';
import type { Output } from '../subcommands/framework/io.js';
import { runCommand } from '../subcommands/run.js';
import { dieOfBrokenPipe } from './broken-pipe.js';
import { openScreen } from './screen.js';

const DEFAULT_COLUMNS = 80;
const SIGNALS: readonly EndingSignal[] = ['SIGINT', 'SIGTERM', 'SIGHUP'];

/** Runs a subcommand on the process's streams, and returns the exit status. */
export async function runSubcommandProcess(
  name: string,
  args: readonly string[],
  programName: string,
): Promise<number> {
  const stop = new AbortController();
  // The second signal ends the program whatever it does: it is listened to once.
  for (const signal of SIGNALS)
    process.once(signal, () => {
      stop.abort(new Interruption(signal));
    });
  let nameService: NameService | undefined;
  const isAsked = isTerminal(process.stdin) && isTerminal(process.stderr);
  return runCommand(name, args, {
    programName,
    env: process.env,
    stdout: output(process.stdout),
    stderr: output(process.stderr),
    signal: stop.signal,
    readText: (path) =>
      path === '-' ? text(addAbortSignal(stop.signal, process.stdin)) : readFile(path, 'utf8'),
    ask: isAsked ? (question) => ask(question, stop.signal) : undefined,
    names: () => (nameService ??= openNameService()),
    open: () => Ipvs.open(),
    openScreen,
  });
}

/** One line from the terminal; the empty one where it ends instead. */
async function ask(question: string, signal: AbortSignal): Promise<string> {
  // The terminal stays as it is, so that Ctrl-C is a signal as ever.
  const reader = createInterface({ input: process.stdin, output: process.stderr, terminal: false });
  try {
    const ended = new Promise<string>((resolve) => reader.once('close', () => resolve('')));
    return await Promise.race([reader.question(question, { signal }), ended]);
  } finally {
    reader.close();
  }
}

/** Node says so of streams that are a terminal, whatever its types say. */
function isTerminal(stream: unknown): boolean {
  return (stream as Partial<WriteStream>).isTTY === true;
}

function output(stream: NodeJS.WriteStream): Output {
  const terminal = isTerminal(stream);
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
