import { FORWARDING } from '../model/forwarding.js';
import { MAX_TIMEOUT } from '../model/persistence.js';
import { SCHEDULER_FLAGS } from '../model/service-flags.js';
import { CHECKSUMS, TUNNEL_TYPES } from '../model/tunnel.js';
import type { Field, Fields } from './field.js';

const MAX_INT = 0x7fff_ffff;

function integer(minimum: number, maximum: number, about: string, byDefault?: number): Field {
  return {
    kind: 'integer',
    minimum,
    maximum,
    about,
    ...(byDefault !== undefined && { byDefault }),
  };
}

const TUNNEL: Fields = {
  type: {
    kind: 'choice',
    choices: TUNNEL_TYPES,
    about: 'What packets are wrapped in. gue since Linux 5.2, gre since 5.3.',
    byDefault: 'ipip',
  },
  // 0 is what the kernel has where there is none.
  port: integer(0, 0xffff, 'UDP port: needed with gue, 1 to 65535; forbidden otherwise.'),
  checksum: {
    kind: 'choice',
    choices: CHECKSUMS,
    about: 'Checksum of the outer header: csum with gue and gre, remcsum with gue. Since Linux 5.3.',
    byDefault: 'none',
  },
};

/** The fields of a destination. */
export const DESTINATION: Fields = {
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
  tunnel: { kind: 'record', fields: TUNNEL, about: 'With forwarding tunnel only.' },
};

/** How long and how widely clients keep their destination. */
const PERSISTENCE: Fields = {
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

/** What a service has beside its destinations. */
export const SERVICE_SETTINGS: Fields = {
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
    fields: PERSISTENCE,
    about: 'Clients keep their destination.',
  },
};

/** The fields of a service. */
export const SERVICE: Fields = {
  ...SERVICE_SETTINGS,
  destinations: {
    kind: 'map',
    names: 'destination',
    fields: DESTINATION,
    about: 'Destinations by name. {}: it has none. Left out: those that are there stay as they are.',
  },
};

/** Timeouts of connections. */
export const TIMEOUTS: Fields = {
  tcp: integer(0, MAX_TIMEOUT, 'Established TCP connections, in seconds; 0: as it is.'),
  tcpFin: integer(0, MAX_TIMEOUT, 'TCP connections after a FIN, in seconds; 0: as it is.'),
  udp: integer(0, MAX_TIMEOUT, 'UDP, in seconds; 0: as it is.'),
};

/** The fields of a sync daemon. */
export const DAEMON: Fields = {
  interface: { kind: 'name', longest: 15, about: 'Interface to send or listen on.', required: true },
  syncId: integer(0, 255, 'Only daemons of one id talk to one another.', 0),
  maxLength: integer(1, 65_507, 'Longest message in bytes; left out: what fits the interface.'),
  group: { kind: 'group', about: 'Multicast group, IPv4 or IPv6; 224.0.0.81 where it is left out.' },
  port: integer(1, 0xffff, 'UDP port.', 8848),
  ttl: integer(1, 255, 'Time to live of the messages.', 1),
};

/** Sync daemons by their state. */
export const DAEMONS: Fields = {
  master: { kind: 'record', fields: DAEMON, about: 'The daemon that sends connections.' },
  backup: { kind: 'record', fields: DAEMON, about: 'The daemon that takes connections in.' },
};

/** The fields of a document of declared state. */
export const DOCUMENT_FIELDS: Fields = {
  services: {
    kind: 'map',
    names: 'service',
    fields: SERVICE,
    about: 'Services by name.',
    required: true,
  },
  timeouts: { kind: 'record', fields: TIMEOUTS, about: 'Timeouts of connections; those left out stay.' },
  daemons: {
    kind: 'record',
    fields: DAEMONS,
    about: 'Sync daemons; one that is left out stays, unless everything else is to go.',
  },
};
