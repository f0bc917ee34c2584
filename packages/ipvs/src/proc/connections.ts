import { addressText } from '../model/address.js';
import { checkOptions } from '../argument-checks.js';
import {
  type DestinationKey,
  type DestinationName,
  parseDestinationKey,
  parseServiceKey,
  type ServiceName,
} from '../model/key.js';

/** An address and a port. */
export type Endpoint = DestinationKey;

/** A connection, or the template that keeps a persistent client at its destination. */
export interface Connection {
  /** `tcp`, `udp`, `sctp`; `ip` for the templates of fwmark services. */
  readonly protocol: string;
  readonly client: Endpoint;
  /** The virtual address and port that it came to. Templates of fwmark services hold the mark as an address. */
  readonly virtual: Endpoint;
  readonly destination: Endpoint;
  /** The kernel's word: `ESTABLISHED`, `SYN_RECV`, `FIN_WAIT`, `UDP` … */
  readonly state: string;
  /** Seconds until the kernel forgets it, if no packet comes. */
  readonly expires: number;
  /** Whether it is a persistence template: client port 0. */
  readonly template: boolean;
  /** Persistence engine of a template and its data, such as a SIP call id. */
  readonly engine?: string;
  readonly engineData?: string;
  /** Who made it: this director, or the master that it is synchronised from. With `origins` only. */
  readonly origin?: 'local' | 'sync';
}

/** Which connections to give. */
export interface ConnectionFilter {
  /** Those that came to a service by protocol, address and port. Connections do not tell of firewall marks. */
  readonly service?: ServiceName | undefined;
  readonly destination?: DestinationName | undefined;
  /** Client address. */
  readonly client?: string | undefined;
  readonly state?: string | undefined;
  /** Tell who made each; persistence engines are not told then. */
  readonly origins?: boolean | undefined;
}

const OPTIONS = ['service', 'destination', 'client', 'state', 'origins', 'signal'];

/** The file to read, and the choice among its lines. */
export interface ConnectionQuery {
  readonly path: string;
  /** The connection of a line; undefined for the title, and for what is not asked for. */
  read(line: string): Connection | undefined;
}

/** Checks a filter. */
export function connectionQuery(filter: ConnectionFilter = {}): ConnectionQuery {
  checkOptions('filter', filter, OPTIONS);
  const origins = filter.origins === true;
  const wanted = tests(filter);
  return {
    path: origins ? '/proc/thread-self/net/ip_vs_conn_sync' : '/proc/thread-self/net/ip_vs_conn',
    read: (line) => {
      const connection = parseConnection(line, origins);
      return connection !== undefined && wanted.every((test) => test(connection)) ? connection : undefined;
    },
  };
}

function tests({
  service,
  destination,
  client,
  state,
}: ConnectionFilter): ((connection: Connection) => boolean)[] {
  const found: ((connection: Connection) => boolean)[] = [];
  if (service !== undefined) {
    const key = parseServiceKey(service, 'filter.service');
    found.push(
      ({ protocol, virtual }) => key.fwmark === undefined && protocol === key.protocol && same(virtual, key),
    );
  }
  if (destination !== undefined) {
    const key = parseDestinationKey(destination, 'filter.destination');
    found.push((connection) => same(connection.destination, key));
  }
  if (client !== undefined) {
    const { address } = parseDestinationKey({ address: client, port: 0 }, 'filter.client');
    found.push((connection) => connection.client.address === address);
  }
  if (state !== undefined) found.push((connection) => connection.state === state);
  return found;
}

function same(left: Endpoint, right: Endpoint): boolean {
  return left.address === right.address && left.port === right.port;
}

/** Reads a line of /proc/net/ip_vs_conn or, with `origins`, of ip_vs_conn_sync. */
export function parseConnection(line: string, origins: boolean): Connection | undefined {
  const fields = line.trim().split(/\s+/);
  const [
    protocol,
    client,
    clientPort,
    virtual,
    virtualPort,
    destination,
    destinationPort,
    state,
    next,
    after,
    data,
  ] = fields;
  if (after === undefined && next === undefined) return undefined;
  if (protocol === 'Pro' && client === 'FromIP') return undefined;
  const [origin, expires] = origins ? [next, after] : [undefined, next];
  const from = endpoint(client, clientPort);
  return {
    protocol: (protocol as string).toLowerCase(),
    client: from,
    virtual: endpoint(virtual, virtualPort),
    destination: endpoint(destination, destinationPort),
    state: state as string,
    expires: Number(expires),
    template: from.port === 0,
    ...(!origins && after !== undefined && { engine: after, engineData: data ?? '' }),
    ...(origin !== undefined && { origin: origin === 'SYNC' ? 'sync' : 'local' }),
  };
}

/** IPv4 as 8 hexadecimal digits, IPv6 as eight full groups; the port as 4 hexadecimal digits. */
function endpoint(address = '', port = ''): Endpoint {
  const bytes = Uint8Array.from(Buffer.from(address.replaceAll(':', ''), 'hex'));
  return {
    address: addressText({ family: bytes.length === 4 ? 'ipv4' : 'ipv6', bytes }),
    port: parseInt(port, 16),
  };
}
