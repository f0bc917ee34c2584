import type { Values, ReaderOf } from '@ipvs-ts/netlink';
import { checkChoice, type Checks, THROW } from '../argument-checks.js';
import { type Address, formatAddress, parseAddress } from './address.js';
import { checkFields, type Fields } from './field.js';
import { DAEMON_FIELDS } from './fields.js';
import type { DAEMON } from '../schema/daemon.js';

/** A master sends its connections, a backup receives them. A namespace can have one of each. */
export type DaemonState = (typeof DAEMON_STATES)[number];

/** `IP_VS_STATE_*`, in the order of their numbers, which count from 1. */
export const DAEMON_STATES = ['master', 'backup'] as const;

/** Options of a sync daemon to start. */
export interface DaemonOptions {
  readonly state: DaemonState;
  /** Interface to send or listen on, at most 15 characters. */
  readonly interface: string;
  /** 0 to 255, 0 by default: only daemons with the same id exchange messages. */
  readonly syncId?: number | undefined;
  /**
   * Longest message in bytes, 1 to 65507; by default what fits the interface. The kernel adjusts it to its own limits.
   */
  readonly maxLength?: number | undefined;
  /** Multicast group, IPv4 or IPv6; 224.0.0.81 by default. */
  readonly group?: string | undefined;
  /** UDP port, 1 to 65535; 8848 by default. */
  readonly port?: number | undefined;
  /** Time to live of the messages, 1 to 255; 1 by default. */
  readonly ttl?: number | undefined;
}

/** A running sync daemon. */
export interface Daemon {
  readonly state: DaemonState;
  readonly interface: string;
  readonly syncId: number;
  /** 0 if the kernel does not report it (before Linux 4.3), as for the next three. */
  readonly maxLength: number;
  readonly group: string | undefined;
  readonly port: number;
  readonly ttl: number;
}

type DaemonAttributes = (typeof DAEMON)['attributes'];

/** The options of a sync daemon with its state, which is its name in documents. */
const OPTIONS: Fields = {
  state: { kind: 'choice', choices: DAEMON_STATES, about: 'Whether it sends or listens.', required: true },
  ...DAEMON_FIELDS,
};

/** The attributes of a sync daemon to start. Throws the first mistake in `options`. */
export function daemonValues(options: DaemonOptions, checks: Checks): Values<DaemonAttributes> {
  checkFields(THROW, 'daemon', options, OPTIONS, { checks });
  const { maxLength, port, ttl, group } = options;
  return {
    ...daemonId(options.state),
    interface: options.interface,
    syncId: options.syncId ?? 0,
    ...(maxLength !== undefined && { maxLength }),
    ...(port !== undefined && { port }),
    ...(ttl !== undefined && { ttl }),
    ...(group !== undefined && groupValues(group)),
  };
}

/** The attribute that says whether it is master or backup. */
export function daemonId(state: DaemonState): Values<DaemonAttributes> {
  return { state: DAEMON_STATES.indexOf(checkChoice('daemon.state', state, DAEMON_STATES)) + 1 };
}

function groupValues(group: string): Values<DaemonAttributes> {
  const { family, bytes } = parseAddress(group) as Address;
  return family === 'ipv4' ? { group: bytes } : { group6: bytes };
}

/** Makes a sync daemon from a message. */
export function readDaemon(reader: ReaderOf<DaemonAttributes>): Daemon {
  const group = reader.payload('group', 4);
  const group6 = reader.payload('group6', 16);
  return {
    state: reader.need('state') === 2 ? 'backup' : 'master',
    interface: reader.interface ?? '',
    syncId: reader.syncId ?? 0,
    maxLength: reader.maxLength ?? 0,
    group:
      group !== undefined
        ? formatAddress('ipv4', reader.view, group)
        : group6 === undefined
          ? undefined
          : formatAddress('ipv6', reader.view, group6),
    port: reader.port ?? 0,
    ttl: reader.ttl ?? 0,
  };
}
