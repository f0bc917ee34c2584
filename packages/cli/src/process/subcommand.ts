/** The entry to subcommands: Node's streams and signals around {@link runSubcommand}. */
import { openNameService, type NameService } from '@ipvs-ts/netlink';
import { PROGRAM } from '../ipvsadm/language/usage.js';
import { mistypedText } from '../subcommands/mistyped.js';
import { isSubcommand } from '../subcommands/registry.js';
import { runSubcommand } from '../subcommands/run.js';
import { mayBeTerminal } from './descriptor.js';
import { endWith } from './end.js';
import { fileNotes } from './notes.js';
import { isTerminal } from './output.js';
import { isShortWork, Optimisation } from './optimisation.js';
import { programArguments } from './program.js';
import { FileReader, standardInputFile, textOf } from './read-file.js';
import { rememberedNames } from '../subcommands/framework/remembered-names.js';
import { openScreen } from './screen.js';
import { EndingSignals } from './signals.js';
import { standardError, standardOutput } from './standard-output.js';

/** The exit status of arguments without a command, as of `ipvsadm`. */
const NO_COMMAND = 255;

/**
 * Runs the subcommand that the process's first argument names. A nearly correct name is reported, but not under another
 * name of the program, where everything is as in ipvsadm. `startIpvsadm` runs everything else.
 */
export async function startSubcommand(startIpvsadm: () => void): Promise<void> {
  const { programName, args } = programArguments();
  const [name = '', ...rest] = args;
  if (isSubcommand(name)) {
    process.exitCode = await runSubcommandProcess(name, rest, programName);
    return;
  }
  const message = mistypedText(name, programName);
  if (programName !== PROGRAM || message === undefined) {
    startIpvsadm();
    return;
  }
  await standardError().write(`${message}\n`);
  process.exitCode = NO_COMMAND;
}

/** Runs a subcommand on the process's streams, and returns the exit status. */
async function runSubcommandProcess(
  name: string,
  args: readonly string[],
  programName: string,
): Promise<number> {
  const signals = new EndingSignals();
  const { signal } = signals;
  const files = new FileReader(signal);
  const optimisation = new Optimisation();
  let nameService: NameService | undefined;
  const used = { ipvs: false };
  const status = await runSubcommand(name, args, {
    programName,
    env: process.env,
    stdout: standardOutput(),
    stderr: standardError(),
    signal,
    readText: async (path, maxBytes) => {
      const text = await (path === '-' ? readStdin(signal, maxBytes) : files.read(path, maxBytes));
      if (isShortWork(text.length)) optimisation.delay();
      return text;
    },
    get ask() {
      return canAsk() ? (question: string) => ask(question, signal) : undefined;
    },
    notes: fileNotes(),
    names: () => (nameService ??= rememberedNames(interruptible(openNameService(), signals))),
    process: {
      pid: process.pid,
      onHangup: (listener) => signals.onHangup(listener),
      endBySignal: () => signals.endBySignal(),
    },
    open: async () => {
      used.ipvs = true;
      const { Ipvs } = await optimisation.whileLoading(() => import('./open-ipvs.js'));
      if (name === 'export') optimisation.delay();
      return Ipvs.open();
    },
    openScreen,
  });
  // A thread that waits for a pipe would block the exit.
  if (files.isReading) signals.endBySignal();
  // After what Node has put off, such as warnings.
  if (used.ipvs) process.nextTick(endWith, status);
  return status;
}

async function readStdin(signal: AbortSignal, maxBytes: number | undefined): Promise<string> {
  signal.throwIfAborted();
  const file = standardInputFile(maxBytes);
  if (file !== undefined) return file;
  const { addAbortSignal } = await import('node:stream');
  return textOf(addAbortSignal(signal, process.stdin), maxBytes);
}

/** Makes look-ups of names interruptible by signals: each may block the thread until DNS answers. */
function interruptible(names: NameService, signals: EndingSignals): NameService {
  return {
    hostByName: (name) => signals.duringBlocking(() => names.hostByName(name)),
    hostByAddress: (address) => signals.duringBlocking(() => names.hostByAddress(address)),
    serviceByName: (name, protocol) => signals.duringBlocking(() => names.serviceByName(name, protocol)),
    serviceByPort: (port, protocol) => signals.duringBlocking(() => names.serviceByPort(port, protocol)),
  };
}

/** Whether there is a terminal on which to ask a question and read the answer. */
function canAsk(): boolean {
  return [0, 2].every(mayBeTerminal) && isTerminal(process.stdin) && isTerminal(process.stderr);
}

/** Reads one line from the terminal; an empty line at its end. */
async function ask(question: string, signal: AbortSignal): Promise<string> {
  const { createInterface } = await import('node:readline/promises');
  // The terminal keeps its mode, so that Ctrl-C is a signal.
  const reader = createInterface({ input: process.stdin, output: process.stderr, terminal: false });
  try {
    const ended = new Promise<string>((resolve) => reader.once('close', () => resolve('')));
    return await Promise.race([reader.question(question, { signal }), ended]);
  } finally {
    reader.close();
  }
}
