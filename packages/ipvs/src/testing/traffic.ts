import { parseAddress } from '../model/address.js';
import { AF } from '../model/address.js';
import type { Counters as Totals } from '../model/counters.js';
import {
  type DestinationName,
  parseDestinationKey,
  parseServiceKey,
  protocolNumber,
  type ServiceName,
} from '../model/key.js';
import type { CounterName, Counters } from './counters.js';
import type { Model } from './model.js';
import { type DestinationIdentity, destinationText, type StoredDestination } from './stored-destination.js';
import { type ServiceIdentity, significant, type StoredService } from './stored-service.js';

/** Traffic that a test lets a service or destination have seen. What is left out stays as it is. */
export interface Traffic {
  /** Added to the totals. */
  readonly stats?: Partial<Totals<number | bigint>> | undefined;
  /** The rates from now on. */
  readonly rates?: Partial<Totals<number | bigint>> | undefined;
  /** Connections of a destination from now on. */
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

/** Finds a service by name; throws a `RangeError` for one that is not there. */
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

/** Finds a destination by name; throws a `RangeError` for one that is not there. */
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
  for (const [name, value] of entries(stats)) counters[name] += BigInt(value);
  for (const [name, value] of entries(rates)) counters[RATE[name]] = BigInt(value);
}

function entries(counts: Partial<Totals<number | bigint>>): [keyof Totals<bigint>, number | bigint][] {
  return Object.entries(counts) as [keyof Totals<bigint>, number | bigint][];
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
