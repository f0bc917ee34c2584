import { addressText } from '../model/address.js';
import type { DestinationKey } from '../model/key.js';

/** An address and a port. */
export type Endpoint = DestinationKey;

/** A connection, or the template that keeps a persistent client at its destination. */
export interface Connection {
  /** `tcp`, `udp`, `sctp`; `ip` for the templates of fwmark services. */
  readonly protocol: string;
  readonly client: Endpoint;
  /** The virtual address and port of the connection. Templates of fwmark services hold the mark as an address. */
  readonly virtual: Endpoint;
  readonly destination: Endpoint;
  /** The kernel's name of the state: `ESTABLISHED`, `SYN_RECV`, `FIN_WAIT`, `UDP` … */
  readonly state: string;
  /** Seconds until the kernel removes it if there are no packets. */
  readonly expires: number;
  /** Whether it is a persistence template: client port 0. */
  readonly template: boolean;
  /** Persistence engine of a template and its data, such as a SIP call id. */
  readonly engine?: string;
  readonly engineData?: string;
  /** Where it was created: on this director, or on the master that it is synchronised from. With `origins` only. */
  readonly origin?: 'local' | 'sync';
}

const ADDRESS = '((?:[0-9A-Fa-f]{8})|(?:[0-9A-Fa-f]{4}(?::[0-9A-Fa-f]{4}){7}))';
const ENDPOINT = `${ADDRESS}\\s+([0-9A-Fa-f]{4})`;
const START = `^\\s*([A-Z][\\w]*)\\s+${ENDPOINT}\\s+${ENDPOINT}\\s+${ENDPOINT}\\s+([A-Z][A-Z0-9_]*!?)`;

/** A line of /proc/net/ip_vs_conn; a template of a persistence engine has its name and data at the end. */
const PLAIN = new RegExp(`${START}\\s+(\\d{1,20})(?:\\s+(\\S+)\\s+(\\S.*?))?\\s*$`);

/** A line of /proc/net/ip_vs_conn_sync. */
const WITH_ORIGIN = new RegExp(`${START}\\s+(LOCAL|SYNC)\\s+(\\d{1,20})\\s*$`);

/** Whether a line is the title of the table. */
export function isTitle(line: string): boolean {
  return /^\s*Pro\s+FromIP\s/.test(line);
}

/** Reads a line of the table of connections, of ip_vs_conn_sync with `origins`; undefined for a malformed one. */
export function readConnection(line: string, origins: boolean): Connection | undefined {
  const found = (origins ? WITH_ORIGIN : PLAIN).exec(line);
  if (found === null) return undefined;
  const [, protocol, client, clientPort, virtual, virtualPort, address, port, state, ...rest] =
    found as unknown as [
      string,
      string,
      string,
      string,
      string,
      string,
      string,
      string,
      string,
      ...(string | undefined)[],
    ];
  // Both have the family of the connection; only the destination of a tunnel may have the other one.
  if (client.length !== virtual.length) return undefined;
  const [origin, expires, engine, data] = origins ? rest : [undefined, ...rest];
  const from = endpoint(client, clientPort);
  return {
    protocol: protocol.toLowerCase(),
    client: from,
    virtual: endpoint(virtual, virtualPort),
    destination: endpoint(address, port),
    state,
    expires: Number(expires),
    template: from.port === 0,
    ...(engine !== undefined && { engine, engineData: data ?? '' }),
    ...(origin !== undefined && { origin: origin === 'SYNC' ? 'sync' : 'local' }),
  };
}

/** IPv4 as 8 hexadecimal digits, IPv6 as eight full groups; the port as 4 hexadecimal digits. */
function endpoint(address: string, port: string): Endpoint {
  const bytes = Uint8Array.from(Buffer.from(address.replaceAll(':', ''), 'hex'));
  return {
    address: addressText({ family: bytes.length === 4 ? 'ipv4' : 'ipv6', bytes }),
    port: parseInt(port, 16),
  };
}
