/** `drain`: removes a destination without dropping connections. */
import {
  type DestinationName,
  destinationKeyText,
  type DrainOptions,
  type DrainProgress,
  type DrainResult,
  type Ipvs,
  IpvsError,
  parseDestinationKey,
  parseServiceKey,
  serviceKeyText,
} from '@ipvs-ts/ipvs';
import { FORCE_OPTION, OwnedError, refusal } from '../agent-client/ownership.js';
import { SOCKET_OPTION } from '../agent-client/agent-socket.js';
import type { Arguments } from '../framework/arguments.js';
import type { Subcommand } from '../framework/subcommand.js';
import { interruptedText, persistenceText, resultText, waitText } from './drain-text.js';
import { FormerWeight } from './former-weight.js';
import { ipvsadmHint } from './ipvsadm-hint.js';
import { durationText, parseDuration } from '../framework/duration.js';
import type { SubcommandIo } from '../framework/io.js';
import { ProgressLine } from '../framework/progress-line.js';

/** The listener of a drain. */
interface Listener {
  progress(progress: DrainProgress): void;
  result(result: DrainResult): Promise<void>;
  failure(error: unknown): Promise<void>;
}

/** The record of the subcommand. */
export const DRAIN: Subcommand = {
  name: 'drain',
  operands: ['SERVICE', 'DESTINATION'],
  summary:
    'remove a destination without dropping connections: set its weight to 0, wait until its connections are gone, delete it',
  description: [
    'SERVICE is tcp:192.0.2.10:80, udp:[2001:db8::10]:53, sctp:…, fwmark:7 or fwmark6:7; DESTINATION is 10.0.0.11:80 or [2001:db8::11]:80.',
    'TCP and SCTP: it waits until no connection is open, and until those that are being opened or closed have had no packet for a while. UDP and firewall marks: until none is known or no packet has come for a while. Persistent services: also until no persistence template is left, since templates bring clients back to a destination of weight 0, and every visit renews them. With net.ipv4.vs.expire_quiescent_template=1 the kernel no longer honours those templates, and they are not waited for.',
    'After a timeout or an interruption the weight stays 0; run it again to continue. It remembers the old weight (in a note in /run/ipvs-ts). The last destination with weight is not drained, unless --even-last is set.',
    'Progress goes to standard error: on a terminal it is one line that is overwritten.',
  ],
  options: {
    timeout: {
      short: 't',
      value: 'TIME',
      help: 'stop waiting after TIME (30s, 5m, 1h30m); by default it waits for ever',
    },
    keep: { short: 'k', help: 'keep it, with weight 0, instead of deleting it' },
    poll: { value: 'TIME', help: 'read the counters every TIME; 1s by default' },
    settle: {
      value: 'TIME',
      help: 'TCP and SCTP: TIME without packets counts as the end of connections that are being opened or closed; 4s by default; with less it may delete too early',
    },
    'grace-udp': {
      value: 'TIME',
      help: 'UDP and firewall marks: TIME without packets counts as the end; 10s by default; with less than 4s it may delete too early',
    },
    'even-last': { help: 'drain it even if no other destination of the service has weight' },
    force: FORCE_OPTION,
    socket: SOCKET_OPTION,
    json: { help: 'write a line of JSON to standard output for every reading and for the result' },
  },
  statuses: {
    0: 'drained',
    1: 'not drained: an error, the last destination with weight, or connections left after --timeout',
    130: 'interrupted by Ctrl-C',
    143: 'interrupted by SIGTERM',
  },
  failure: 1,
  hint: ipvsadmHint,
  async run(args, io) {
    const [service = '', destination = ''] = args.operands;
    const names = {
      service: serviceKeyText(parseServiceKey(service, 'SERVICE')),
      destination: destinationKeyText(parseDestinationKey(destination, 'DESTINATION')),
    };
    const options = drainOptions(args);
    const instead = `take it out with: ${io.programName} maintenance start ${names.service} ${names.destination}, or remove it from the document`;
    const reason = await refusal(args, io, () => [names.service], instead);
    if (reason !== undefined) throw new OwnedError(reason);
    await using ipvs = await io.open();
    const former = new FormerWeight(io, names.service, names.destination);
    const weight = former.begin((await weightOf(ipvs, names.service, names.destination)) ?? 0);
    const persistent = ((await ipvs.service(names.service)).persistence?.timeout ?? 0) > 0;
    const listener = args.has('json') ? jsonListener(io) : textListener(io, names.service, persistent);
    try {
      const onProgress = (progress: DrainProgress): void => listener.progress(progress);
      const { signal } = io;
      const result = await ipvs.drain(names.service, names.destination, { ...options, onProgress, signal });
      if (result.outcome !== 'kept') former.end();
      await listener.result({ ...result, weight: result.weight || weight });
      return 0;
    } catch (error) {
      await listener.failure(error);
      if (io.signal.aborted) {
        const now = await weightOf(ipvs, names.service, names.destination);
        const text = interruptedText(names.destination, now, weight);
        await io.stderr.write(`${io.programName} drain: ${text}\n`);
      }
      throw lastRefused(error);
    }
  },
};

function drainOptions(args: Arguments): DrainOptions {
  const time = (name: string): number | undefined => {
    const text = args.value(name);
    return text === undefined ? undefined : parseDuration(`--${name}`, text);
  };
  return {
    timeout: time('timeout'),
    poll: time('poll'),
    settle: time('settle'),
    graceUdp: time('grace-udp'),
    then: args.has('keep') ? 'keep' : 'delete',
    evenLast: args.has('even-last'),
  };
}

/** The current weight; undefined if it does not exist. */
async function weightOf(ipvs: Ipvs, service: string, name: DestinationName): Promise<number | undefined> {
  const all = await ipvs.destinations(service).catch((error: unknown) => {
    if (IpvsError.is(error, 'ERR_IPVS_SERVICE_NOT_FOUND')) return [];
    throw error;
  });
  return all.find(({ key }) => key === name)?.weight;
}

/** Replaces the library's option in the message with that of the command. */
function lastRefused(error: unknown): unknown {
  if (!IpvsError.is(error, 'ERR_IPVS_LAST_DESTINATION')) return error;
  return Object.assign(new Error(error.message.replace('say evenLast', 'use --even-last')), {
    code: error.code,
  });
}

function textListener(io: SubcommandIo, service: string, persistent: boolean): Listener {
  const line = new ProgressLine(io.stderr, io.env);
  let explained = !persistent;
  return {
    progress(progress) {
      if (!explained) line.say(persistenceText(service, progress));
      explained = true;
      const text = waitText(progress);
      line.show(`${durationText(progress.elapsed)}: ${text}`, text);
    },
    async result(result) {
      line.clear();
      await io.stdout.write(`${resultText(result)}\n`);
    },
    async failure() {
      line.clear();
    },
  };
}

function jsonListener(io: SubcommandIo): Listener {
  const write = (kind: string, value: object): Promise<void> =>
    io.stdout.write(`${JSON.stringify({ kind, ...value })}\n`);
  let written = Promise.resolve();
  return {
    progress(progress) {
      // Writes are sequential; a failed one fails the command at its end, but does not stop the drain.
      written = written.then(() => write('progress', timed(progress)));
      written.catch(() => undefined);
    },
    async result(result) {
      await written;
      await write('result', timed(result));
    },
    async failure(error) {
      await written.catch(() => undefined);
      const { code, message } = error as { code?: unknown; message?: unknown };
      await write('error', { code: code ?? null, message: String(message) });
    },
  };
}

/** The same for JSON: times with their unit in the name, in whole milliseconds. */
function timed({ elapsed, ...rest }: DrainProgress | DrainResult): object {
  return { ...rest, elapsedMilliseconds: Math.round(elapsed) };
}
