import { checkOptions } from '../argument-checks.js';
import {
  type DestinationName,
  parseDestinationKey,
  parseServiceKey,
  type ServiceName,
} from '../model/key.js';
import { type Connection, type Endpoint, isTitle, readConnection } from './connection-line.js';
import { malformedLine } from './malformed.js';

/** Which connections to return. */
export interface ConnectionFilter {
  /** Connections to a service by protocol, address and port. Connections do not have firewall marks. */
  readonly service?: ServiceName | undefined;
  readonly destination?: DestinationName | undefined;
  /** Client address. */
  readonly client?: string | undefined;
  readonly state?: string | undefined;
  /** Whether to add where each connection was created. The kernel leaves out persistence engines then. */
  readonly origins?: boolean | undefined;
}

const OPTIONS = ['service', 'destination', 'client', 'state', 'origins', 'signal'];

/** The operation in errors of reading connections. */
export const LIST_CONNECTIONS = 'list the connections';

/** The file to read, and which of its lines to return. */
export interface ConnectionQuery {
  readonly path: string;
  /**
   * Returns the connection of line `number`, from 1; undefined for the title, and for a connection that was not
   * requested. Throws ERR_IPVS_PROC for a malformed line.
   */
  read(line: string, number?: number): Connection | undefined;
}

const FILES = {
  plain: '/proc/thread-self/net/ip_vs_conn',
  origins: '/proc/thread-self/net/ip_vs_conn_sync',
} as const;

const COLUMNS = {
  plain: 'a protocol, three addresses with ports, a state and seconds',
  origins: 'a protocol, three addresses with ports, a state, LOCAL or SYNC, and seconds',
} as const;

/** Checks a filter. */
export function connectionQuery(filter: ConnectionFilter = {}): ConnectionQuery {
  checkOptions('filter', filter, OPTIONS);
  const origins = filter.origins === true;
  const wanted = tests(filter);
  return {
    path: FILES[origins ? 'origins' : 'plain'],
    read: (line, number) => {
      const connection = parseConnection(line, origins, number);
      return connection !== undefined && wanted.every((test) => test(connection)) ? connection : undefined;
    },
  };
}

/**
 * Reads a line of /proc/net/ip_vs_conn or, with `origins`, of ip_vs_conn_sync; undefined for the title and for an empty
 * line. Throws ERR_IPVS_PROC for a malformed one.
 */
export function parseConnection(line: string, origins: boolean, number = 1): Connection | undefined {
  if (line.trim() === '' || (number === 1 && isTitle(line))) return undefined;
  const connection = readConnection(line, origins);
  const kind = origins ? 'origins' : 'plain';
  if (connection === undefined)
    throw malformedLine(LIST_CONNECTIONS, FILES[kind], number, COLUMNS[kind], line);
  return connection;
}

/** The connections of `query` in the lines of its file. Throws ERR_IPVS_PROC for a malformed line. */
export function* connectionsIn(
  lines: Iterable<string>,
  query: ConnectionQuery,
): Generator<Connection, void, undefined> {
  let number = 0;
  for (const line of lines) {
    const connection = query.read(line, ++number);
    if (connection !== undefined) yield connection;
  }
  checkTitle(number, query);
}

/** The same for lines that are read asynchronously. Rejects with the reason of `signal` once that is aborted. */
export async function* connectionsInAsync(
  lines: AsyncIterable<string>,
  query: ConnectionQuery,
  signal: AbortSignal | undefined,
): AsyncGenerator<Connection, void, undefined> {
  let number = 0;
  for await (const line of lines) {
    signal?.throwIfAborted();
    const connection = query.read(line, ++number);
    if (connection !== undefined) yield connection;
  }
  checkTitle(number, query);
}

/** The kernel always writes the title: a file without lines was not read. */
function checkTitle(count: number, { path }: ConnectionQuery): void {
  if (count === 0) throw malformedLine(LIST_CONNECTIONS, path, 1, 'the titles of the columns', undefined);
}

type Test = (connection: Connection) => boolean;

function tests({ service, destination, client, state }: ConnectionFilter): Test[] {
  const found: Test[] = [];
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
