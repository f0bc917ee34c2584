import {
  type Address,
  addressOf,
  addressText,
  type Family,
  type KeptAddress,
  parseAddress,
  readIPv4Endpoint,
  shortened,
} from './address.js';
import { type Protocol, protocolName, protocolNumber, PROTOCOLS } from '../schema/protocol.js';
import { checkChoice, checkInteger, checkKey, outOfRange, wrongType } from '../argument-checks.js';

/** A service by protocol, virtual address and port. */
export interface AddressServiceKey {
  readonly protocol: Protocol;
  /** IPv4 or IPv6 address as text, without brackets. */
  readonly address: string;
  /** 0 to 65535; 0 means any port, and needs persistence. */
  readonly port: number;
  readonly fwmark?: undefined;
}

/** A service by firewall mark: all packets that netfilter gave this mark. */
export interface FwmarkServiceKey {
  /** 1 to 4294967295. */
  readonly fwmark: number;
  readonly family: Family;
  readonly protocol?: undefined;
  readonly address?: undefined;
  readonly port?: undefined;
}

/** What identifies a service. */
export type ServiceKey = AddressServiceKey | FwmarkServiceKey;

/** A service by name: `tcp:192.0.2.10:443`, `udp:[2001:db8::10]:53`, `fwmark:7`, `fwmark6:7`, or the same as an object. */
export type ServiceName = string | ServiceKey;

/** What identifies a destination of a service. */
export interface DestinationKey {
  readonly address: string;
  readonly port: number;
}

/** A destination by name: `10.0.0.11:443`, `[2001:db8::11]:443`, or the same as an object. */
export type DestinationName = string | DestinationKey;

/** More characters than an IPv6 address with brackets and port has. */
const LONGEST_ENDPOINT = 60;

/** The forms of a service's name, as text. */
export const SERVICE_FORMS =
  'the name of a service, such as tcp:192.0.2.10:443, udp:[2001:db8::10]:53, fwmark:7 or fwmark6:7, with a port from 0 to 65535 or a mark from 1 to 4294967295';
/** The forms of a destination's name, as text. */
export const DESTINATION_FORMS =
  'the name of a destination, such as 10.0.0.11:443 or [2001:db8::11]:443, with a port from 0 to 65535';

/** A parsed service name: key, text and address are computed once. */
export class LocatedService {
  readonly key: ServiceKey;
  #address: KeptAddress;
  #text: string | undefined;

  constructor(key: ServiceKey, address: KeptAddress, text?: string) {
    this.key = key;
    this.#address = address;
    this.#text = text;
  }

  /** Undefined for a mark. */
  get address(): Address | undefined {
    return this.key.fwmark === undefined ? addressOf(this.#address, this.key.address) : undefined;
  }

  /** Keeps the text, and the address in short: a document has many names. */
  shortenAddress(): void {
    this.#address = shortened(this.#address);
  }

  /** The text of the key. */
  get text(): string {
    return (this.#text ??= serviceKeyText(this.key));
  }
}

/** A parsed destination name. */
export class LocatedDestination {
  readonly key: DestinationKey;
  #address: KeptAddress;
  #text: string | undefined;

  constructor(key: DestinationKey, address: KeptAddress, text?: string) {
    this.key = key;
    this.#address = address;
    this.#text = text;
  }

  /** The parsed address. */
  get address(): Address {
    return addressOf(this.#address, this.key.address);
  }

  /** Like that of a service. */
  shortenAddress(): void {
    this.#address = shortened(this.#address);
  }

  /** The text of the key. */
  get text(): string {
    return (this.#text ??= destinationKeyText(this.key));
  }
}

/** Checks a service name; returns it as an object with a canonical address. `path` names the argument in errors. */
export function parseServiceKey(name: ServiceName, path = 'service'): ServiceKey {
  return locateService(name, path).key;
}

/** The same with a parsed address, for requests. A name that is already parsed is returned unchanged. */
export function locateService(name: ServiceName | LocatedService, path = 'service'): LocatedService {
  if (typeof name === 'string') return locateServiceText(name, path);
  if (name instanceof LocatedService) return name;
  if (typeof name !== 'object' || (name as unknown) === null) throw wrongType(path, SERVICE_FORMS, name);
  if (name.fwmark !== undefined) {
    const fwmark = checkInteger(`${path}.fwmark`, name.fwmark, 1, 0xffff_ffff);
    const family = checkChoice(`${path}.family`, name.family, ['ipv4', 'ipv6']);
    return new LocatedService({ fwmark, family }, undefined);
  }
  if (typeof (name.protocol as unknown) !== 'string')
    throw wrongType(`${path}.protocol`, 'tcp, udp or sctp', name);
  const number = protocolNumber(name.protocol);
  if (number === undefined) throw outOfRange(`${path}.protocol`, 'tcp, udp or sctp', name.protocol);
  return ofProtocol(number, checkEndpoint(name, path));
}

function ofProtocol(number: number, { key, address }: LocatedDestination): LocatedService {
  return new LocatedService(
    { protocol: protocolName(number), address: key.address, port: key.port },
    address,
  );
}

function locateServiceText(text: string, path: string): LocatedService {
  const found = serviceNamed(text);
  if (found === undefined) throw outOfRange(path, SERVICE_FORMS, text);
  return found;
}

/** The service that a text names, with a canonical address; undefined for any other text. */
export function serviceNamed(text: string): LocatedService | undefined {
  const split = text.indexOf(':');
  const kind = text.slice(0, split);
  const rest = text.slice(split + 1);
  if (kind === 'fwmark' || kind === 'fwmark6') {
    const fwmark = /^[0-9]{1,10}$/.test(rest) ? Number(rest) : 0;
    if (fwmark < 1 || fwmark > 0xffff_ffff) return undefined;
    return new LocatedService({ fwmark, family: kind === 'fwmark' ? 'ipv4' : 'ipv6' }, undefined);
  }
  if (Object.hasOwn(PROTOCOLS, kind)) {
    const plain = readIPv4Endpoint(text, split + 1);
    if (plain !== undefined) {
      const { address, bits, port } = plain;
      return new LocatedService({ protocol: kind as Protocol, address, port }, bits, text);
    }
  }
  const number = protocolNumber(kind);
  const endpoint = destinationNamed(rest);
  return number === undefined || endpoint === undefined ? undefined : ofProtocol(number, endpoint);
}

/** Checks a destination name; returns it as an object with a canonical address. */
export function parseDestinationKey(name: DestinationName, path = 'destination'): DestinationKey {
  return locateDestination(name, path).key;
}

/** The same with a parsed address, for requests. A name that is already parsed is returned unchanged. */
export function locateDestination(
  name: DestinationName | LocatedDestination,
  path = 'destination',
): LocatedDestination {
  if (name instanceof LocatedDestination) return name;
  if (typeof name === 'object' && (name as unknown) !== null) return checkEndpoint(name, path);
  if (typeof name !== 'string') throw wrongType(path, DESTINATION_FORMS, name);
  const found = destinationNamed(name);
  if (found === undefined) throw outOfRange(path, DESTINATION_FORMS, name);
  return found;
}

/** The destination that `address:port` names, with an IPv6 address in brackets; undefined for any other text. */
export function destinationNamed(text: string): LocatedDestination | undefined {
  if (text.length > LONGEST_ENDPOINT) return undefined;
  const plain = readIPv4Endpoint(text, 0);
  if (plain !== undefined)
    return new LocatedDestination({ address: plain.address, port: plain.port }, plain.bits, text);
  const match = /^(?:\[([0-9a-fA-F:.]+)\]|([0-9.]+)):([0-9]{1,5})$/.exec(text);
  if (match === null) return undefined;
  const address = parseAddress(match[1] ?? (match[2] as string));
  const port = Number(match[3]);
  if (address === undefined || (address.family === 'ipv6') !== (match[1] !== undefined) || port > 0xffff)
    return undefined;
  return new LocatedDestination(
    { address: canonical(address, match[1] ?? (match[2] as string)), port },
    address,
  );
}

/** An IPv4 address has only one text, so the text is already canonical. */
function canonical(address: Address, text: string): string {
  return address.family === 'ipv4' ? text : addressText(address);
}

function checkEndpoint({ address, port }: DestinationKey, path: string): LocatedDestination {
  if (typeof address !== 'string') throw wrongType(`${path}.address`, 'an IPv4 or IPv6 address', address);
  const parsed = parseAddress(address);
  if (parsed === undefined)
    throw outOfRange(`${path}.address`, 'an IPv4 or IPv6 address without brackets', address);
  const key = { address: canonical(parsed, address), port: checkInteger(`${path}.port`, port, 0, 0xffff) };
  return new LocatedDestination(key, parsed);
}

/** The text of a service key; two keys are the same service if and only if their texts are equal. */
export function serviceKeyText(key: ServiceKey): string {
  checkKey(key, 'service');
  if (key.fwmark !== undefined) return `${key.family === 'ipv4' ? 'fwmark' : 'fwmark6'}:${key.fwmark}`;
  return `${key.protocol}:${destinationKeyText(key)}`;
}

/** The text of a destination key. */
export function destinationKeyText(key: DestinationKey): string {
  checkKey(key, 'destination');
  return key.address.includes(':') ? `[${key.address}]:${key.port}` : `${key.address}:${key.port}`;
}

/** The address family of a service or destination. */
export function familyOf(key: ServiceKey | DestinationKey): Family {
  if ('family' in key) return key.family;
  return key.address.includes(':') ? 'ipv6' : 'ipv4';
}
