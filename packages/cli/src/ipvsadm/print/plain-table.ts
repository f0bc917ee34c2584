/**
 * The table in the plain layout, sorted and in numbers, as far as it is of IPv4: most of what is ever listed. It is
 * put together straight from the kernel's numbers; all else goes the way of all listings, and both must give the same text.
 */
import type { Protocol, ServiceKey } from '@ipvs-ts/ipvs';
import type { PackedDumps, PlainDestinationState, PlainServiceState } from '@ipvs-ts/ipvs/verbs-sync';

const PROTOCOLS: ReadonlyMap<number, { readonly name: Protocol; readonly word: string }> = new Map([
  [6, { name: 'tcp', word: 'TCP  ' }],
  [17, { name: 'udp', word: 'UDP  ' }],
  [132, { name: 'sctp', word: 'SCTP ' }],
]);

/** A longer one moves what stands behind it. */
const MOST_WEIGHT = 999_999;

const WAYS = ['Masq', 'Local', 'Tunnel', 'Route'].map((way) => ` ${way.padEnd(7)} `);
/** The arrow and the widest endpoint. */
const BLANKS = Array.from({ length: 34 }, (_, length) => ' '.repeat(length));

/** Addresses that lie farther apart have no order: listings compare them by their 32-bit difference. */
const HALF = 2 ** 31;

/**
 * The services in the order of listings; undefined where numbers do not tell it, or a service comes twice. `onMany` is
 * called as soon as there are more than a few.
 */
export function sortedServices(
  dumps: PackedDumps,
  onMany?: () => void,
): readonly PlainServiceState[] | undefined {
  const services = dumps.services(onMany);
  if (services === undefined) return undefined;
  services.sort(
    (left, right) => left.protocol - right.protocol || left.address - right.address || left.port - right.port,
  );
  let [least, most] = [Infinity, 0];
  let before: PlainServiceState | undefined;
  for (const service of services) {
    const { protocol, address } = service;
    if (!PROTOCOLS.has(protocol) || isSame(service, before)) return undefined;
    if (address < least) least = address;
    if (address > most) most = address;
    before = service;
  }
  return most - least >= HALF ? undefined : services;
}

/** The destinations of a service in the order of listings; undefined where numbers do not tell it, or a row is too long. */
export function sortedDestinations(
  dumps: PackedDumps,
  service: PlainServiceState,
): readonly PlainDestinationState[] | undefined {
  const destinations = dumps.destinations(service);
  if (destinations === undefined) return undefined;
  // Loops over indices: over entries they cost thrice as much in code that is not compiled yet.
  const { length } = destinations;
  let isDescending = true;
  let last = Infinity;
  for (let index = 0; index < length; index++) {
    const { address, forwarding, weight } = destinations[index] as PlainDestinationState;
    if (forwarding >= WAYS.length || weight > MOST_WEIGHT) return undefined;
    isDescending &&= address < last;
    last = address;
  }
  // The kernel lists the newest first, and most were added in their order.
  if (isDescending) destinations.reverse();
  else if (!sort(destinations)) return undefined;
  const first = destinations[0];
  return first !== undefined &&
    (destinations[length - 1] as PlainDestinationState).address - first.address >= HALF
    ? undefined
    : destinations;
}

/** Sorts by address and port; false if there is one twice: a dump that was disturbed may repeat some, and lack others. */
function sort(destinations: PlainDestinationState[]): boolean {
  destinations.sort((left, right) => left.address - right.address || left.port - right.port);
  return !destinations.some(({ address, port }, index) => {
    const next = destinations[index + 1];
    return next?.address === address && next.port === port;
  });
}

/** The name of a service. */
export function nameOf({ protocol, address, port }: PlainServiceState): ServiceKey {
  const name = PROTOCOLS.get(protocol)?.name;
  if (name === undefined) throw new TypeError(`${protocol} is no protocol of a plain service`);
  return { protocol: name, address: dotted(address), port };
}

/** The line of a service that is not special. */
export function serviceRow({ protocol, address, port, scheduler }: PlainServiceState): string {
  return `${PROTOCOLS.get(protocol)?.word ?? ''}${dotted(address)}:${port} ${scheduler}\n`;
}

/** The lines of destinations. What was put together for a line before is not again: mostly all but an octet. */
export class DestinationRows {
  #network = -1;
  #start = '';
  #port = -1;
  #portText = '';
  #active = -1;
  #inactive = -1;
  #counts = '';
  /** What stands behind the endpoint, by weight and forwarding. */
  readonly #rests = new Map<number, string>();

  text(destinations: readonly PlainDestinationState[]): string {
    let text = '';
    // eslint-disable-next-line @typescript-eslint/prefer-for-of
    for (let index = 0; index < destinations.length; index++)
      text += this.#row(destinations[index] as PlainDestinationState);
    return text;
  }

  #row(destination: PlainDestinationState): string {
    const { address, port, forwarding, weight, activeConnections, inactiveConnections } = destination;
    if (address >>> 8 !== this.#network) {
      this.#network = address >>> 8;
      this.#start = `  -> ${address >>> 24}.${(address >>> 16) & 0xff}.${(address >>> 8) & 0xff}.`;
    }
    if (port !== this.#port) {
      this.#port = port;
      this.#portText = `:${port}`;
    }
    if (activeConnections !== this.#active || inactiveConnections !== this.#inactive) {
      this.#active = activeConnections;
      this.#inactive = inactiveConnections;
      this.#counts = ` ${String(activeConnections).padEnd(10)} ${String(inactiveConnections).padEnd(10)}\n`;
      this.#rests.clear();
    }
    const way = weight * WAYS.length + forwarding;
    const rest = this.#rests.get(way) ?? this.#learn(way);
    const endpoint = this.#start + String(address & 0xff) + this.#portText;
    return endpoint + (BLANKS[33 - endpoint.length] as string) + rest;
  }

  #learn(way: number): string {
    const text = `${WAYS[way % WAYS.length] as string}${String(Math.floor(way / WAYS.length)).padEnd(6)}`;
    this.#rests.set(way, text + this.#counts);
    return text + this.#counts;
  }
}

function dotted(address: number): string {
  return `${address >>> 24}.${(address >>> 16) & 0xff}.${(address >>> 8) & 0xff}.${address & 0xff}`;
}

function isSame(left: PlainServiceState, right: PlainServiceState | undefined): boolean {
  return left.protocol === right?.protocol && left.address === right.address && left.port === right.port;
}
