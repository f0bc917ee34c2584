import { ERRNO, type ReaderOf } from '@ipvs-ts/netlink';
import { AF } from '../model/address.js';
import { FORWARDING_MASK } from '../model/forwarding.js';
import { DESTINATION } from '../schema/destination.js';
import type { MESSAGE } from '../schema/message.js';
import type { Model } from './model.js';
import { parse, payload, zeroFilled } from './parse.js';
import { type Body, DONE, refuse, type Remark, type Result } from './result.js';
import { isFamily, namedService, onService } from './service-operations.js';
import {
  destinationBody,
  type DestinationIdentity,
  type DestinationSettings,
  destinationText,
  newDestination,
  type StoredDestination,
} from './stored-destination.js';
import { significant, type StoredService } from './stored-service.js';
import { isUsable } from './usable-address.js';

type Message = ReaderOf<(typeof MESSAGE)['attributes']>;
type DestinationReader = ReaderOf<(typeof DESTINATION)['attributes']>;

const TUNNEL = 2;
const GUE = 1;
const INT_MAX = 0x7fff_ffff;

/** The DEST attribute of a request. */
interface NamedDestination {
  readonly identity: DestinationIdentity;
  readonly found: StoredDestination | undefined;
  readonly settings: DestinationSettings;
}

/**
 * Reads which destination a request names; returns an errno if it names none. `full`: its settings are required too.
 */
function namedDestination(
  model: Model,
  service: StoredService,
  message: Message,
  full: boolean,
): NamedDestination | number {
  const nest = payload(message, 'destination');
  if (nest === undefined) return ERRNO.EINVAL;
  const { errno, reader } = parse(DESTINATION, message.view, nest.start, nest.end);
  const address = errno === 0 ? zeroFilled(reader, 'address', 16) : undefined;
  if (address === undefined || reader.port === undefined) return ERRNO.EINVAL;
  if (full && !isFull(reader)) return ERRNO.EINVAL;
  // 0 means the family of the service, like an absent attribute.
  const family = reader.family === undefined || reader.family === 0 ? service.identity.family : reader.family;
  if (!isFamily(model, family)) return ERRNO.EAFNOSUPPORT;
  const settings = settingsOf(reader);
  if (full && family !== service.identity.family && (model.daemons.any || settings.forwarding !== TUNNEL))
    return ERRNO.EINVAL;
  const identity = { family, address: significant(family, address), port: reader.port };
  const text = destinationText(identity);
  const found = service.destinations.find((destination) => destinationText(destination.identity) === text);
  return { identity, found, settings };
}

function isFull({ forwarding, weight, upperThreshold, lowerThreshold }: DestinationReader): boolean {
  return [forwarding, weight, upperThreshold, lowerThreshold].every((value) => value !== undefined);
}

function settingsOf(reader: DestinationReader): DestinationSettings {
  return {
    forwarding: (reader.forwarding ?? 0) & FORWARDING_MASK,
    weight: reader.weight ?? 0,
    upperThreshold: reader.upperThreshold ?? 0,
    lowerThreshold: reader.lowerThreshold ?? 0,
    tunnelType: reader.tunnelType ?? 0,
    tunnelPort: reader.tunnelPort ?? 0,
    tunnelFlags: reader.tunnelFlags ?? 0,
  };
}

/** 0, or the errno for the settings of a destination. */
function judge(settings: DestinationSettings, { traits }: Model): number {
  const { weight, upperThreshold, lowerThreshold, tunnelType, tunnelPort } = settings;
  // The kernel reads the weight as a signed number.
  if (weight > INT_MAX || lowerThreshold > upperThreshold) return ERRNO.ERANGE;
  if (traits.limitsThresholds && upperThreshold > INT_MAX) return ERRNO.EINVAL;
  return tunnelType === GUE && tunnelPort === 0 ? ERRNO.EINVAL : 0;
}

export function newDestinationOperation(model: Model, message: Message): Result {
  return onService(model, message, (service) => {
    const named = namedDestination(model, service, message, true);
    if (typeof named === 'number') return refuse(named);
    const { identity, found, settings } = named;
    const errno = judge(settings, model);
    if (errno !== 0) return refuse(errno);
    if (found !== undefined) return refuse(ERRNO.EEXIST);
    const old = model.trash.take(service, identity);
    // The kernel does not check the address of a destination from the trash again.
    if (old === undefined && !accepts(model, identity)) return refuse(ERRNO.EINVAL);
    const destination = old ?? newDestination(identity, settings);
    destination.settings = settings;
    service.destinations.unshift(destination);
    model.connections.fit(model.services.all());
    return DONE;
  });
}

/**
 * Without a local routing table, which the first address or local route of the namespace creates, the kernel treats
 * every IPv4 address as a broadcast address.
 */
function accepts({ settings }: Model, { family, address }: DestinationIdentity): boolean {
  return (settings.addresses || family === AF.ipv6) && isUsable(family, address);
}

export function setDestinationOperation(model: Model, message: Message): Result {
  return onService(model, message, (service) => {
    const named = namedDestination(model, service, message, true);
    if (typeof named === 'number') return refuse(named);
    const errno = judge(named.settings, model);
    if (errno !== 0) return refuse(errno);
    if (named.found === undefined) return refuse(ERRNO.ENOENT);
    named.found.settings = named.settings;
    return DONE;
  });
}

export function deleteDestinationOperation(model: Model, message: Message): Result {
  return onService(model, message, (service) => {
    const named = namedDestination(model, service, message, false);
    if (typeof named === 'number') return refuse(named);
    const { found } = named;
    if (found === undefined) return refuse(ERRNO.ENOENT);
    service.destinations = service.destinations.filter((destination) => destination !== found);
    model.trash.put(service, found);
    return DONE;
  });
}

/** The list is empty if the service does not exist or the request names none. */
export function dumpDestinationsOperation(
  model: Model,
  message: Message,
  remark: Remark | undefined,
): Result {
  const named = namedService(model, message);
  const service = typeof named === 'number' ? undefined : named.found;
  const bodies: Body[] = (service?.destinations ?? []).map((each) => destinationBody(each, model.traits));
  return { errno: 0, bodies, remark };
}
