import type { Values, ReaderOf } from '@ipvs-ts/netlink';
import { checkInteger, checkOptions, conflict } from '../argument-checks.js';
import { MAX_TIMEOUT } from './persistence.js';
import type { MESSAGE } from '../schema/message.js';

/** How long connections without packets live, in seconds, in this network namespace. */
export interface Timeouts {
  /** Established TCP connections; 900 by default. */
  readonly tcp: number;
  /** TCP connections after a FIN; 120 by default. */
  readonly tcpFin: number;
  /** UDP; 300 by default. */
  readonly udp: number;
}

type Message = (typeof MESSAGE)['attributes'];

/** Timeouts to set. What is absent or 0 stays as it is. */
export type TimeoutOptions = { readonly [K in keyof Timeouts]?: number | undefined };

/** Checks timeouts: 0 to 2678400 seconds (31 days) each, and at least one. */
export function timeoutValues(options: TimeoutOptions): Values<Message> {
  checkOptions('timeouts', options, ['tcp', 'tcpFin', 'udp']);
  const check = (name: keyof Timeouts): number | undefined => {
    const value = options[name];
    return value === undefined ? undefined : checkInteger(`timeouts.${name}`, value, 0, MAX_TIMEOUT);
  };
  const values = { tcp: check('tcp'), tcpFin: check('tcpFin'), udp: check('udp') };
  if (Object.values(values).every((value) => value === undefined)) {
    throw conflict('timeouts', 'give at least one of tcp, tcpFin and udp');
  }
  return values;
}

/** A timeout is absent from the message where the kernel was built without the protocol: 0 then. */
export function readTimeouts(window: ReaderOf<Message>): Timeouts {
  return { tcp: window.tcp ?? 0, tcpFin: window.tcpFin ?? 0, udp: window.udp ?? 0 };
}
