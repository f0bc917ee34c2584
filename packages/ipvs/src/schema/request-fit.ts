/** Decides which requests can be copied from the last one of the same form: those with exactly the usual values. */
import type { Values } from '@ipvs-ts/netlink';
import type { MESSAGE } from './message.js';

type MessageValues = Values<(typeof MESSAGE)['attributes']>;
type ServiceValues = NonNullable<MessageValues['service']>;
type DestinationValues = NonNullable<MessageValues['destination']>;

/** Bytes of an address in a request: IPv4 is padded. */
export const ADDRESS_BYTES = 16;

/** How many values a request has: for a service by address or by mark, for its settings, and for a destination. */
const COUNT = { address: 4, mark: 2, settings: 4, destination: 10 } as const;

/** Values that a template can have. */
export type Fitting = MessageValues & { readonly service: ServiceValues };

/** Whether a request has exactly the values of a template, each in its range. */
export function fits(values: MessageValues): values is Fitting {
  const { service, destination } = values;
  if (!isObject(service) || !isNamed(service)) return false;
  const count = service.fwmark === undefined ? COUNT.address : COUNT.mark;
  if (destination === undefined)
    return countOf(values) === 1 && hasSettings(service) && definedIn(service) === count + COUNT.settings;
  return (
    isObject(destination) &&
    countOf(values) === 2 &&
    countOf(service) === count &&
    countOf(destination) === COUNT.destination &&
    isDestination(destination)
  );
}

/** -1 replaces undefined, since it is not in any range. */
function isNamed({ family = -1, fwmark, protocol = -1, address, port = -1 }: ServiceValues): boolean {
  if ((family & 0xffff) !== family) return false;
  if (fwmark !== undefined) return fwmark >>> 0 === fwmark;
  return (protocol & 0xffff) === protocol && isAddress(address) && (port & 0xffff) === port;
}

function hasSettings({ scheduler, flags, timeout = -1, netmask = -1 }: ServiceValues): boolean {
  return (
    typeof scheduler === 'string' &&
    isObject(flags) &&
    flags.flags >>> 0 === flags.flags &&
    flags.mask >>> 0 === flags.mask &&
    timeout >>> 0 === timeout &&
    netmask >>> 0 === netmask
  );
}

function isDestination(values: DestinationValues): boolean {
  const { family = -1, address, port = -1, forwarding = -1, weight = -1 } = values;
  const { upperThreshold = -1, lowerThreshold = -1 } = values;
  const { tunnelType = -1, tunnelPort = -1, tunnelFlags = -1 } = values;
  return (
    (family & 0xffff) === family &&
    isAddress(address) &&
    (port & 0xffff) === port &&
    forwarding >>> 0 === forwarding &&
    weight >>> 0 === weight &&
    upperThreshold >>> 0 === upperThreshold &&
    lowerThreshold >>> 0 === lowerThreshold &&
    (tunnelType & 0xff) === tunnelType &&
    (tunnelPort & 0xffff) === tunnelPort &&
    (tunnelFlags & 0xffff) === tunnelFlags
  );
}

function isObject<T extends object>(value: T | null | undefined): value is T {
  return typeof value === 'object' && value !== null;
}

function isAddress(value: Uint8Array | undefined): boolean {
  return value instanceof Uint8Array && value.length <= ADDRESS_BYTES;
}

function countOf(values: object): number {
  return Object.keys(values).length;
}

function definedIn(values: ServiceValues): number {
  return Object.values(values).filter((value) => value !== undefined).length;
}
