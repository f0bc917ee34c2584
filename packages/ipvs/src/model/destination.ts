import { type UnknownAttribute, type Values, type ReaderOf } from '@ipvs-ts/netlink';
import { ADDRESS_BYTES, AF, type Family, formatAddress } from './address.js';
import { type Checks, type Report, THROW } from '../argument-checks.js';
import { inside, type Place } from '../place.js';
import { LEFT_OUT, type Rates, type ReadFields, readRates, readStats, type Stats } from './counters.js';
import { checkFields, type FieldsOptions, hasPlainFields } from './field.js';
import { DESTINATION_FIELDS } from './fields.js';
import { type Forwarding, FORWARDING, FORWARDING_MASK, forwardingName } from './forwarding.js';
import { type DestinationKey, destinationKeyText, familyOf, type LocatedDestination } from './key.js';
import { DESTINATION } from '../schema/destination.js';
import { familyFromWire } from './service.js';
import { checkTunnel, type Tunnel, tunnelFromWire, type TunnelOptions, tunnelToWire } from './tunnel.js';

/** The options of a destination. Absent ones take their defaults, in `setDestination` too. */
export interface DestinationOptions {
  /** `route` by default, as in ipvsadm. */
  readonly forwarding?: Forwarding | undefined;
  /** 0 to 2147483647, 1 by default. 0 takes no new connections. */
  readonly weight?: number | undefined;
  /** At this many connections it takes no new ones, 0 to 2147483647; 0, the default, is no limit. */
  readonly upperThreshold?: number | undefined;
  /**
   * Below this many connections it takes new ones again; at most `upperThreshold`. 0, the default: below 3/4 of that.
   */
  readonly lowerThreshold?: number | undefined;
  /** With forwarding `tunnel` only; ipip by default. */
  readonly tunnel?: TunnelOptions | undefined;
}

/** A destination (real server) as the kernel has it. It can be used wherever a destination is named. */
export interface Destination extends DestinationKey {
  /** The key as text: `10.0.0.11:443`. */
  readonly key: string;
  readonly family: Family;
  readonly forwarding: Forwarding;
  readonly weight: number;
  readonly upperThreshold: number;
  readonly lowerThreshold: number;
  /** Present if and only if forwarding is `tunnel`. */
  readonly tunnel: Tunnel | undefined;
  /** Live, unlike the counters. */
  readonly activeConnections: number;
  readonly inactiveConnections: number;
  /** Persistence templates. */
  readonly persistentConnections: number;
  readonly stats: Stats;
  readonly rates: Rates;
  /** Attributes that this version does not know, as the kernel sent them; absent if there are none. */
  readonly unknown?: readonly UnknownAttribute[];
}

type DestinationValues = Values<(typeof DESTINATION)['attributes']>;
type DestinationReader = ReaderOf<(typeof DESTINATION)['attributes']>;

/** Where errors look for the parts of a destination. */
interface DestinationPlaces {
  readonly options: Place;
  readonly address: Place;
}

/** The arguments of the API. */
const ARGUMENTS: DestinationPlaces = { options: 'options', address: inside('destination', 'address') };

/** The default of `forwarding`. */
export const DEFAULT_FORWARDING = 'route';
const NO_TUNNEL = tunnelToWire({});

/**
 * The attributes that identify a destination. ADDR_FAMILY is always among them: without it the kernel looks for a
 * destination of the service's own family, and does not find one of the other.
 */
export function destinationId({ key, address }: LocatedDestination): DestinationValues {
  return { family: AF[address.family], address: address.bytes, port: key.port };
}

/** The attributes of a destination that is added or set. Throws the first mistake in `options`. */
export function destinationValues(
  serviceFamily: Family,
  located: LocatedDestination,
  options: DestinationOptions,
  checks: Checks | 'done',
): DestinationValues {
  if (checks !== 'done')
    checkDestinationOptions(THROW, ARGUMENTS, serviceFamily, located.key, options, checks);
  const { weight = 1, upperThreshold = 0, lowerThreshold = 0 } = options;
  const { tunnelType, tunnelPort, tunnelFlags } =
    options.tunnel === undefined ? NO_TUNNEL : tunnelToWire(options.tunnel);
  const { family, address, port } = destinationId(located);
  return {
    family,
    address,
    port,
    forwarding: (FORWARDING as readonly string[]).indexOf(options.forwarding ?? DEFAULT_FORWARDING),
    weight,
    tunnelType,
    tunnelPort,
    tunnelFlags,
    upperThreshold,
    lowerThreshold,
  };
}

/**
 * Checks the options of a destination. `serviceFamily`, `key`: undefined if they are wrong; options that depend on them
 * are not checked then.
 */
export function checkDestinationOptions(
  report: Report,
  places: DestinationPlaces,
  serviceFamily: Family | undefined,
  key: DestinationKey | undefined,
  options: unknown,
  checks: Checks,
  additional?: FieldsOptions['additional'],
): void {
  if (isPlainlyRight(serviceFamily, key, options)) return;
  const { options: place } = places;
  const right = checkFields<DestinationOptions>(report, place, options, DESTINATION_FIELDS, {
    checks,
    additional,
  });
  const given = options as DestinationOptions;
  if (right !== undefined) checkTunnelOptions(report, inside(place, 'tunnel'), given, right);
  if (checks === 'kernel') return;
  if (key !== undefined && !isUsable(key))
    report.add(places.address, { kind: 'range', allowed: 'a unicast address', value: key.address });
  if (right === undefined) return;
  const { forwarding = DEFAULT_FORWARDING, upperThreshold = 0, lowerThreshold = 0 } = right;
  if (lowerThreshold > upperThreshold && right.upperThreshold === given.upperThreshold) {
    const allowed = `at most the upper threshold, which is ${upperThreshold}`;
    report.add(inside(place, 'lowerThreshold'), { kind: 'range', allowed, value: lowerThreshold });
  }
  if (key === undefined || serviceFamily === undefined || right.forwarding !== given.forwarding) return;
  const family = familyOf(key);
  if (family !== serviceFamily && forwarding !== 'tunnel') {
    const allowed = `an ${family} destination of an ${serviceFamily} service needs forwarding tunnel, and this one has ${forwarding}`;
    report.add(inside(place, 'forwarding'), { kind: 'conflict', allowed });
  }
}

/** Whether there is certainly no mistake; false for anything unusual. */
function isPlainlyRight(
  serviceFamily: Family | undefined,
  key: DestinationKey | undefined,
  options: unknown,
): boolean {
  if (key === undefined || !isUsable(key) || !hasPlainFields(options, DESTINATION_FIELDS)) return false;
  const { upperThreshold = 0, lowerThreshold = 0 } = options as DestinationOptions;
  return lowerThreshold <= upperThreshold && familyOf(key) === serviceFamily;
}

function checkTunnelOptions(
  report: Report,
  place: Place,
  given: DestinationOptions,
  right: DestinationOptions,
): void {
  const { forwarding = DEFAULT_FORWARDING, tunnel } = right;
  if (given.tunnel !== undefined && forwarding !== 'tunnel' && right.forwarding === given.forwarding) {
    const allowed = `only destinations with forwarding tunnel have one, and this one has ${forwarding}`;
    report.add(place, { kind: 'conflict', allowed });
  }
  if (given.tunnel !== undefined && tunnel !== undefined) checkTunnel(report, place, given.tunnel, tunnel);
}

/** Whether a kernel can accept the address: it must not be multicast, all zeros or all ones. */
function isUsable({ address }: DestinationKey): boolean {
  if (address.includes(':')) return address !== '::' && !/^ff[0-9a-f]{2}:/.test(address);
  const first = parseInt(address, 10);
  return (first < 224 || first > 239) && address !== '0.0.0.0' && address !== '255.255.255.255';
}

const AT = DESTINATION.numbers;

/**
 * Makes a destination from a message. `serviceFamily` is used on kernels before 3.18, whose messages have no family.
 * Without `counters` the result is an `Uncounted<Destination>`.
 */
export function readDestination(
  reader: DestinationReader,
  serviceFamily: Family,
  { counters }: ReadFields = {},
): Destination {
  const af = reader.u16(AT.family, 0);
  const family = af === 0 ? serviceFamily : familyFromWire(af);
  const at = reader.payload('address', ADDRESS_BYTES[family]);
  if (at === undefined) reader.need('address');
  const address = formatAddress(family, reader.view, at as number);
  const port = reader.be16(AT.port, -1);
  if (port < 0) reader.need('port');
  const forwarding = forwardingName(reader.u32(AT.forwarding, 0) & FORWARDING_MASK);
  // Written out: a spread costs more than the rest of reading a destination.
  const destination: Destination = {
    address,
    port,
    key: destinationKeyText({ address, port }),
    family,
    forwarding,
    weight: reader.u32(AT.weight, 0),
    upperThreshold: reader.u32(AT.upperThreshold, 0),
    lowerThreshold: reader.u32(AT.lowerThreshold, 0),
    tunnel:
      forwarding === 'tunnel'
        ? tunnelFromWire(reader.tunnelType ?? 0, reader.tunnelPort ?? 0, reader.tunnelFlags ?? 0)
        : undefined,
    activeConnections: reader.u32(AT.activeConnections, 0),
    inactiveConnections: reader.u32(AT.inactiveConnections, 0),
    persistentConnections: reader.u32(AT.persistentConnections, 0),
    stats: counters === false ? LEFT_OUT : readStats(reader),
    rates: counters === false ? LEFT_OUT : readRates(reader),
  };
  const unknown = reader.unknown();
  return unknown.length === 0 ? destination : { ...destination, unknown };
}
