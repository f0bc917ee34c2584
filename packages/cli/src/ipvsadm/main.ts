/** A run: it takes arguments, streams and environment, and returns an exit status. */
import type { IpvsVerbsSync } from '@ipvs-ts/ipvs';
import { checkRequest } from './request/check.js';
import { execute } from './execute.js';
import type { IpvsadmIo, Run } from './library/io.js';
import { initializationErrorText } from './library/kernel-errors.js';
import { EXIT, IpvsadmError, MESSAGES } from './language/messages.js';
import { RestoreBatch } from './rules/restore-batch.js';
import { PlainRules } from './rules/rule-patterns.js';
import { readRequest, tryHelp } from './request/read-request.js';
import { emptyRequest, type CommandRequest } from './request/request.js';
import { lineWords, readRules } from './rules/rules.js';
import { usage, versionLine } from './language/usage.js';

/** The result of a line: a status, and whether the run continues with the next line. */
interface Outcome {
  readonly status: number;
  readonly over: boolean;
}

/** The oldest IPVS version without a warning, as one number. */
const OLDEST_IPVS = versionNumber('1.1.4');

/**
 * Runs ipvsadm's language on the arguments `argv` (without the program's name) and returns the exit status. IPVS is
 * opened first, so that without it all arguments, even `-h`, fail in the same way.
 */
export function main(argv: readonly string[], io: IpvsadmIo): number {
  checkArguments(argv, io);
  try {
    const session = begin(io);
    try {
      return argv.length === 0 ? listAll(session) : runLine(argv, once(session)).status;
    } finally {
      session.ipvs.close();
    }
  } catch (error) {
    return report(error, io).status;
  }
}

/** What is called of `io`. */
const CALLED = ['open', 'loadModule', 'readFile', 'readStdin', 'stderr', 'stdout', 'names'] as const;

/** Throws for arguments of the wrong type. */
function checkArguments(argv: unknown, io: IpvsadmIo): void {
  if (!Array.isArray(argv) || !argv.every((word) => typeof word === 'string'))
    throw wrongArgument('argv', 'a list of words');
  if (typeof (io as unknown) !== 'object' || (io as unknown) === null) throw wrongArgument('io', 'an object');
  for (const name of CALLED)
    if (typeof (io as Partial<IpvsadmIo>)[name] !== 'function')
      throw wrongArgument(`io.${name}`, 'a function');
}

function wrongArgument(path: string, allowed: string): TypeError {
  return Object.assign(new TypeError(`${path} must be ${allowed}`), {
    code: 'ERR_IPVS_ARGUMENT',
    path,
    allowed,
  });
}

function begin(io: IpvsadmIo): Run {
  const ipvs = connect(io);
  const { version } = ipvs.openingInfo;
  if (versionNumber(version) < OLDEST_IPVS) io.stderr(MESSAGES.oldKernel(version));
  return { io, ipvs };
}

function connect(io: IpvsadmIo): IpvsVerbsSync {
  try {
    return io.open();
  } catch (error) {
    const reason = initializationErrorText(error);
    if (!io.loadModule()) throw new IpvsadmError(MESSAGES.cannotInitialize(reason), EXIT.usage);
  }
  try {
    return io.open();
  } catch (error) {
    throw new IpvsadmError(MESSAGES.cannotInitialize(initializationErrorText(error)), EXIT.usage);
  }
}

function versionNumber(text: string): number {
  return text.split('.').reduce((number, part) => number * 256 + Number(part), 0);
}

function listAll(session: Run): number {
  execute(emptyRequest('list'), session);
  return EXIT.ok;
}

/** How to execute the requests of lines. */
interface Execution {
  readonly session: Run;
  /** Options end at the first operand (POSIXLY_CORRECT). */
  readonly posix: boolean;
  perform(request: CommandRequest): void;
  /** Executes `-R`. */
  restore(): number;
  /** Sends pending requests, before anything about later lines is reported. */
  settle(): void;
}

function once(session: Run): Execution {
  return {
    session,
    posix: isPosix(session.io),
    perform: (request) => execute(request, session),
    restore: () => restore(session),
    settle: () => undefined,
  };
}

function isPosix({ env }: IpvsadmIo): boolean {
  return env['POSIXLY_CORRECT'] !== undefined || env['POSIX_ME_HARDER'] !== undefined;
}

/** Runs one command line. */
function runLine(words: readonly string[], execution: Execution): Outcome {
  const { session, posix } = execution;
  const { io } = session;
  try {
    const request = readRequest(words, { program: io.programName, posix, names: io.names });
    if (request.command === 'help' || request.command === 'version') {
      execution.settle();
      io.stdout(versionLine(session.ipvs.openingInfo.version));
      if (request.command === 'help') io.stdout(usage(io.programName));
      return { status: EXIT.ok, over: true };
    }
    checkRequest(request);
    if (request.command === 'restore') return { status: execution.restore(), over: true };
    execution.perform(request);
    return { status: EXIT.ok, over: false };
  } catch (error) {
    execution.settle();
    return report(error, io);
  }
}

/** `-R`: returns the status of the last line; some lines end it earlier. */
function restore(session: Run): number {
  const pending = new RestoreBatch(session);
  const execution: Execution = {
    session,
    posix: isPosix(session.io),
    perform: (request) => {
      if (pending.take(request)) return;
      pending.settle();
      execute(request, session);
    },
    restore: () => {
      throw tryHelp(session.io.programName);
    },
    settle: () => pending.settle(),
  };
  try {
    return runRules(session.io.readStdin(), execution, pending);
  } catch (error) {
    pending.settle();
    throw error;
  }
}

function runRules(pieces: Iterable<string>, execution: Execution, pending: RestoreBatch): number {
  const rules = new PlainRules(pending.batch);
  let status: number = EXIT.ok;
  readRules(pieces, {
    plain: (text, at) => rules.take(text, at),
    line: (text) => {
      const words = lineWords(text);
      if (words.length === 0) return true;
      const outcome = runLine(words, execution);
      status = outcome.status;
      return !outcome.over;
    },
    // The writer of the rules may wait until they are executed.
    atHand: () => {
      status = pending.settle() ?? status;
    },
  });
  return pending.settle() ?? status;
}

function report(error: unknown, io: IpvsadmIo): Outcome {
  if (!(error instanceof IpvsadmError)) throw error;
  io.stderr(`${error.message}\n`);
  return { status: error.status, over: !error.goesOn };
}
