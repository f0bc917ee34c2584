import { type UnknownAttribute, type Values, type ReaderOf } from '@ipvs-ts/netlink';
import { ADDRESS_BYTES, AF, type Family, formatAddress } from './address.js';
import { type Checks, type Report, THROW } from '../argument-checks.js';
import { inside, type Place } from '../place.js';
import { LEFT_OUT, type Rates, type ReadFields, readRates, readStats, type Stats } from './counters.js';
import { checkFields, type Fields, type FieldsOptions } from './field.js';
import { isPlainService, SERVICE_FIELDS } from './fields.js';
import { familyOf, type LocatedService, type ServiceKey, serviceKeyText } from './key.js';
import { protocolName, protocolNumber } from '../schema/protocol.js';
import {
  netmaskMistake,
  netmaskToWire,
  type Persistence,
  readPersistence,
  type StoredPersistence,
} from './persistence.js';
import { SERVICE } from '../schema/service.js';
import {
  checkFlagOwners,
  type Scheduler,
  type SchedulerFlag,
  schedulerFlagBits,
  schedulerFlagNames,
  SERVICE_FLAG,
} from './service-flags.js';

/** The options of a service. Absent ones take their defaults, in `setService` too: the kernel replaces everything. */
export interface ServiceOptions {
  /** Name of the scheduler, at most 15 characters; `wlc` by default, `none` for no scheduling. Its module is loaded. */
  readonly scheduler?: Scheduler | undefined;
  /** Flags of the scheduler; none by default. */
  readonly flags?: readonly SchedulerFlag[] | undefined;
  /** Schedule each packet separately; UDP and fwmark services only. */
  readonly onePacket?: boolean | undefined;
  readonly persistence?: Persistence | undefined;
}

/** What the kernel reports about a service, apart from its key. */
export interface ServiceState {
  /** The key as text: `tcp:192.0.2.10:443`. */
  readonly key: string;
  readonly family: Family;
  readonly scheduler: Scheduler;
  readonly flags: readonly SchedulerFlag[];
  readonly onePacket: boolean;
  /** Absent if the service is not persistent and the kernel stores neither netmask nor engine for it. */
  readonly persistence: StoredPersistence | undefined;
  /** The kernel's flag word: bits that no name covers, and 2 (hashed), included. */
  readonly rawFlags: number;
  readonly stats: Stats;
  readonly rates: Rates;
  /** Attributes that this version does not know, as the kernel sent them; absent if there are none. */
  readonly unknown?: readonly UnknownAttribute[];
}

/** A virtual service as the kernel has it. It can be used wherever a service is named. */
export type Service = ServiceKey & ServiceState;

type ServiceValues = Values<(typeof SERVICE)['attributes']>;
type ServiceReader = ReaderOf<(typeof SERVICE)['attributes']>;

/** The default of `scheduler`. */
export const DEFAULT_SCHEDULER = 'wlc';

/** Where errors look for the parts of a service. */
interface ServicePlaces {
  readonly options: Place;
  readonly protocol: Place;
  readonly port: Place;
}

/** The arguments of the API. */
const ARGUMENTS: ServicePlaces = {
  options: 'options',
  protocol: inside('service', 'protocol'),
  port: inside('service', 'port'),
};

let lastLocated: LocatedService | undefined;
let lastId: ServiceValues = {};

/** The attributes that identify a service. Calls for the same one follow one another, and share them. */
export function serviceId(located: LocatedService): ServiceValues {
  if (located !== lastLocated) {
    lastId = makeServiceId(located);
    lastLocated = located;
  }
  return lastId;
}

function makeServiceId({ key, address }: LocatedService): ServiceValues {
  if (key.fwmark !== undefined) return { family: AF[key.family], fwmark: key.fwmark };
  const { protocol, port } = key;
  return { family: AF[familyOf(key)], protocol: protocolNumber(protocol), address: address?.bytes, port };
}

/** The attributes of a service that is added or set. Throws the first mistake in `options`, unless they were checked before. */
export function serviceValues(
  located: LocatedService,
  options: ServiceOptions,
  checks: Checks | 'done',
): ServiceValues {
  const { key } = located;
  if (checks !== 'done') checkServiceOptions(THROW, ARGUMENTS, key, options, checks);
  const { persistence } = options;
  const timeout = persistence?.timeout ?? 0;
  const flags =
    (timeout > 0 ? SERVICE_FLAG.persistent : 0) |
    (options.onePacket === true ? SERVICE_FLAG.onePacket : 0) |
    schedulerFlagBits(options.flags ?? []);
  const { family, fwmark, protocol, address, port } = serviceId(located);
  return {
    family,
    fwmark,
    protocol,
    address,
    port,
    scheduler: options.scheduler ?? DEFAULT_SCHEDULER,
    engine: persistence?.engine,
    flags: { flags, mask: 0xffff_ffff },
    timeout,
    netmask: netmaskToWire(familyOf(key), persistence?.netmask),
  };
}

/** Which fields a service may have: documents have more than the arguments of the API. */
interface ServiceFieldsOptions {
  readonly fields?: Fields | undefined;
  readonly additional?: FieldsOptions['additional'];
}

/** Checks the options of a service. `key`: undefined if it is wrong; options that depend on it are not checked then. */
export function checkServiceOptions(
  report: Report,
  places: ServicePlaces,
  key: ServiceKey | undefined,
  options: unknown,
  checks: Checks,
  { fields = SERVICE_FIELDS, additional }: ServiceFieldsOptions = {},
): void {
  if (isPlainService(key, options, fields)) return;
  const { options: place } = places;
  const right = checkFields<ServiceOptions>(report, place, options, fields, { checks, additional });
  if (right === undefined) return;
  const given = options as ServiceOptions;
  const { persistence, flags, scheduler = DEFAULT_SCHEDULER } = right;
  if (key !== undefined && persistence?.netmask !== undefined) {
    const wrong = netmaskMistake(familyOf(key), persistence.netmask);
    if (wrong !== undefined) report.add(inside(inside(place, 'persistence'), 'netmask'), wrong);
  }
  if (checks === 'kernel') return;
  if (flags !== undefined && right.scheduler === given.scheduler)
    checkFlagOwners(report, inside(place, 'flags'), scheduler, flags);
  if (key === undefined || key.fwmark !== undefined) return;
  if (!['tcp', 'udp', 'sctp'].includes(key.protocol))
    report.add(places.protocol, { kind: 'range', allowed: 'tcp, udp or sctp', value: key.protocol });
  else if (right.onePacket === true && key.protocol !== 'udp') {
    const allowed = `one-packet scheduling is for UDP and fwmark services, and this one is ${key.protocol}`;
    report.add(inside(place, 'onePacket'), { kind: 'conflict', allowed });
  }
  // An invalid persistence also counts as one.
  if (key.port === 0 && (given.persistence === undefined || persistence?.timeout === 0)) {
    const allowed =
      'port 0 (any port) needs a persistent service: set persistence, or use a port from 1 to 65535';
    report.add(places.port, { kind: 'conflict', allowed });
  }
}

const AT = SERVICE.numbers;

/**
 * Makes a service from a message. The message's reader is not needed afterwards. The objects are written out: a spread
 * costs more than the rest of reading a service. Without `counters` the result is an `Uncounted<Service>`.
 */
export function readService(reader: ServiceReader, { counters }: ReadFields = {}): Service {
  const counted = counters !== false;
  const af = reader.u16(AT.family, 0);
  if (af === 0) reader.need('family');
  const family = familyFromWire(af);
  const { fwmark } = reader;
  const service =
    fwmark === undefined
      ? readAddressService(reader, family, counted)
      : readFwmarkService(reader, family, fwmark, counted);
  const unknown = reader.unknown();
  return unknown.length === 0 ? service : { ...service, unknown };
}

function readAddressService(reader: ServiceReader, family: Family, counted: boolean): Service {
  const at = reader.payload('address', ADDRESS_BYTES[family]);
  if (at === undefined) reader.need('address');
  const number = reader.u16(AT.protocol, -1);
  if (number < 0) reader.need('protocol');
  const protocol = protocolName(number);
  const address = formatAddress(family, reader.view, at as number);
  const port = reader.be16(AT.port, -1);
  if (port < 0) reader.need('port');
  const rawFlags = reader.u32(AT.flags, 0);
  const scheduler = reader.scheduler ?? '';
  return {
    protocol,
    address,
    port,
    key: serviceKeyText({ protocol, address, port }),
    family,
    scheduler,
    flags: schedulerFlagNames(scheduler, rawFlags),
    onePacket: (rawFlags & SERVICE_FLAG.onePacket) !== 0,
    persistence: readPersistence(reader, family, rawFlags),
    rawFlags,
    stats: counted ? readStats(reader) : LEFT_OUT,
    rates: counted ? readRates(reader) : LEFT_OUT,
  };
}

function readFwmarkService(reader: ServiceReader, family: Family, fwmark: number, counted: boolean): Service {
  const rawFlags = reader.u32(AT.flags, 0);
  const scheduler = reader.scheduler ?? '';
  return {
    fwmark,
    family,
    key: serviceKeyText({ fwmark, family }),
    scheduler,
    flags: schedulerFlagNames(scheduler, rawFlags),
    onePacket: (rawFlags & SERVICE_FLAG.onePacket) !== 0,
    persistence: readPersistence(reader, family, rawFlags),
    rawFlags,
    stats: counted ? readStats(reader) : LEFT_OUT,
    rates: counted ? readRates(reader) : LEFT_OUT,
  };
}

/** The name of an address family number. Kernels know two. */
export function familyFromWire(number: number): Family {
  return number === AF.ipv6 ? 'ipv6' : 'ipv4';
}
