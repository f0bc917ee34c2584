import {
  type AddressedRequest,
  DumpLister,
  type DumpRecords,
  type LinePart,
  type EncodedRequest,
  type RecordValue,
} from '@ipvs-ts/netlink/bulk';
import { AF } from '../model/address.js';
import { makeCalls } from '../calls/calls.js';
import type { Uncounted } from '../model/counters.js';
import { FORWARDING_MASK } from '../model/forwarding.js';
import { MESSAGE } from '../schema/message.js';
import { DESTINATIONS, SERVICES } from '../schema/operations.js';
import { readService, type Service } from '../model/service.js';
import { SERVICE_FLAG } from '../model/service-flags.js';
import type { SessionSync } from '../session/session-sync.js';
import { ATTRIBUTES_AT, Template } from './template.js';

/** A service over IPv4 as the kernel lists it: its protocol and address by number. */
export interface PlainService {
  readonly protocol: number;
  readonly address: number;
  readonly port: number;
}

/** What a line may say of a service, and of a destination (`forwarding`: 0 masq, 1 local, 2 tunnel, 3 route, 4 bypass). */
export type ServiceValue = 'protocol' | 'address' | 'port' | 'scheduler';
export type DestinationValue =
  'address' | 'port' | 'forwarding' | 'weight' | 'activeConnections' | 'inactiveConnections';

/** A part of a line: ASCII text, a value, or parts that are filled up with blanks to a width. */
export type ListedPart<Value> =
  | string
  | {
      readonly value: Value;
      /** `text` is for the scheduler. A map: the words for all numbers that there may be. */
      readonly as: 'number' | 'address' | 'text' | ReadonlyMap<number, string>;
      /** The largest number that there may be. */
      readonly most?: number;
    }
  | { readonly width: number; readonly parts: readonly ListedPart<Value>[] };

/** The lines of a listing. */
export interface ListedLines {
  readonly service: readonly ListedPart<ServiceValue>[];
  readonly destination: readonly ListedPart<DestinationValue>[];
}

/** The words of records. Both are ordered by the first three, of which destinations lack the first. */
const SERVICE_WORDS = { protocol: 0, address: 1, port: 2, special: 3, scheduler: 4 } as const;
const DESTINATION_WORDS = {
  ...{ address: 1, port: 2, forwarding: 3, weight: 4 },
  ...{ activeConnections: 5, inactiveConnections: 6 },
} as const;

const CALLS = makeCalls('kernel');
const UNCOUNTED = { counters: false } as const;

/**
 * Lists services and destinations as lines, in the order of listings, as far as they are of IPv4 and the kernel's answers
 * have the usual pattern: for listings of tens of thousands. Whatever else comes, an error too, makes it give nothing, then use the
 * ordinary reading: that one knows all, checks all and explains all. `IpvsVerbsSync.bulkListing` makes one.
 */
export class BulkListing {
  readonly #session: SessionSync;
  readonly #lister: DumpLister;
  readonly #specials: readonly Uncounted<Service>[];
  readonly #serviceRequest: EncodedRequest;
  readonly #destinationRequest: AddressedRequest;
  readonly #services: DumpRecords;
  readonly #destinations: DumpRecords;
  readonly #serviceLine: number;
  readonly #destinationLine: number;

  private constructor(
    session: SessionSync,
    lister: DumpLister,
    specials: readonly Uncounted<Service>[],
    { service, destination }: ListedLines,
  ) {
    const family = session.family();
    this.#session = session;
    this.#lister = lister;
    this.#specials = specials;
    this.#services = lister.dump({
      command: SERVICES.command,
      nest: MESSAGE.attributes.service,
      values: {
        protocol: value('protocol', 'u16', SERVICE_WORDS, service),
        address: value('address', 'be32', SERVICE_WORDS, service),
        port: value('port', 'be16', SERVICE_WORDS, service),
        scheduler: value('scheduler', 'text', SERVICE_WORDS, service),
        flags: { word: SERVICE_WORDS.special, as: 'special', mask: ~SERVICE_FLAG.hashed },
      },
      needed: { family: 2 },
      absent: ['fwmark'],
      only: { family: AF.ipv4 },
    });
    this.#destinations = lister.dump({
      command: DESTINATIONS.command,
      nest: MESSAGE.attributes.destination,
      values: {
        address: value('address', 'be32', DESTINATION_WORDS, destination),
        port: value('port', 'be16', DESTINATION_WORDS, destination),
        forwarding: {
          ...value('forwarding', 'u32', DESTINATION_WORDS, destination),
          mask: FORWARDING_MASK,
        },
        weight: value('weight', 'u32', DESTINATION_WORDS, destination),
        activeConnections: value('activeConnections', 'u32', DESTINATION_WORDS, destination),
        inactiveConnections: value('inactiveConnections', 'u32', DESTINATION_WORDS, destination),
      },
      // Kernels before 3.18 do not give it: then it is that of the service.
      only: { family: AF.ipv4 },
    });
    const template = new Template(family, CALLS.destinations('tcp:192.0.2.1:1'));
    this.#serviceRequest = new Template(family, CALLS.services());
    this.#destinationRequest = lister.request(
      template.message,
      template.places(['protocol', 'address', 'port']).map((place) => [place]),
    );
    this.#serviceLine = lister.line(service.map((part) => linePart(part, SERVICE_WORDS)));
    this.#destinationLine = lister.line(destination.map((part) => linePart(part, DESTINATION_WORDS)));
  }

  /** Undefined where WebAssembly does not run. */
  static open(session: SessionSync, lines: ListedLines): BulkListing | undefined {
    const specials: Uncounted<Service>[] = [];
    const lister = DumpLister.load((view, at, end) => {
      const { service } = MESSAGE.reader().load(view, at + ATTRIBUTES_AT, end);
      return service === undefined ? 0 : specials.push(readService(service, UNCOUNTED));
    });
    return lister && new BulkListing(session, lister, specials, lines);
  }

  /** Reads the services; how many there are, or undefined: then use the ordinary reading. */
  services(): number | undefined {
    this.#lister.begin(this.#services);
    return this.#scan(this.#serviceRequest, this.#services);
  }

  /** A service of those that were read, by its place. */
  service(index: number): PlainService {
    const word = (name: keyof typeof SERVICE_WORDS): number =>
      this.#lister.word(this.#services, index, SERVICE_WORDS[name]);
    return { protocol: word('protocol'), address: word('address'), port: word('port') };
  }

  /** All of a service, where there is more to say than a line does: persistence, one-packet, flags of its scheduler. */
  special(index: number): Uncounted<Service> | undefined {
    if (this.#specials.length === 0) return undefined;
    return this.#specials[this.#lister.word(this.#services, index, SERVICE_WORDS.special) - 1];
  }

  /**
   * Reads the destinations of a service; how many there are, or none if there is no such service any more; undefined: then use
   * the ordinary reading.
   */
  destinations(index: number): number | undefined {
    this.#lister.address(this.#destinationRequest, this.#services, index);
    this.#lister.begin(this.#destinations, this.#services);
    return this.#scan(this.#destinationRequest, this.#destinations);
  }

  /** Writes the line of a service. Calls `print` with the lines before it when there is no more room. */
  writeService(index: number, print: (text: string) => void): void {
    this.#lister.write(this.#serviceLine, this.#services, index, 1, print);
  }

  /** Writes the lines of the destinations that were read last. */
  writeDestinations(print: (text: string) => void): void {
    this.#lister.write(this.#destinationLine, this.#destinations, 0, this.#destinations.count, print);
  }

  /** The lines that were not printed yet. */
  lines(): string {
    return this.#lister.lines();
  }

  #scan(request: EncodedRequest, dump: DumpRecords): number | undefined {
    return this.#session.scan(request, this.#lister) && this.#lister.end() ? dump.count : undefined;
  }
}

/** How a value is stored; the line that contains it says which numbers it may have. */
function value<Value extends string>(
  name: Value,
  as: RecordValue['as'],
  words: Readonly<Record<Value, number>>,
  line: readonly ListedPart<Value>[],
): RecordValue {
  const flat = line.flatMap((part) => (typeof part === 'object' && 'parts' in part ? part.parts : [part]));
  const part = flat.find((each) => typeof each === 'object' && 'value' in each && each.value === name);
  if (typeof part !== 'object' || !('value' in part)) return { word: words[name], as };
  return {
    ...{ word: words[name], as, most: part.most },
    words: typeof part.as === 'object' ? part.as : undefined,
  };
}

function linePart<Value extends string>(
  part: ListedPart<Value>,
  words: Readonly<Record<Value, number>>,
): LinePart {
  if (typeof part === 'string') return part;
  if ('parts' in part) return { width: part.width, parts: part.parts.map((each) => linePart(each, words)) };
  return { word: words[part.value], as: part.as };
}
