/** The connection table: the kernel's text in another layout. */
import { addressText, parseAddress } from '@ipvs-ts/ipvs/verbs-sync';
import { endpointText, type NameLookup } from '../language/names.js';

/** The file with the connections of the reader's network namespace. */
export const CONNECTIONS_FILE = '/proc/net/ip_vs_conn';

/** The listing of `-l -c`; `engine` adds the columns of `--persistent-conn`. */
export function connectionsText(file: string, engine: boolean, names: NameLookup | undefined): string {
  const rows = file.split('\n').slice(1);
  const title = engine
    ? row(
        'pro',
        'expire',
        'state',
        'source',
        'virtual',
        'destination'.padEnd(18),
        'pe name'.padEnd(16),
        'pe_data',
      )
    : row('pro', 'expire', 'state', 'source', 'virtual', 'destination');
  const lines = ['IPVS connection entries', title];
  for (const text of rows) if (text !== '') lines.push(connectionLine(text, engine, names));
  return lines.map((line) => `${line}\n`).join('');
}

function connectionLine(text: string, engine: boolean, names: NameLookup | undefined): string {
  const [protocol = '', from = '', fromPort = '', to = '', toPort = '', real = '', realPort = '', ...more] =
    text.trim().split(/[ \t]+/);
  const [state = '', expires = '', engineName, engineData] = more;
  const name = (address: string, port: string): string =>
    endpointText(
      { address: wireAddress(address), port: Number.parseInt(port, 16) },
      protocol.toLowerCase(),
      names,
    );
  const source = name(from, fromPort);
  const virtual = name(to, toPort);
  const destination = name(real, realPort);
  const expire = clock(Number.parseInt(expires, 10));
  if (!engine || engineData === undefined) return row(protocol, expire, state, source, virtual, destination);
  return row(
    protocol,
    expire,
    state,
    source,
    virtual,
    destination.padEnd(16),
    (engineName ?? '').padEnd(18),
    engineData,
  );
}

function row(
  protocol: string,
  expire: string,
  state: string,
  source: string,
  virtual: string,
  ...rest: string[]
): string {
  return [
    protocol.padEnd(3),
    expire.padEnd(6),
    state.padEnd(11),
    source.padEnd(18),
    virtual.padEnd(18),
    ...rest,
  ].join(' ');
}

function clock(seconds: number): string {
  const part = (value: number): string => String(value).padStart(2, '0');
  return `${part(Math.floor(seconds / 60))}:${part(seconds % 60)}`;
}

/** The kernel writes IPv4 as eight hexadecimal digits and IPv6 as eight groups. */
function wireAddress(text: string): string {
  const address = parseAddress(text);
  if (address !== undefined) return addressText(address);
  const value = Number.parseInt(text, 16);
  return [value >>> 24, (value >>> 16) & 255, (value >>> 8) & 255, value & 255].join('.');
}
