/** Requests that are copied from the last one of the same form: those that add or set a service or a destination. */
import { type AttributeSet, LITTLE_ENDIAN, type ReaderOf, type Values, type Writer } from '@ipvs-ts/netlink';
import { MESSAGE } from './message.js';
import { ADDRESS_BYTES, fits, type Fitting } from './request-fit.js';

type Message = (typeof MESSAGE)['attributes'];
type MessageValues = Values<Message>;
type ServiceValues = NonNullable<MessageValues['service']>;
type DestinationValues = NonNullable<MessageValues['destination']>;

/** The values of a request that are one number. */
const SERVICE_NUMBERS = ['family', 'protocol', 'port', 'fwmark', 'timeout', 'netmask'] as const;
const DESTINATION_NUMBERS = [
  'family',
  'port',
  'forwarding',
  'weight',
  'upperThreshold',
  'lowerThreshold',
  'tunnelType',
  'tunnelPort',
  'tunnelFlags',
] as const;

type ServiceNumber = (typeof SERVICE_NUMBERS)[number];
type DestinationNumber = (typeof DESTINATION_NUMBERS)[number];

/** A part of a request: the offsets of its values, 0 for absent ones, and the values. */
interface Part<N extends string, P extends string> {
  readonly at: Readonly<Record<N | P, number>>;
  readonly last: Record<N, number>;
  /** The bytes of the address, without the zeros after it. */
  addressBytes: number;
}

/** The last request of a form. */
interface Template {
  readonly bytes: Uint8Array;
  readonly view: DataView;
  readonly service: Part<ServiceNumber, 'address' | 'flags'>;
  readonly destination: Part<DestinationNumber, 'address'>;
}

/** The most schedulers whose requests are kept: more than a kernel has. */
const MOST_SCHEDULERS = 64;

/**
 * The attributes of a request as in {@link MESSAGE}, encoded faster. If an earlier request had the same attributes and all
 * values are in range, it copies that request and writes the values that differ. Everything else is checked and encoded
 * by {@link MESSAGE}, which also throws the errors.
 */
class TemplatedMessage implements AttributeSet<Message> {
  readonly name = MESSAGE.name;
  readonly attributes = MESSAGE.attributes;
  readonly known = MESSAGE.known;
  /** By the scheduler of a service that is added or set; undefined: of a destination. */
  readonly #byAddress = new Map<string | undefined, Template>();
  /** The same for services by mark. */
  readonly #byMark = new Map<string | undefined, Template>();

  #isFirst = true;

  get numbers(): AttributeSet<Message>['numbers'] {
    return MESSAGE.numbers;
  }

  reader(): ReaderOf<Message> {
    return MESSAGE.reader();
  }

  check(values: MessageValues): void {
    // A scheduler that no request had may be an invalid name.
    const isRight =
      fits(values) && (values.destination !== undefined || this.#templateOf(values) !== undefined);
    if (!isRight) MESSAGE.check(values);
  }

  encode(writer: Writer, values: MessageValues): void {
    // A program that sends one request learns nothing from it.
    if (this.#isFirst || !fits(values)) {
      this.#isFirst = false;
      MESSAGE.encode(writer, values);
      return;
    }
    const template = this.#templateOf(values);
    if (template === undefined) this.#learn(writer, values);
    else {
      change(template, values);
      writer.append(template.bytes);
    }
  }

  #templateOf({ service, destination }: Fitting): Template | undefined {
    const templates = service.fwmark === undefined ? this.#byAddress : this.#byMark;
    return templates.get(destination === undefined ? service.scheduler : undefined);
  }

  #learn(writer: Writer, values: Fitting): void {
    const start = writer.length;
    MESSAGE.encode(writer, values);
    const { service, destination } = values;
    const templates = service.fwmark === undefined ? this.#byAddress : this.#byMark;
    if (templates.size >= MOST_SCHEDULERS) return;
    const template = templateOf(writer.bytes.slice(start, writer.length));
    templates.set(destination === undefined ? service.scheduler : undefined, template);
  }
}

function templateOf(bytes: Uint8Array): Template {
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  const { service, destination } = MESSAGE.reader().load(view, 0, bytes.length);
  return {
    bytes,
    view,
    service: {
      // The bytes are our own, so no length is too short.
      at: mapped([...SERVICE_NUMBERS, 'address', 'flags'], (name) => service?.payload(name, 0)),
      last: mapped(SERVICE_NUMBERS, (name) => service?.[name]),
      addressBytes: ADDRESS_BYTES,
    },
    destination: {
      at: mapped([...DESTINATION_NUMBERS, 'address'], (name) => destination?.payload(name, 0)),
      last: mapped(DESTINATION_NUMBERS, (name) => destination?.[name]),
      addressBytes: ADDRESS_BYTES,
    },
  };
}

/** A number for each name; 0 if there is none. */
function mapped<N extends string>(
  names: readonly N[],
  numberOf: (name: N) => number | undefined,
): Record<N, number> {
  return Object.fromEntries(names.map((name) => [name, numberOf(name) ?? 0])) as Record<N, number>;
}

function change(template: Template, { service, destination }: Fitting): void {
  changeService(template, service);
  if (destination !== undefined) changeDestination(template, destination);
}

function changeService(
  { bytes, view, service }: Template,
  { family = 0, protocol = 0, address, port = 0, fwmark = 0, flags, timeout = 0, netmask = 0 }: ServiceValues,
): void {
  const { at, last } = service;
  if (family !== last.family) view.setUint16(at.family, (last.family = family), LITTLE_ENDIAN);
  if (address !== undefined) changeAddress(bytes, service, address);
  if (protocol !== last.protocol) view.setUint16(at.protocol, (last.protocol = protocol), LITTLE_ENDIAN);
  if (port !== last.port) view.setUint16(at.port, (last.port = port));
  if (fwmark !== last.fwmark) view.setUint32(at.fwmark, (last.fwmark = fwmark), LITTLE_ENDIAN);
  if (flags === undefined) return;
  view.setUint32(at.flags, flags.flags, LITTLE_ENDIAN);
  view.setUint32(at.flags + 4, flags.mask, LITTLE_ENDIAN);
  if (timeout !== last.timeout) view.setUint32(at.timeout, (last.timeout = timeout), LITTLE_ENDIAN);
  if (netmask !== last.netmask) view.setUint32(at.netmask, (last.netmask = netmask), LITTLE_ENDIAN);
}

function changeDestination({ bytes, view, destination }: Template, values: DestinationValues): void {
  const { family = 0, address, port = 0, forwarding = 0, weight = 0 } = values;
  const { upperThreshold = 0, lowerThreshold = 0, tunnelType = 0, tunnelPort = 0, tunnelFlags = 0 } = values;
  const { at, last } = destination;
  if (family !== last.family) view.setUint16(at.family, (last.family = family), LITTLE_ENDIAN);
  if (address !== undefined) changeAddress(bytes, destination, address);
  if (port !== last.port) view.setUint16(at.port, (last.port = port));
  if (weight !== last.weight) view.setUint32(at.weight, (last.weight = weight), LITTLE_ENDIAN);
  if (forwarding !== last.forwarding)
    view.setUint32(at.forwarding, (last.forwarding = forwarding), LITTLE_ENDIAN);
  if (upperThreshold !== last.upperThreshold)
    view.setUint32(at.upperThreshold, (last.upperThreshold = upperThreshold), LITTLE_ENDIAN);
  if (lowerThreshold !== last.lowerThreshold)
    view.setUint32(at.lowerThreshold, (last.lowerThreshold = lowerThreshold), LITTLE_ENDIAN);
  if (tunnelType !== last.tunnelType) view.setUint8(at.tunnelType, (last.tunnelType = tunnelType));
  if (tunnelPort !== last.tunnelPort) view.setUint16(at.tunnelPort, (last.tunnelPort = tunnelPort));
  if (tunnelFlags !== last.tunnelFlags)
    view.setUint16(at.tunnelFlags, (last.tunnelFlags = tunnelFlags), LITTLE_ENDIAN);
}

/** Writes an address even if it is the last one: its bytes may have been changed in place. */
function changeAddress(
  bytes: Uint8Array,
  part: { readonly at: { readonly address: number }; addressBytes: number },
  address: Uint8Array,
): void {
  const start = part.at.address;
  bytes.set(address, start);
  const { length } = address;
  if (length < part.addressBytes) bytes.fill(0, start + length, start + part.addressBytes);
  part.addressBytes = length;
}

/** The attributes of requests that add or set services and destinations, of which there may be many. */
export const TEMPLATED_MESSAGE: AttributeSet<Message> = new TemplatedMessage();
