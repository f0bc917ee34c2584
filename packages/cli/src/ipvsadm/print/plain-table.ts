/**
 * The table in the plain layout, sorted and in numbers, as far as it is of IPv4: most of what is ever listed. It is
 * written straight from the kernel's numbers; all else goes the way of all listings, and both must give the same text.
 */
import type { Protocol, ServiceKey } from '@ipvs-ts/ipvs';
import type { PackedDumps, PlainDestinationState, PlainServiceState } from '@ipvs-ts/ipvs/verbs-sync';
import { type Page, writeNumbers, writeText } from './page.js';

const LF = 10;
const BLANK = 32;
const DOT = 46;
const COLON = 58;

const PROTOCOLS: ReadonlyMap<number, { readonly name: Protocol; readonly word: string }> = new Map([
  [6, { name: 'tcp', word: 'TCP  ' }],
  [17, { name: 'udp', word: 'UDP  ' }],
  [132, { name: 'sctp', word: 'SCTP ' }],
]);

/** `a.b.c.d:port`. */
const ENDPOINT = { places: [0, 0, 0, 0, 0], separators: [DOT, DOT, DOT, COLON, 0] };
/** The same behind an arrow, then weight, active and inactive connections in their columns. */
const DESTINATION = { places: [5, 0, 0, 0, 0, 42, 49, 60], separators: [...ENDPOINT.separators, 0, 0, 0] };
/** The numbers of the destination whose line is being written. */
const numbers = DESTINATION.places.map(() => 0);
/** A longer one moves what stands behind it. */
const MOST_WEIGHT = 999_999;

const ROWS = ['Masq', 'Local', 'Tunnel', 'Route'].map((way) =>
  Buffer.from(`  -> ${''.padEnd(28)} ${way.padEnd(7)} ${''.padEnd(6)} ${''.padEnd(10)} ${''.padEnd(10)}\n`),
);

/** Addresses that lie farther apart have no order: listings compare them by their 32-bit difference. */
const HALF = 2 ** 31;

/** The services in the order of listings; undefined where numbers do not tell it, or a service comes twice. */
export function sortedServices(dumps: PackedDumps): readonly PlainServiceState[] | undefined {
  const services = dumps.services();
  if (services === undefined) return undefined;
  services.sort(
    (left, right) => left.protocol - right.protocol || left.address - right.address || left.port - right.port,
  );
  const addresses = services.map(({ address }) => address).sort((left, right) => left - right);
  const strange = services.some(({ protocol }) => !PROTOCOLS.has(protocol));
  const repeated = services.some((service, index) => index > 0 && isSame(service, services[index - 1]));
  return strange || repeated || (addresses.at(-1) ?? 0) - (addresses[0] ?? 0) >= HALF ? undefined : services;
}

/** The destinations of a service in the order of listings; undefined where numbers do not tell it, or a row is too long. */
export function sortedDestinations(
  dumps: PackedDumps,
  service: PlainServiceState,
): readonly PlainDestinationState[] | undefined {
  const destinations = dumps.destinations(service);
  if (destinations === undefined) return undefined;
  destinations.sort((left, right) => left.address - right.address || left.port - right.port);
  const [first] = destinations;
  let last: PlainDestinationState | undefined;
  for (const destination of destinations) {
    if (destination.forwarding >= ROWS.length || destination.weight > MOST_WEIGHT) return undefined;
    // A dump that was disturbed may repeat entries, and lack others.
    if (last?.address === destination.address && last.port === destination.port) return undefined;
    last = destination;
  }
  return first !== undefined && last !== undefined && last.address - first.address >= HALF
    ? undefined
    : destinations;
}

/** The name of a service. */
export function nameOf({ protocol, address, port }: PlainServiceState): ServiceKey {
  const name = PROTOCOLS.get(protocol)?.name;
  if (name === undefined) throw new TypeError(`${protocol} is no protocol of a plain service`);
  return { protocol: name, address: dotted(address), port };
}

/** Writes the line of a service that is not special. */
export function writeService(page: Page, { protocol, address, port, scheduler }: PlainServiceState): void {
  const { bytes } = page;
  let at = writeText(bytes, page.at, PROTOCOLS.get(protocol)?.word ?? '');
  at = writeNumbers(bytes, at, ENDPOINT.places, ENDPOINT.separators, [...octets(address), port]);
  bytes[at++] = BLANK;
  at = writeText(bytes, at, scheduler);
  bytes[at++] = LF;
  page.at = at;
  page.turn();
}

/** Writes the line of a destination. */
export function writeDestination(page: Page, destination: PlainDestinationState): void {
  const { bytes, at } = page;
  const { address, forwarding } = destination;
  const row = ROWS[forwarding] as Uint8Array;
  bytes.set(row, at);
  numbers[0] = address >>> 24;
  numbers[1] = (address >>> 16) & 0xff;
  numbers[2] = (address >>> 8) & 0xff;
  numbers[3] = address & 0xff;
  numbers[4] = destination.port;
  numbers[5] = destination.weight;
  numbers[6] = destination.activeConnections;
  numbers[7] = destination.inactiveConnections;
  writeNumbers(bytes, at, DESTINATION.places, DESTINATION.separators, numbers);
  page.at = at + row.length;
  page.turn();
}

function octets(address: number): number[] {
  return [address >>> 24, (address >>> 16) & 0xff, (address >>> 8) & 0xff, address & 0xff];
}

function dotted(address: number): string {
  return octets(address).join('.');
}

function isSame(left: PlainServiceState, right: PlainServiceState | undefined): boolean {
  return left.protocol === right?.protocol && left.address === right.address && left.port === right.port;
}
