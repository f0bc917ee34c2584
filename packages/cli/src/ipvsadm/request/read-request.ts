/** Reads the words of one command line as a request. */
import { COMMANDS, type Command, type CommandName } from '../language/commands.js';
import { EXIT, IpvsadmError, MESSAGES, refuse } from '../language/messages.js';
import { OPTIONS, type Option, type OptionName } from '../language/options.js';
import { parseDaemonState } from '../values/daemon.js';
import { parseSchedulerFlags } from '../values/sched-flags.js';
import { parseTimeout } from '../values/timeout.js';
import { Popt, type PoptOption } from '../language/popt.js';
import { DEFAULT_SCHEDULER, emptyRequest, type CommandRequest } from './request.js';
import type { NameLookup } from '../language/names.js';
import { SETTERS, setPersistence } from './setters.js';

/** Options of reading a command line. */
export interface ReadingContext {
  /** The name with which the program was started. */
  readonly program: string;
  /** Whether options end at the first operand (POSIXLY_CORRECT). */
  readonly posix: boolean;
  readonly names: NameLookup;
}

type CommandWord = Pick<Command, 'kind' | 'argument' | 'long'> & PoptOption & { readonly long: CommandName };
type OptionWord = Option & { readonly long: OptionName };

const WORDS: readonly (CommandWord | OptionWord)[] = [
  ...COMMANDS.flatMap(({ kind, long, shorts, argument }): CommandWord[] =>
    shorts.length === 0
      ? [{ kind, long, argument }]
      : shorts.map((short) => ({ kind, long, short, argument })),
  ),
  ...OPTIONS,
];

/** Reads one command line; the first option must be the command. */
export function readRequest(words: readonly string[], reading: ReadingContext): CommandRequest {
  const popt = new Popt(WORDS, words, reading.posix);
  const first = popt.next();
  if (first.kind !== 'option' || first.option.kind !== 'command') throw tryHelp(reading.program);
  const request = emptyRequest(first.option.long);
  // These two end the run at once: later words are not even split into options.
  if (request.command === 'help' || request.command === 'version') return request;
  readCommandArgument(request, first.value ?? '');

  const flagList = readOptions(popt, request, reading.names);
  readPlainWords(popt.plain, request);
  if (flagList !== undefined) {
    request.service.flags = parseSchedulerFlags(flagList, request.service.scheduler || DEFAULT_SCHEDULER);
  }
  return request;
}

/** The message for a command line without a command. */
export function tryHelp(program: string): IpvsadmError {
  return new IpvsadmError(MESSAGES.tryHelp(program), EXIT.refused);
}

function readCommandArgument({ command, daemon }: CommandRequest, value: string): void {
  if (command === 'start-daemon') daemon.state = parseDaemonState(value, MESSAGES.startDaemon);
  if (command === 'stop-daemon') daemon.state = parseDaemonState(value, MESSAGES.stopDaemon);
}

function readOptions(
  popt: Popt<CommandWord | OptionWord>,
  request: CommandRequest,
  names: NameLookup,
): string | undefined {
  let flagList: string | undefined;
  for (;;) {
    const step = popt.next();
    if (step.kind === 'end') return flagList;
    // A restore continues after these errors, and after no others in the words of a line.
    if (step.kind === 'error')
      throw new IpvsadmError(MESSAGES.popt(popt.word, step.text), EXIT.refused, true);
    const { option, value } = step;
    if (option.kind === 'command') refuse(MESSAGES.invalidOption(popt.word));
    if (option.class !== undefined) {
      if (request.given.has(option.class)) refuse(MESSAGES.multipleOptions(option.class));
      request.given.add(option.class);
    }
    if (option.long === 'sched-flags') flagList = value;
    if (option.long === 'persistent') setPersistence(request.service, value);
    else SETTERS[option.long](request, value ?? '', names);
  }
}

function readPlainWords(plain: readonly string[], request: CommandRequest): void {
  let rest = plain;
  if (request.command === 'set') {
    const [tcp, tcpFin, udp] = plain;
    if (tcp === undefined || tcpFin === undefined || udp === undefined) refuse(MESSAGES.setNeedsThree);
    request.timeouts = { tcp: parseTimeout(tcp), tcpFin: parseTimeout(tcpFin), udp: parseTimeout(udp) };
    rest = plain.slice(3);
  }
  if (rest[0] !== undefined) refuse(MESSAGES.unexpectedArgument(rest[0]));
}
