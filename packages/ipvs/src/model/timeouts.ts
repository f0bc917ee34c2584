import type { Values, ReaderOf } from '@ipvs-ts/netlink';
import { conflict, THROW } from '../argument-checks.js';
import { checkFields } from './field.js';
import { TIMEOUT_FIELDS } from './fields.js';
import type { MESSAGE } from '../schema/message.js';

/** For how many seconds connections without packets are kept, in this network namespace. */
export interface Timeouts {
  /** Established TCP connections; 900 by default. */
  readonly tcp: number;
  /** TCP connections after a FIN; 120 by default. */
  readonly tcpFin: number;
  /** UDP; 300 by default. */
  readonly udp: number;
}

type Message = (typeof MESSAGE)['attributes'];

/** Timeouts to set. Those that are absent or 0 do not change. */
export type TimeoutOptions = { readonly [K in keyof Timeouts]?: number | undefined };

/** The attributes of timeouts to set. Throws the first mistake, and if there is none to set. */
export function timeoutValues(options: TimeoutOptions): Values<Message> {
  checkFields(THROW, 'timeouts', options, TIMEOUT_FIELDS);
  const { tcp, tcpFin, udp } = options;
  if (tcp === undefined && tcpFin === undefined && udp === undefined)
    throw conflict('timeouts', 'set at least one of tcp, tcpFin and udp');
  return { tcp, tcpFin, udp };
}

/** Reads timeouts. If the kernel was built without a protocol, its timeout is absent from the message: 0 then. */
export function readTimeouts(reader: ReaderOf<Message>): Timeouts {
  return { tcp: reader.tcp ?? 0, tcpFin: reader.tcpFin ?? 0, udp: reader.udp ?? 0 };
}
