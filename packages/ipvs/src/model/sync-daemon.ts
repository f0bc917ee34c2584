import type { Values, ReaderOf } from '@ipvs-ts/netlink';
import { formatAddress, parseAddress } from './address.js';
import {
  checkChoice,
  checkInteger,
  type Checks,
  checkOptions,
  nameCheck,
  outOfRange,
  wrongType,
} from '../argument-checks.js';
import type { DAEMON } from '../schema/daemon.js';

/** A master sends the connections that it makes, a backup takes them in. One of each may run in a namespace. */
export type DaemonState = (typeof DAEMON_STATES)[number];

/** `IP_VS_STATE_*`, in the order of their numbers. */
export const DAEMON_STATES = ['master', 'backup'] as const;

/** A sync daemon to be started. */
export interface DaemonOptions {
  readonly state: DaemonState;
  /** Interface to send or listen on, at most 15 characters. */
  readonly interface: string;
  /** 0 to 255, 0 by default: only daemons of one id talk to one another. */
  readonly syncId?: number | undefined;
  /** Longest message in bytes, 1 to 65507; by default what fits the interface. The kernel rounds it to what it can do. */
  readonly maxLength?: number | undefined;
  /** Multicast group, IPv4 or IPv6; 224.0.0.81 by default. */
  readonly group?: string | undefined;
  /** UDP port, 1 to 65535; 8848 by default. */
  readonly port?: number | undefined;
  /** Time to live of the messages, 1 to 255; 1 by default. */
  readonly ttl?: number | undefined;
}

/** A sync daemon as it runs. */
export interface Daemon {
  readonly state: DaemonState;
  readonly interface: string;
  readonly syncId: number;
  /** 0 where the kernel does not tell (before Linux 4.3), as with the next three. */
  readonly maxLength: number;
  readonly group: string | undefined;
  readonly port: number;
  readonly ttl: number;
}

type DaemonAttributes = (typeof DAEMON)['attributes'];

const OPTIONS = ['state', 'interface', 'syncId', 'maxLength', 'group', 'port', 'ttl'];

export function daemonValues(options: DaemonOptions, checks: Checks): Values<DaemonAttributes> {
  checkOptions('daemon', options, OPTIONS);
  const { maxLength, port, ttl } = options;
  return {
    ...daemonId(options.state),
    interface: nameCheck(checks)('daemon.interface', options.interface, 15),
    syncId: checkInteger('daemon.syncId', options.syncId ?? 0, 0, 255),
    ...(maxLength !== undefined && { maxLength: checkInteger('daemon.maxLength', maxLength, 1, 65507) }),
    ...(port !== undefined && { port: checkInteger('daemon.port', port, 1, 0xffff) }),
    ...(ttl !== undefined && { ttl: checkInteger('daemon.ttl', ttl, 1, 255) }),
    ...(options.group !== undefined && groupValues(options.group)),
  };
}

/** The attribute that tells the master from the backup. */
export function daemonId(state: DaemonState): Values<DaemonAttributes> {
  return { state: DAEMON_STATES.indexOf(checkChoice('daemon.state', state, DAEMON_STATES)) + 1 };
}

function groupValues(group: string): Values<DaemonAttributes> {
  const allowed = 'an IPv4 or IPv6 multicast address';
  if (typeof group !== 'string') throw wrongType('daemon.group', allowed, group);
  const address = parseAddress(group);
  if (address === undefined) throw outOfRange('daemon.group', allowed, group);
  const first = address.bytes[0] as number;
  if (address.family === 'ipv4') {
    if ((first & 0xf0) !== 0xe0) throw outOfRange('daemon.group', allowed, group);
    return { group: address.bytes };
  }
  if (first !== 0xff) throw outOfRange('daemon.group', allowed, group);
  return { group6: address.bytes };
}

export function readDaemon(window: ReaderOf<DaemonAttributes>): Daemon {
  const group = window.payload('group', 4);
  const group6 = window.payload('group6', 16);
  return {
    state: window.need('state') === 2 ? 'backup' : 'master',
    interface: window.interface ?? '',
    syncId: window.syncId ?? 0,
    maxLength: window.maxLength ?? 0,
    group:
      group !== undefined
        ? formatAddress('ipv4', window.view, group)
        : group6 === undefined
          ? undefined
          : formatAddress('ipv6', window.view, group6),
    port: window.port ?? 0,
    ttl: window.ttl ?? 0,
  };
}
