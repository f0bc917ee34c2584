import { HEADER_BYTES, Layouts, LITTLE_ENDIAN, type Take } from '@ipvs-ts/netlink';
import { AF } from './address.js';
import { makeCalls } from './calls.js';
import type { Uncounted } from './counts.js';
import { FORWARDING_MASK } from './forwarding.js';
import { MESSAGE } from './schema/message.js';
import { DESTINATIONS, SERVICES } from './schema/operations.js';
import { SERVICE } from './schema/service.js';
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

/** So many services are more than a moment's work. */
const MANY = 32;

const MOST_ASCII = 0x7f;
const CALLS = makeCalls('kernel');
const UNCOUNTED = { counters: false } as const;

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
  readonly #serviceLayouts = new Layouts({
    command: SERVICES.command,
    nest: MESSAGE.attributes.service,
    wanted: { protocol: 2, address: 4, port: 2, scheduler: 1, flags: 4, family: 2 },
    only: { family: AF.ipv4, fwmark: 0 },
  });
  readonly #destinationLayouts = new Layouts({
    command: DESTINATIONS.command,
    nest: MESSAGE.attributes.destination,
    wanted: { address: 4, port: 2, forwarding: 4, weight: 4, activeConnections: 4, inactiveConnections: 4 },
    // Kernels before 3.18 do not give it: then it is that of the service.
    only: { family: AF.ipv4 },
  });

  constructor(session: SessionSync) {
    const family = session.family();
    this.#session = session;
    this.#services = new Template(family, CALLS.services());
    this.#destinations = new Template(family, CALLS.destinations('tcp:192.0.2.1:1'));
  }

  /**
   * All services, in the kernel's order; undefined if the ordinary reading is due. `onMany` is called at the
   * {@link MANY}th.
   */
  services(onMany?: () => void): PlainServiceState[] | undefined {
    const found: PlainServiceState[] = [];
    const take: Take = (words, view, at, { payloads, start, end }) => {
      const [protocol, address, port, scheduler, flags] = payloads as Five;
      const name = textAt(view, at + scheduler);
      if (name === '') return false;
      const bare = isBare(words[(at + flags) >> 2] as number);
      found.push({
        protocol: view.getUint16(at + protocol, LITTLE_ENDIAN),
        address: view.getUint32(at + address),
        port: view.getUint16(at + port),
        scheduler: name,
        special: bare ? undefined : readService(SERVICE.window().load(view, at + start, at + end), UNCOUNTED),
      });
      if (found.length === MANY) onMany?.();
      return true;
    };
    return this.#session.scan(this.#services, this.#serviceLayouts, take) ? found : undefined;
  }

  /** The destinations of a service, or none if there is no such service; undefined if the ordinary reading is due. */
  destinations(service: PlainService): PlainDestinationState[] | undefined {
    const found: PlainDestinationState[] = [];
    const take: Take = (words, view, at, { payloads }) => {
      found.push({
        address: view.getUint32(at + (payloads[0] as number)),
        port: view.getUint16(at + (payloads[1] as number)),
        forwarding: (words[(at + (payloads[2] as number)) >> 2] as number) & FORWARDING_MASK,
        weight: (words[(at + (payloads[3] as number)) >> 2] as number) >>> 0,
        activeConnections: (words[(at + (payloads[4] as number)) >> 2] as number) >>> 0,
        inactiveConnections: (words[(at + (payloads[5] as number)) >> 2] as number) >>> 0,
      });
      return true;
    };
    this.#destinations.setService(service);
    return this.#session.scan(this.#destinations, this.#destinationLayouts, take) ? found : undefined;
  }
}

type Five = readonly [number, number, number, number, number];

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
