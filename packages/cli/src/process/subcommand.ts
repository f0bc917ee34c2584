/** The entry to subcommands: Node's streams and signals around {@link runSubcommand}. */
import { createInterface } from 'node:readline/promises';
import { addAbortSignal } from 'node:stream';
import { Ipvs } from '@ipvs-ts/ipvs';
import { openNameService, type NameService } from '@ipvs-ts/netlink';
import { mistypedText } from '../subcommands/mistyped.js';
import { runSubcommand } from '../subcommands/run.js';
import { fileNotes } from './notes.js';
import { isTerminal, output } from './output.js';
import { FileReader, textOf } from './read-file.js';
import { openScreen } from './screen.js';
import { EndingSignals } from './signals.js';

/** The status of arguments that name no command, as of `ipvsadm`. */
const NO_COMMAND = 255;

/** Runs a subcommand on the process's streams, and returns the exit status. */
export async function runSubcommandProcess(
  name: string,
  args: readonly string[],
  programName: string,
): Promise<number> {
  const signals = new EndingSignals();
  const { signal } = signals;
  const files = new FileReader(signal);
  let nameService: NameService | undefined;
  const canAsk = isTerminal(process.stdin) && isTerminal(process.stderr);
  const status = await runSubcommand(name, args, {
    programName,
    env: process.env,
    stdout: output(process.stdout, false),
    stderr: output(process.stderr, true),
    signal,
    readText: (path, maxBytes) =>
      path === '-' ? textOf(addAbortSignal(signal, process.stdin), maxBytes) : files.read(path, maxBytes),
    ask: canAsk ? (question) => ask(question, signal) : undefined,
    notes: fileNotes(),
    names: () => (nameService ??= interruptible(openNameService(), signals)),
    process: {
      pid: process.pid,
      onHangup: (listener) => signals.onHangup(listener),
      endBySignal: () => signals.endBySignal(),
    },
    open: () => Ipvs.open(),
    openScreen,
  });
  // A thread that waits for a pipe would keep the process.
  if (files.isReading) signals.endBySignal();
  return status;
}

/** Reports a first argument that is nearly a subcommand, and returns the exit status; undefined if it is not. */
export async function reportMistyped(name: string, programName: string): Promise<number | undefined> {
  const message = mistypedText(name, programName);
  if (message === undefined) return undefined;
  await output(process.stderr, true).write(`${message}\n`);
  return NO_COMMAND;
}

/** Look-ups of names that signals end: each may block the thread for as long as DNS does not answer. */
function interruptible(names: NameService, signals: EndingSignals): NameService {
  return {
    hostByName: (name) => signals.duringBlocking(() => names.hostByName(name)),
    hostByAddress: (address) => signals.duringBlocking(() => names.hostByAddress(address)),
    serviceByName: (name, protocol) => signals.duringBlocking(() => names.serviceByName(name, protocol)),
    serviceByPort: (port, protocol) => signals.duringBlocking(() => names.serviceByPort(port, protocol)),
  };
}

/** One line from the terminal; the empty one where it ends instead. */
async function ask(question: string, signal: AbortSignal): Promise<string> {
  // The terminal keeps its mode, so that Ctrl-C is a signal.
  const reader = createInterface({ input: process.stdin, output: process.stderr, terminal: false });
  try {
    const ended = new Promise<string>((resolve) => reader.once('close', () => resolve('')));
    return await Promise.race([reader.question(question, { signal }), ended]);
  } finally {
    reader.close();
  }
}
