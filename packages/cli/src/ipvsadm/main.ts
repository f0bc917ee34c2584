/** One run: words, streams and environment in, an exit status out. */
import type { IpvsVerbsSync } from '@ipvs-ts/ipvs';
import { checkRequest } from './check.js';
import { execute } from './execute.js';
import type { IpvsadmIo, Session } from './io.js';
import { initializationErrorText } from './kernel-errors.js';
import { EXIT, Failure, MESSAGES } from './messages.js';
import { readRequest, tryHelp } from './read-request.js';
import { emptyRequest } from './request.js';
import { ruleLines } from './rules.js';
import { usage, versionLine } from './usage.js';

/** How a line ended: with a status, after which the run is over or may go on with the next line. */
interface Outcome {
  readonly status: number;
  readonly over: boolean;
}

/** The oldest IPVS that is not warned about, as one number. */
const OLDEST_IPVS = versionNumber('1.1.4');

/**
 * Runs ipvsadm's language on the words `argv` (without the program's name) and gives the exit status. IPVS is
 * opened first, so that without it every word, even `-h`, fails alike.
 */
export function main(argv: readonly string[], io: IpvsadmIo): number {
  try {
    const session = begin(io);
    try {
      return argv.length === 0 ? listAll(session) : runLine(argv, session, restore).status;
    } finally {
      session.ipvs.close();
    }
  } catch (error) {
    return report(error, io).status;
  }
}

function begin(io: IpvsadmIo): Session {
  const { ipvs, info } = connect(io);
  if (versionNumber(info.version) < OLDEST_IPVS) io.stderr(MESSAGES.oldKernel(info.version));
  return { io, ipvs, info };
}

function connect(io: IpvsadmIo): Pick<Session, 'ipvs' | 'info'> {
  try {
    return ask(io.open());
  } catch (error) {
    const reason = initializationErrorText(error);
    if (!io.loadModule()) throw new Failure(MESSAGES.cannotInitialize(reason), EXIT.usage);
  }
  try {
    return ask(io.open());
  } catch (error) {
    throw new Failure(MESSAGES.cannotInitialize(initializationErrorText(error)), EXIT.usage);
  }
}

function ask(ipvs: IpvsVerbsSync): Pick<Session, 'ipvs' | 'info'> {
  return { ipvs, info: ipvs.info() };
}

function versionNumber(text: string): number {
  return text.split('.').reduce((number, part) => number * 256 + Number(part), 0);
}

function listAll(session: Session): number {
  execute(emptyRequest('list'), session);
  return EXIT.ok;
}

/** Runs one command line; `restoring` is what `-R` means in it. */
function runLine(
  words: readonly string[],
  session: Session,
  restoring: (session: Session) => number,
): Outcome {
  const { io } = session;
  try {
    const posix = io.env['POSIXLY_CORRECT'] !== undefined || io.env['POSIX_ME_HARDER'] !== undefined;
    const request = readRequest(words, { program: io.programName, posix, names: io.names });
    if (request.command === 'help' || request.command === 'version') {
      io.stdout(versionLine(session.info.version));
      if (request.command === 'help') io.stdout(usage(io.programName));
      return { status: EXIT.ok, over: true };
    }
    checkRequest(request);
    if (request.command === 'restore') return { status: restoring(session), over: true };
    execute(request, session);
    return { status: EXIT.ok, over: false };
  } catch (error) {
    return report(error, io);
  }
}

/** `-R`: the status is the last line's; some lines end it before. */
function restore(session: Session): number {
  let status: number = EXIT.ok;
  for (const words of ruleLines(session.io.readStdin())) {
    const outcome = runLine(words, session, () => {
      throw tryHelp(session.io.programName);
    });
    status = outcome.status;
    if (outcome.over) break;
  }
  return status;
}

function report(error: unknown, io: IpvsadmIo): Outcome {
  if (!(error instanceof Failure)) throw error;
  io.stderr(`${error.message}\n`);
  return { status: error.status, over: !error.goesOn };
}
