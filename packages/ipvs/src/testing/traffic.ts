import { AF, parseAddress } from '../model/address.js';
import type { Counters as Totals } from '../model/counters.js';
import {
  type DestinationName,
  parseDestinationKey,
  parseServiceKey,
  type ServiceName,
} from '../model/key.js';
import { protocolNumber } from '../schema/protocol.js';
import type { CounterName, Counters } from './counters.js';
import type { Model } from './model.js';
import { type DestinationIdentity, destinationText, type StoredDestination } from './stored-destination.js';
import { type ServiceIdentity, significant, type StoredService } from './stored-service.js';

/**
 * Traffic of a service or destination. Absent values do not change. Counters are integers from 0 to 2^64 - 1 (bigint
 * above 2^53 - 1), connections integers from 0 to 2147483647.
 */
export interface Traffic {
  /** Added to the totals, which wrap at 2^64. */
  readonly stats?: Partial<Totals<number | bigint>> | undefined;
  /** The rates from now on. */
  readonly rates?: Partial<Totals<number | bigint>> | undefined;
  /** Connections of a destination from now on; a service has none of its own. */
  readonly activeConnections?: number | undefined;
  readonly inactiveConnections?: number | undefined;
  readonly persistentConnections?: number | undefined;
}

const RATE: Readonly<Record<keyof Totals<bigint>, CounterName>> = {
  connections: 'connectionRate',
  inPackets: 'inPacketRate',
  outPackets: 'outPacketRate',
  inBytes: 'inByteRate',
  outBytes: 'outByteRate',
};

/** Finds a service by name; throws a `RangeError` for one that does not exist. */
export function serviceByName({ services }: Model, name: ServiceName): StoredService {
  const key = parseServiceKey(name);
  const identity: ServiceIdentity =
    key.fwmark === undefined
      ? { ...endpoint(key), fwmark: 0, protocol: protocolNumber(key.protocol) as number }
      : { family: AF[key.family], fwmark: key.fwmark, protocol: 6, address: new Uint8Array(16), port: 0 };
  const found = services.find(identity);
  if (found === undefined) throw new RangeError(`the kernel double has no service ${JSON.stringify(name)}`);
  return found;
}

/** Finds a destination by name; throws a `RangeError` for one that does not exist. */
export function destinationByName(service: StoredService, name: DestinationName): StoredDestination {
  const text = destinationText(endpoint(parseDestinationKey(name)));
  const found = service.destinations.find(({ identity }) => destinationText(identity) === text);
  if (found === undefined) throw new RangeError(`the service has no destination ${JSON.stringify(name)}`);
  return found;
}

function endpoint({ address, port }: { address: string; port: number }): DestinationIdentity {
  const { family, bytes } = parseAddress(address) as NonNullable<ReturnType<typeof parseAddress>>;
  return { family: AF[family], address: significant(AF[family], bytes), port };
}

/** Adds to the totals of `counted`, and sets its rates. */
export function count(counted: { counters: Counters }, { stats = {}, rates = {} }: Traffic): void {
  const { counters } = counted;
  for (const [name, value] of entries(stats)) counters[name] = BigInt.asUintN(64, counters[name] + value);
  for (const [name, value] of entries(rates)) counters[RATE[name]] = value;
}

function entries(counts: Partial<Totals<number | bigint>>): [keyof Totals<bigint>, bigint][] {
  return Object.entries(counts)
    .filter((entry): entry is [string, number | bigint] => (entry[1] as unknown) !== undefined)
    .map(([name, value]) => [name as keyof Totals<bigint>, BigInt(value)]);
}

/** Sets the connections of a destination. */
export function connect(destination: StoredDestination, traffic: Traffic): void {
  const { active, inactive, persistent } = destination.connections;
  destination.connections = {
    active: traffic.activeConnections ?? active,
    inactive: traffic.inactiveConnections ?? inactive,
    persistent: traffic.persistentConnections ?? persistent,
  };
}
