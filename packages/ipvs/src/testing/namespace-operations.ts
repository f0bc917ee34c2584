import { ERRNO, type ReaderOf } from '@ipvs-ts/netlink';
import { AF } from '../model/address.js';
import { DAEMON } from '../schema/daemon.js';
import { INFO, MESSAGE } from '../schema/message.js';
import type { Model, TimeoutTable } from './model.js';
import { parse, payload, zeroFilled } from './parse.js';
import { DONE, refuse, type Result } from './result.js';

type Message = ReaderOf<(typeof MESSAGE)['attributes']>;

/** 1.2.1 */
const VERSION = 0x010201;
const DEFAULT_GROUP = Uint8Array.of(224, 0, 0, 81);
const TIMEOUTS = ['tcp', 'tcpFin', 'udp'] as const satisfies readonly (keyof TimeoutTable)[];

export function getInfoOperation({ connections }: Model): Result {
  const values = { version: VERSION, connectionTableSize: connections.size };
  return { errno: 0, bodies: [{ command: 14, write: (writer) => INFO.encode(writer, values) }] };
}

export function getConfigOperation({ timeouts }: Model): Result {
  const values = { ...timeouts };
  return { errno: 0, bodies: [{ command: 12, write: (writer) => MESSAGE.encode(writer, values) }] };
}

/** 0 and absent values keep the current one; nothing changes if a value is out of range. */
export function setConfigOperation({ timeouts, traits }: Model, message: Message): Result {
  const longest = Math.floor(0x7fff_ffff / traits.hz);
  const asked = TIMEOUTS.map((name) => [name, message[name] ?? 0] as const);
  if (asked.some(([, seconds]) => seconds > longest)) return refuse(ERRNO.EINVAL);
  for (const [name, seconds] of asked) if (seconds !== 0) timeouts[name] = seconds;
  return DONE;
}

export function newDaemonOperation(model: Model, message: Message, start: number): Result {
  const nest = payload(message, 'daemon');
  if (nest === undefined) return refuse(ERRNO.EINVAL);
  const { errno, reader, remark } = parse(DAEMON, message.view, nest.start, nest.end, start);
  if (errno !== 0) return refuse(ERRNO.EINVAL, remark);
  const { state, interface: name, syncId, maxLength = 0, port = 0, ttl = 0 } = reader;
  if (state === undefined || name === undefined || syncId === undefined) return refuse(ERRNO.EINVAL, remark);
  const group = zeroFilled(reader, 'group', 4);
  const group6 = zeroFilled(reader, 'group6', 16);
  // An IPv4 group takes precedence.
  const family = group === undefined && group6 !== undefined ? AF.ipv6 : AF.ipv4;
  const chosen = group ?? group6 ?? DEFAULT_GROUP;
  const multicast = family === AF.ipv6 ? chosen[0] === 0xff : ((chosen[0] as number) & 0xf0) === 0xe0;
  if (!multicast || hasMixedFamilies(model)) return refuse(ERRNO.EINVAL, remark);
  const daemon = { state, interface: name, syncId, maxLength, family, group: chosen, port, ttl };
  return refuse(model.daemons.start(daemon), remark);
}

/** The messages of sync daemons cannot name a destination of another family than its service. */
function hasMixedFamilies({ services }: Model): boolean {
  return services
    .all()
    .some((service) =>
      service.destinations.some(({ identity }) => identity.family !== service.identity.family),
    );
}

export function deleteDaemonOperation(model: Model, message: Message, start: number): Result {
  const nest = payload(message, 'daemon');
  if (nest === undefined) return refuse(ERRNO.EINVAL);
  const { errno, reader, remark } = parse(DAEMON, message.view, nest.start, nest.end, start);
  if (errno !== 0 || reader.state === undefined) return refuse(ERRNO.EINVAL, remark);
  const stopped = model.daemons.stop(reader.state);
  return { errno: stopped, remark, silent: stopped === 0 && model.settings.loseDaemonAnswers };
}

export function dumpDaemonsOperation({ daemons }: Model): Result {
  return { errno: 0, bodies: daemons.bodies() };
}
