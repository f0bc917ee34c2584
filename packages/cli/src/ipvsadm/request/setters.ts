/** The effect of each option on the request; the compiler checks that none is missing. */
import { MESSAGES, refuse } from '../language/messages.js';
import type { OptionName } from '../language/options.js';
import { parseEndpoint } from '../values/address.js';
import { parseGroup, parseGroupPort, parseGroupTtl, parseMaxLength, parseSyncId } from '../values/daemon.js';
import { parseFwmark } from '../values/fwmark.js';
import { parseNetmask4, parseNetmask6 } from '../values/netmask.js';
import { parseLowerThreshold, parseUpperThreshold, parseWeight } from '../values/server.js';
import { cutBytes } from '../values/text.js';
import { parsePersistence } from '../values/timeout.js';
import { parseTunnelPort, parseTunnelType } from '../values/tunnel.js';
import type { CommandRequest, RequestedServer, RequestedService } from './request.js';
import type { NameLookup } from '../language/names.js';

/** Sizes of the kernel's name fields, in bytes; those for schedulers and interfaces end with a zero byte. */
const FIELD = { scheduler: 15, engine: 16, interface: 15 } as const;

type Setter = (request: CommandRequest, value: string, names: NameLookup) => void;

const nothing: Setter = () => undefined;

/** The options' effects. `persistent` is called with the empty text only when its argument is empty. */
export const SETTERS: Record<Exclude<OptionName, 'persistent'>, Setter> = {
  'tcp-service': virtual('tcp'),
  'udp-service': virtual('udp'),
  'sctp-service': virtual('sctp'),
  'fwmark-service': ({ service }, value) => {
    service.family = 'ipv4';
    service.protocol = 'tcp';
    service.fwmark = parseFwmark(value);
  },
  ipv6: ({ service }) => {
    if (service.fwmark === 0) refuse(MESSAGES.ipv6BeforeFwmark);
    service.family = 'ipv6';
    service.address = '::';
    service.netmask = undefined;
  },
  scheduler: ({ service }, value) => {
    service.scheduler = cutBytes(value, FIELD.scheduler);
  },
  pe: ({ service }, value) => {
    service.engine = cutBytes(value, FIELD.engine);
  },
  netmask: ({ service }, value, names) => {
    service.netmask = service.family === 'ipv4' ? parseNetmask4(value, names) : parseNetmask6(value);
  },
  ops: ({ service }) => {
    service.onePacket = true;
  },
  // The list is read after all options, when the scheduler is known.
  'sched-flags': nothing,

  'real-server': realServer,
  gatewaying: forwarding('route'),
  ipip: forwarding('tunnel'),
  masquerading: forwarding('masq'),
  weight: ({ server }, value) => {
    server.weight = parseWeight(value);
  },
  'u-threshold': ({ server }, value) => {
    server.upperThreshold = parseUpperThreshold(value);
  },
  'l-threshold': ({ server }, value) => {
    server.lowerThreshold = parseLowerThreshold(value);
  },
  'tun-type': ({ server }, value) => {
    server.tunnelType = parseTunnelType(value);
  },
  'tun-port': ({ server }, value) => {
    server.tunnelPort = parseTunnelPort(value);
  },
  'tun-nocsum': checksum('none'),
  'tun-csum': checksum('csum'),
  'tun-remcsum': checksum('remcsum'),

  syncid: ({ daemon }, value) => {
    daemon.syncId = parseSyncId(value);
  },
  'sync-maxlen': ({ daemon }, value) => {
    daemon.maxLength = parseMaxLength(value);
  },
  'mcast-interface': ({ daemon }, value) => {
    daemon.interface = cutBytes(value, FIELD.interface);
  },
  'mcast-group': ({ daemon }, value) => {
    daemon.group = parseGroup(value);
  },
  'mcast-port': ({ daemon }, value) => {
    daemon.port = parseGroupPort(value);
  },
  'mcast-ttl': ({ daemon }, value) => {
    daemon.ttl = parseGroupTtl(value);
  },

  // Only their presence matters.
  connection: nothing,
  timeout: nothing,
  daemon: nothing,
  stats: nothing,
  rate: nothing,
  exact: nothing,
  thresholds: nothing,
  'persistent-conn': nothing,
  'tun-info': nothing,
  nosort: nothing,
  sort: nothing,
  numeric: nothing,
};

/** `-p`, whose value may be absent. */
export function setPersistence(service: RequestedService, value: string | undefined): void {
  service.persistence = parsePersistence(value);
}

function virtual(protocol: NonNullable<RequestedService['protocol']>): Setter {
  return ({ service }, value, names) => {
    service.protocol = protocol;
    const endpoint = parseEndpoint(value, protocol, names) ?? refuse(MESSAGES.virtualAddress);
    service.family = endpoint.family;
    service.address = endpoint.address;
    service.port = endpoint.port ?? 0;
    // A mask before the address was read as an IPv4 mask; an IPv6 address resets it to the whole address.
    if (endpoint.family === 'ipv6') service.netmask = undefined;
  };
}

function realServer({ service, server }: CommandRequest, value: string, names: NameLookup): void {
  const endpoint = parseEndpoint(value, service.protocol, names) ?? refuse(MESSAGES.realAddress);
  server.family = endpoint.family;
  server.address = endpoint.address;
  server.port = endpoint.port ?? service.port;
}

function forwarding(method: RequestedServer['forwarding']): Setter {
  return ({ server }) => {
    server.forwarding = method;
  };
}

function checksum(mode: RequestedServer['tunnelChecksum']): Setter {
  return ({ server }) => {
    server.tunnelChecksum = mode;
  };
}
