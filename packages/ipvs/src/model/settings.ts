import type { Family } from './address.js';
import type { Uncounted } from './counters.js';
import { DEFAULT_FORWARDING, type Destination, type DestinationOptions } from './destination.js';
import type { Forwarding } from './forwarding.js';
import { familyOf, type ServiceKey } from './key.js';
import {
  defaultNetmask,
  netmaskFromWire,
  netmaskToWire,
  type Persistence,
  type StoredPersistence,
} from './persistence.js';
import { DEFAULT_SCHEDULER, type Service, type ServiceOptions } from './service.js';
import { type SchedulerFlag, schedulerFlagBits, schedulerFlagNames, SERVICE_FLAG } from './service-flags.js';
import type { Tunnel } from './tunnel.js';

/** The settings of a service with defaults filled in, in the form that the kernel's answers have. */
export interface ServiceSettings {
  readonly scheduler: string;
  readonly flags: readonly SchedulerFlag[];
  readonly onePacket: boolean;
  readonly persistence: StoredPersistence | undefined;
  /** Bits of the flag word that no field above represents; absent if there are none. Only other tools set them. */
  readonly otherFlags?: number;
}

/** The settings of a destination with defaults filled in, in the form that the kernel's answers have. */
export interface DestinationSettings {
  readonly forwarding: Forwarding;
  readonly weight: number;
  readonly upperThreshold: number;
  readonly lowerThreshold: number;
  readonly tunnel: Tunnel | undefined;
}

/** The old and the new value of a field. */
export interface Difference {
  /** `weight`, `scheduler` … */
  readonly field: string;
  readonly from: unknown;
  readonly to: unknown;
}

const { persistent, hashed, onePacket: onePacketBit, scheduler1, scheduler2, scheduler3 } = SERVICE_FLAG;
const TOLD = onePacketBit | scheduler1 | scheduler2 | scheduler3;

/** The settings of a service as the kernel has it. */
export function storedServiceSettings(service: Uncounted<Service>): ServiceSettings {
  const { scheduler, flags, onePacket, persistence, rawFlags } = service;
  const told = TOLD | hashed | ((persistence?.timeout ?? 0) > 0 ? persistent : 0);
  const otherFlags = (rawFlags & ~told) >>> 0;
  const settings = { scheduler, flags, onePacket, persistence };
  return otherFlags === 0 ? settings : { ...settings, otherFlags };
}

/** The settings that the kernel reports for a service with these checked options. */
function serviceSettings(key: ServiceKey, options: ServiceOptions): ServiceSettings {
  const { scheduler = DEFAULT_SCHEDULER, flags = NO_FLAGS, onePacket = false, persistence } = options;
  return {
    scheduler,
    flags: flags.length === 0 ? NO_FLAGS : schedulerFlagNames(scheduler, schedulerFlagBits(flags)),
    onePacket,
    persistence: persistence === undefined ? undefined : persistenceSettings(familyOf(key), persistence),
  };
}

const NO_FLAGS: readonly SchedulerFlag[] = Object.freeze([]);

/** Undefined if nothing is stored: no timeout, and neither netmask nor engine. */
function persistenceSettings(family: Family, options: Persistence): StoredPersistence | undefined {
  const { timeout, engine } = options;
  const netmask = netmaskToWire(family, options.netmask);
  const isKept = timeout > 0 || engine !== undefined || netmask !== defaultNetmask(family);
  return isKept ? { timeout, netmask: netmaskFromWire(family, netmask), engine } : undefined;
}

/** The settings of a destination as the kernel has it. */
export function storedDestinationSettings(destination: Uncounted<Destination>): DestinationSettings {
  const { forwarding, weight, upperThreshold, lowerThreshold, tunnel } = destination;
  return { forwarding, weight, upperThreshold, lowerThreshold, tunnel };
}

/** The settings that the kernel reports for a destination with these checked options. */
function destinationSettings(options: DestinationOptions): DestinationSettings {
  const { forwarding = DEFAULT_FORWARDING, weight = 1, upperThreshold = 0, lowerThreshold = 0 } = options;
  const { type = 'ipip', port = 0, checksum = 'none' } = options.tunnel ?? {};
  const tunnel = forwarding === 'tunnel' ? { type, port, checksum } : undefined;
  return { forwarding, weight, upperThreshold, lowerThreshold, tunnel };
}

/** Settings that were kept: no document has more of them that many share. */
const MOST_SHARED = 1000;

/** One frozen object for all services and one for all destinations that are set alike: a document has many. */
export class SharedSettings {
  readonly #services = new Map<string, ServiceSettings>();
  readonly #destinations = new Map<string, DestinationSettings>();

  /** As {@link serviceSettings}. */
  ofService(key: ServiceKey, options: ServiceOptions): ServiceSettings {
    const { scheduler = DEFAULT_SCHEDULER, flags = NO_FLAGS, onePacket = false, persistence } = options;
    const isPlain = flags.length === 0 && !onePacket && persistence === undefined;
    if (!isPlain) return serviceSettings(key, options);
    return shared(this.#services, scheduler, () => serviceSettings(key, options));
  }

  /** As {@link destinationSettings}. */
  ofDestination(options: DestinationOptions): DestinationSettings {
    const { forwarding = DEFAULT_FORWARDING, weight = 1, upperThreshold = 0, lowerThreshold = 0 } = options;
    const isPlain = upperThreshold === 0 && lowerThreshold === 0 && forwarding !== 'tunnel';
    if (!isPlain) return destinationSettings(options);
    return shared(this.#destinations, `${forwarding} ${weight}`, () => destinationSettings(options));
  }
}

function shared<T extends object>(known: Map<string, T>, key: string, make: () => T): T {
  const before = known.get(key);
  if (before !== undefined) return before;
  const made = Object.freeze(make());
  if (known.size < MOST_SHARED) known.set(key, made);
  return made;
}

/** The fields in which two settings differ. */
export function differences<T extends object>(from: T, to: T): Difference[] {
  const found: Difference[] = [];
  for (const field of Object.keys(from)) compare(found, field, from[field as keyof T], to[field as keyof T]);
  for (const field of Object.keys(to))
    if (!(field in from)) compare(found, field, undefined, to[field as keyof T]);
  return found;
}

function compare(found: Difference[], field: string, from: unknown, to: unknown): void {
  if (from === to || (isEmpty(from) && isEmpty(to))) return;
  if (JSON.stringify(from) !== JSON.stringify(to)) found.push({ field, from, to });
}

/** Whether it is an empty list, as flags nearly always are. */
function isEmpty(value: unknown): boolean {
  return Array.isArray(value) && value.length === 0;
}
