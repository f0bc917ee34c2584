import { objectMistake } from '../argument-checks.js';
import { type Fields, integer } from './field.js';
import { FORWARDING } from './forwarding.js';
import { PROTOCOLS } from '../schema/protocol.js';
import type { ServiceKey } from './key.js';
import { SCHEDULER_FLAGS, SCHEDULERS } from './service-flags.js';
import { CHECKSUMS, TUNNEL_TYPES } from './tunnel.js';

/** All fields that can be set: for the arguments of the API, for documents and for their JSON Schema. */

const MAX_INT = 0x7fff_ffff;

/** The longest timeout: 31 days, which is ipvsadm's limit. Higher values wrap around silently in the kernel. */
const MAX_TIMEOUT = 31 * 24 * 3600;

/** The options of a tunnel. */
const TUNNEL_FIELDS: Fields = {
  type: {
    kind: 'choice',
    choices: TUNNEL_TYPES,
    about: 'What packets are wrapped in. gue since Linux 5.2, gre since 5.3.',
    byDefault: 'ipip',
  },
  // The kernel stores 0 if there is none.
  port: integer(0, 0xffff, 'UDP port: needed with gue, 1 to 65535; forbidden otherwise.'),
  checksum: {
    kind: 'choice',
    choices: CHECKSUMS,
    about: 'Checksum of the outer header: csum with gue and gre, remcsum with gue. Since Linux 5.3.',
    byDefault: 'none',
  },
};

/** The options of a destination. */
export const DESTINATION_FIELDS: Fields = {
  forwarding: {
    kind: 'choice',
    choices: FORWARDING,
    about: 'How packets reach it: masq (LVS-NAT), route (LVS-DR), tunnel (LVS-TUN), local, bypass.',
    byDefault: 'route',
  },
  weight: integer(0, MAX_INT, 'Share of the load; 0 takes no new connections.', 1),
  upperThreshold: integer(0, MAX_INT, 'Connections at which it takes no more; 0 is no limit.', 0),
  lowerThreshold: integer(
    0,
    MAX_INT,
    'Connections below which it takes some again, at most the upper threshold; 0 is three quarters of that.',
    0,
  ),
  tunnel: { kind: 'record', fields: TUNNEL_FIELDS, about: 'With forwarding tunnel only.' },
};

/** For how long, and for which networks, clients keep their destination. */
const PERSISTENCE_FIELDS: Fields = {
  timeout: {
    ...integer(0, MAX_TIMEOUT, 'Seconds; 0: not persistent, netmask and engine are only stored.'),
    required: true,
  },
  netmask: {
    kind: 'netmask',
    about: 'Clients of one network count as one. IPv4: dotted mask or prefix length; IPv6: 1 to 128.',
  },
  engine: { kind: 'name', longest: 16, about: 'Persistence engine: sip is the one in the kernel.' },
};

/** The options of a service. */
export const SERVICE_FIELDS: Fields = {
  scheduler: {
    kind: 'name',
    longest: 15,
    about: 'How destinations are chosen, for instance rr, wrr, wlc, sh or mh; none for no scheduling.',
    byDefault: 'wlc',
  },
  flags: {
    kind: 'choices',
    choices: SCHEDULER_FLAGS,
    about: 'Flags of the scheduler: those of sh and mh with these only, flag-1 to flag-3 with any.',
  },
  onePacket: {
    kind: 'boolean',
    about: 'Each packet is scheduled for itself: UDP and fwmark services only.',
    byDefault: false,
  },
  persistence: {
    kind: 'record',
    fields: PERSISTENCE_FIELDS,
    about: 'Clients keep their destination.',
  },
};

/** Timeouts of connections. */
export const TIMEOUT_FIELDS: Fields = {
  tcp: integer(0, MAX_TIMEOUT, 'Established TCP connections, in seconds; 0: as it is.'),
  tcpFin: integer(0, MAX_TIMEOUT, 'TCP connections after a FIN, in seconds; 0: as it is.'),
  udp: integer(0, MAX_TIMEOUT, 'UDP, in seconds; 0: as it is.'),
};

/** The options of a sync daemon, apart from its state. */
export const DAEMON_FIELDS: Fields = {
  interface: { kind: 'name', longest: 15, about: 'Interface to send or listen on.', required: true },
  syncId: integer(0, 255, 'Only daemons of one id talk to one another.', 0),
  maxLength: integer(1, 65_507, 'Longest message in bytes; left out: what fits the interface.'),
  group: { kind: 'group', about: 'Multicast group, IPv4 or IPv6; 224.0.0.81 where it is left out.' },
  port: integer(1, 0xffff, 'UDP port.', 8848),
  ttl: integer(1, 255, 'Time to live of the messages.', 1),
};

/** Whether the options of a service certainly have no mistake: without a look at anything unusual. */
export function isPlainService(key: ServiceKey | undefined, options: unknown, fields: Fields): boolean {
  if (key === undefined || key.fwmark !== undefined || key.port === 0) return false;
  if (!Object.hasOwn(PROTOCOLS, key.protocol) || objectMistake(options) !== undefined) return false;
  for (const name of Object.keys(options as object)) {
    const value = (options as Readonly<Record<string, unknown>>)[name];
    switch (name) {
      case 'scheduler':
        if (!(SCHEDULERS as readonly unknown[]).includes(value)) return false;
        break;
      case 'flags':
        if (!Array.isArray(value) || value.length > 0) return false;
        break;
      case 'onePacket':
        if (value !== false) return false;
        break;
      case 'destinations':
        if (fields['destinations']?.kind !== 'map' || objectMistake(value) !== undefined) return false;
        break;
      default:
        return false;
    }
  }
  return true;
}
