import {
  ATTRIBUTE_TYPE_MASK,
  attributeLength,
  attributeNumbers,
  HEADER_BYTES,
  LITTLE_ENDIAN,
  NetlinkError,
  NumberWindow,
} from '@ipvs-ts/netlink';
import { AF } from './address.js';
import type { Call } from './call.js';
import { makeCalls } from './calls.js';
import type { Uncounted } from './counts.js';
import { FORWARDING_MASK } from './forwarding.js';
import { DESTINATION } from './schema/destination.js';
import { SERVICE } from './schema/service.js';
import { MESSAGE } from './schema/message.js';
import { readService, type Service } from './service.js';
import { isBare } from './service-flags.js';
import type { SessionSync } from './session-sync.js';
import { type PlainEndpoint, type PlainService, Template } from './template.js';

/** A service over IPv4 as the kernel lists it. */
export interface PlainServiceState extends PlainService {
  readonly scheduler: string;
  /** All of it, where there is more to say: persistence, one-packet, flags of its scheduler. */
  readonly special: Uncounted<Service> | undefined;
}

/** A destination over IPv4 as the kernel lists it. */
export interface PlainDestinationState extends PlainEndpoint {
  /** 0 masq, 1 local, 2 tunnel, 3 route, 4 bypass. */
  readonly forwarding: number;
  readonly weight: number;
  readonly activeConnections: number;
  readonly inactiveConnections: number;
}

const MOST_ASCII = 0x7f;
const CALLS = makeCalls('kernel');
const UNCOUNTED = { counters: false } as const;

const OF_MESSAGE = attributeNumbers(MESSAGE);
const OF_SERVICE = attributeNumbers(SERVICE);
const OF_DESTINATION = attributeNumbers(DESTINATION);

/**
 * Lists services and destinations as numbers, as far as they are of IPv4 and the kernel's answers are as always: for
 * listings of tens of thousands by a program that has just started. Whatever else comes, an error too, makes it give
 * nothing, and the ordinary reading is due: that one knows all, checks all and explains all. `IpvsVerbsSync.packedDumps`
 * makes one.
 */
export class PackedDumps {
  readonly #session: SessionSync;
  readonly #services: Template;
  readonly #destinations: Template;
  readonly #serviceWindow = new NumberWindow(
    SERVICE,
    ['family', 'protocol', 'port', 'fwmark'],
    {
      address: 4,
      scheduler: 1,
      flags: 4,
    },
    ['fwmark'],
  );
  readonly #destinationWindow = new NumberWindow(
    DESTINATION,
    ['family', 'port', 'forwarding', 'weight', 'activeConnections', 'inactiveConnections'],
    { address: 4 },
    // Kernels before 3.18 do not give it: then it is that of the service.
    ['family'],
  );
  #foundServices: PlainServiceState[] = [];
  #foundDestinations: PlainDestinationState[] = [];
  #plain = true;

  constructor(session: SessionSync) {
    const family = session.family();
    this.#session = session;
    this.#services = new Template(family, CALLS.services());
    this.#destinations = new Template(family, CALLS.destinations('tcp:192.0.2.1:1'));
  }

  /** All services, in the kernel's order; undefined if the ordinary reading is due. */
  services(): PlainServiceState[] | undefined {
    this.#foundServices = [];
    return this.#scan(this.#services, this.#takeService) ? this.#foundServices : undefined;
  }

  /** The destinations of a service, or none if there is no such service; undefined if the ordinary reading is due. */
  destinations(service: PlainService): PlainDestinationState[] | undefined {
    this.#foundDestinations = [];
    this.#destinations.setService(service);
    return this.#scan(this.#destinations, this.#takeDestination) ? this.#foundDestinations : undefined;
  }

  #scan({ view }: Template, take: Take): boolean {
    this.#plain = true;
    try {
      this.#session.scan(view, take);
    } catch (error) {
      if (!NetlinkError.is(error)) throw error;
      return false;
    }
    return this.#plain;
  }

  readonly #takeService: Take = (_, view, start, end) => {
    const at = bodyOf(view, start, end, this.#services.call, OF_MESSAGE.service);
    const window = this.#serviceWindow;
    const { values } = window;
    if (at < 0 || !window.load(view, at, end)) {
      this.#plain = false;
      return;
    }
    const protocol = values[OF_SERVICE.protocol] as number;
    const scheduler = textAt(view, values[OF_SERVICE.scheduler] as number);
    const odd = values[OF_SERVICE.family] !== AF.ipv4 || values[OF_SERVICE.fwmark] !== 0;
    if (odd || scheduler === '') {
      this.#plain = false;
      return;
    }
    const bare = isBare(view.getUint32(values[OF_SERVICE.flags] as number, LITTLE_ENDIAN));
    this.#foundServices.push({
      protocol,
      address: view.getUint32(values[OF_SERVICE.address] as number),
      port: values[OF_SERVICE.port] as number,
      scheduler,
      special: bare ? undefined : readService(SERVICE.window().load(view, at, end), UNCOUNTED),
    });
  };

  readonly #takeDestination: Take = (_, view, start, end) => {
    const at = bodyOf(view, start, end, this.#destinations.call, OF_MESSAGE.destination);
    const window = this.#destinationWindow;
    const { values } = window;
    if (at < 0 || !window.load(view, at, end)) {
      this.#plain = false;
      return;
    }
    const family = values[OF_DESTINATION.family];
    if (family !== AF.ipv4 && family !== 0) {
      this.#plain = false;
      return;
    }
    this.#foundDestinations.push({
      address: view.getUint32(values[OF_DESTINATION.address] as number),
      port: values[OF_DESTINATION.port] as number,
      forwarding: (values[OF_DESTINATION.forwarding] as number) & FORWARDING_MASK,
      weight: values[OF_DESTINATION.weight] as number,
      activeConnections: values[OF_DESTINATION.activeConnections] as number,
      inactiveConnections: values[OF_DESTINATION.inactiveConnections] as number,
    });
  };
}

type Take = (index: number, view: DataView, start: number, end: number) => void;

/** Where the attributes of the only nest of an answer start; −1 if it is another answer than is due. */
function bodyOf(view: DataView, start: number, end: number, call: Call, due: number): number {
  const at = start + HEADER_BYTES.GENERIC;
  const body = at + HEADER_BYTES.ATTRIBUTE;
  if (body > end || view.getUint8(start) !== call.operation.reply?.command) return -1;
  const type = view.getUint16(at + 2, LITTLE_ENDIAN) & ATTRIBUTE_TYPE_MASK;
  return type === due && at + attributeLength(view, at, end) === end ? body : -1;
}

/** The text of an attribute, up to its first NUL; empty if it is not ASCII. */
function textAt(view: DataView, at: number): string {
  const end = at - HEADER_BYTES.ATTRIBUTE + view.getUint16(at - HEADER_BYTES.ATTRIBUTE, LITTLE_ENDIAN);
  let text = '';
  for (let place = at; place < end; place++) {
    const code = view.getUint8(place);
    if (code === 0) break;
    if (code > MOST_ASCII) return '';
    text += String.fromCharCode(code);
  }
  return text;
}
