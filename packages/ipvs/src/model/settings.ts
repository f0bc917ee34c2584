import type { Uncounted } from './counters.js';
import type { Destination, DestinationOptions } from './destination.js';
import { destinationValues } from './destination.js';
import { type Forwarding, forwardingName } from './forwarding.js';
import { type DestinationKey, familyOf, type ServiceKey } from './key.js';
import { defaultNetmask, netmaskFromWire, type StoredPersistence } from './persistence.js';
import { type Service, type ServiceOptions, serviceValues } from './service.js';
import { type SchedulerFlag, schedulerFlagNames, SERVICE_FLAG } from './service-flags.js';
import { type Tunnel, tunnelFromWire } from './tunnel.js';

/** What a service is set to, defaults filled in, in the one form that the kernel's own answers have. */
export interface ServiceSettings {
  readonly scheduler: string;
  readonly flags: readonly SchedulerFlag[];
  readonly onePacket: boolean;
  readonly persistence: StoredPersistence | undefined;
  /** Bits of the flag word that nothing above tells; absent if there are none. Only other tools set them. */
  readonly otherFlags?: number;
}

/** What a destination is set to, defaults filled in, in the one form that the kernel's own answers have. */
export interface DestinationSettings {
  readonly forwarding: Forwarding;
  readonly weight: number;
  readonly upperThreshold: number;
  readonly lowerThreshold: number;
  readonly tunnel: Tunnel | undefined;
}

/** What one field was and is, or is to be. */
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

/** Checks the options of a service and gives what the kernel would answer after it was given them. */
export function serviceSettings(key: ServiceKey, options: ServiceOptions): ServiceSettings {
  const {
    scheduler = '',
    flags: word,
    timeout = 0,
    netmask = 0,
    engine,
  } = serviceValues(key, options, 'library');
  const bits = word?.flags ?? 0;
  const family = familyOf(key);
  const kept = timeout > 0 || engine !== undefined || netmask !== defaultNetmask(family);
  return {
    scheduler,
    flags: schedulerFlagNames(scheduler, bits),
    onePacket: (bits & onePacketBit) !== 0,
    persistence: kept ? { timeout, netmask: netmaskFromWire(family, netmask), engine } : undefined,
  };
}

/** The settings of a destination as the kernel has it. */
export function storedDestinationSettings(destination: Uncounted<Destination>): DestinationSettings {
  const { forwarding, weight, upperThreshold, lowerThreshold, tunnel } = destination;
  return { forwarding, weight, upperThreshold, lowerThreshold, tunnel };
}

/** Checks the options of a destination and gives what the kernel would answer after it was given them. */
export function destinationSettings(
  service: ServiceKey,
  key: DestinationKey,
  options: DestinationOptions,
): DestinationSettings {
  const values = destinationValues(familyOf(service), key, options, 'library');
  const { weight = 0, upperThreshold = 0, lowerThreshold = 0 } = values;
  const forwarding = forwardingName(values.forwarding ?? 0);
  const { tunnelType = 0, tunnelPort = 0, tunnelFlags = 0 } = values;
  const tunnel = forwarding === 'tunnel' ? tunnelFromWire(tunnelType, tunnelPort, tunnelFlags) : undefined;
  return { forwarding, weight, upperThreshold, lowerThreshold, tunnel };
}

/** The fields in which two settings differ. */
export function differences<T extends object>(from: T, to: T): Difference[] {
  const found: Difference[] = [];
  for (const field of new Set([...Object.keys(from), ...Object.keys(to)])) {
    const [old, now] = [from[field as keyof T], to[field as keyof T]];
    if (old !== now && JSON.stringify(old) !== JSON.stringify(now)) found.push({ field, from: old, to: now });
  }
  return found;
}
