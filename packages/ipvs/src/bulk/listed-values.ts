/** The values that lines of a listing can have: their places in the kernel's messages and in records. */
import type { LineCondition, LineKind, RecordValue } from '@ipvs-ts/netlink/bulk';
import type { DestinationRuleValue, ServiceNameValue, ServiceSettingValue } from '../format/rules.js';
import type { Family } from '../model/address.js';
import { FORWARDING, FORWARDING_MASK } from '../model/forwarding.js';
import { PROTOCOLS } from '../schema/protocol.js';
import { defaultNetmask } from '../model/persistence.js';
import { SERVICE_FLAG } from '../model/service-flags.js';
import { CHECKSUMS, TUNNEL_TYPES } from '../model/tunnel.js';

const COUNTERS = [
  ...(['connections', 'inPackets', 'outPackets', 'inBytes', 'outBytes'] as const),
  ...(['connectionRate', 'inPacketRate', 'outPacketRate', 'inByteRate', 'outByteRate'] as const),
] as const;

/** A counter of a service or destination. */
export type CounterValue = (typeof COUNTERS)[number];

/** The values that a line can have of a service. */
export type ListedServiceValue = ServiceNameValue | ServiceSettingValue | CounterValue;

/** The values that a line can have of a destination, in addition to the name of its service. */
export type ListedDestinationValue =
  | ServiceNameValue
  | DestinationRuleValue
  | 'activeConnections'
  | 'inactiveConnections'
  | 'persistentConnections'
  | CounterValue;

/** A value in a record. */
export interface ListedValue {
  readonly word: number;
  /**
   * `endpoint` is the words of an address and one of a port; `counter` is two words. A map has the names of numbers.
   */
  readonly as: LineKind | 'endpoint' | 'endpoint6' | 'counter' | ReadonlyMap<number, string>;
  /** When it is present; always by default. */
  readonly when?: readonly LineCondition[];
  /** How it is read into the record, and what it depends on. */
  readonly read: readonly RecordValue[];
}

/**
 * The values of records of one form by their names; undefined for those that the form lacks. A text is the same in all records.
 * Values are made when they are asked for: a listing that starts makes no others.
 */
export type ListedValues<Value extends string> = (name: Value) => Listed;
type Listed = ListedValue | string | undefined;

/** The forms of services, in their order among those with the same mark. */
export const SERVICE_FORMS = ['ipv4', 'ipv6', 'fwmark', 'fwmark6'] as const;
export type ServiceForm = (typeof SERVICE_FORMS)[number];

/** The words of a service; it is sorted by those up to the port. */
export const SERVICE_WORDS = {
  ...{ fwmark: 0, form: 1, protocol: 2, address: 3, port: 7 },
  ...{ persistent: 8, onePacket: 9, timeout: 10, netmask: 11, flags: 12, scheduler: 13, engine: 17 },
  otherFlags: 21,
  counters: 22,
} as const;
export const SERVICE_KEY_WORDS = 8;

/** The words of a destination; it is sorted by those up to the port. */
export const DESTINATION_WORDS = {
  ...{ address: 0, port: 4, form: 5, forwarding: 6, weight: 7, upperThreshold: 8, lowerThreshold: 9 },
  ...{ activeConnections: 10, inactiveConnections: 11, persistentConnections: 12 },
  ...{ tunnelType: 13, tunnelPort: 14, checksum: 15 },
  counters: 16,
} as const;
export const DESTINATION_KEY_WORDS = 5;

/** The high word of the largest 64-bit rate that the ordinary reading can represent. */
const MOST_RATE = 0x1f_ffff;
const SCHEDULER_FLAGS = SERVICE_FLAG.scheduler1 | SERVICE_FLAG.scheduler2 | SERVICE_FLAG.scheduler3;

function addressRead(family: Family, word: number): RecordValue {
  return { attribute: 'address', word, as: family === 'ipv4' ? 'be32' : 'address' };
}

function numbered(names: Readonly<Record<string, number>>): ReadonlyMap<number, string> {
  return new Map(Object.entries(names).map(([name, number]) => [number, name]));
}

const PROTOCOL_NAMES = numbered(PROTOCOLS);

/** The values that distinguish services of a form from others; they are always read. */
export function serviceKeyReads(form: ServiceForm): RecordValue[] {
  const { fwmark, protocol, address, port } = SERVICE_WORDS;
  if (form === 'fwmark' || form === 'fwmark6') return [{ attribute: 'fwmark', word: fwmark, as: 'u32' }];
  return [
    { attribute: 'protocol', word: protocol, as: 'u16', among: [...PROTOCOL_NAMES.keys()] },
    addressRead(form, address),
    { attribute: 'port', word: port, as: 'be16' },
  ];
}

export function destinationKeyReads(family: Family): RecordValue[] {
  return [
    addressRead(family, DESTINATION_WORDS.address),
    { attribute: 'port', word: DESTINATION_WORDS.port, as: 'be16' },
  ];
}

/** The family of the packets that a service balances. */
export function formFamily(form: ServiceForm): Family {
  return form === 'ipv6' || form === 'fwmark6' ? 'ipv6' : 'ipv4';
}

const FLAG_WORDS = {
  persistent: {
    attribute: 'flags',
    word: SERVICE_WORDS.persistent,
    as: 'u32',
    mask: SERVICE_FLAG.persistent,
  },
  onePacket: { attribute: 'flags', word: SERVICE_WORDS.onePacket, as: 'u32', mask: SERVICE_FLAG.onePacket },
  flags: { attribute: 'flags', word: SERVICE_WORDS.flags, as: 'named', mask: SCHEDULER_FLAGS },
} as const satisfies Readonly<Record<string, RecordValue>>;

const PERSISTENT: LineCondition = { word: SERVICE_WORDS.persistent, not: 0 };

/** A value of services of a form. */
export function serviceValue(form: ServiceForm, name: ListedServiceValue): Listed {
  const family = formFamily(form);
  const { scheduler, timeout, netmask, engine, onePacket, flags } = SERVICE_WORDS;
  // eslint-disable-next-line @typescript-eslint/switch-exhaustiveness-check -- counters and all others are alike
  switch (name) {
    case 'protocol':
    case 'service':
    case 'fwmark':
    case 'ipv6':
      return serviceNameValue(form, name);
    case 'scheduler':
      return text('scheduler', scheduler);
    case 'timeout':
      return { ...number('timeout', timeout, [FLAG_WORDS.persistent]), when: [PERSISTENT] };
    case 'netmask':
      return {
        word: netmask,
        as: family === 'ipv4' ? 'address' : 'number',
        when: [PERSISTENT, { word: netmask, not: defaultNetmask(family) }],
        read: [
          FLAG_WORDS.persistent,
          { attribute: 'netmask', word: netmask, as: family === 'ipv4' ? 'be32' : 'u32' },
        ],
      };
    case 'engine':
      return { ...text('engine', engine, true), when: [{ word: engine, not: 0 }] };
    case 'onePacket':
      return {
        word: onePacket,
        as: new Map([[SERVICE_FLAG.onePacket, '1']]),
        when: [{ word: onePacket, not: 0 }],
        read: [FLAG_WORDS.onePacket],
      };
    case 'flags':
      return { word: flags, as: 'named', read: [FLAG_WORDS.flags], when: [{ word: flags, not: 0 }] };
    default:
      return counter(SERVICE_WORDS.counters, name);
  }
}

/** A value that names services of a form; all are always read. */
export function serviceNameValue(form: ServiceForm, name: ServiceNameValue): Listed {
  const { fwmark, protocol, address } = SERVICE_WORDS;
  const isMarked = form === 'fwmark' || form === 'fwmark6';
  if (name === 'fwmark') return isMarked ? { word: fwmark, as: 'number', read: [] } : undefined;
  if (name === 'ipv6') return form === 'fwmark6' ? '1' : undefined;
  if (isMarked) return undefined;
  if (name === 'protocol') return { word: protocol, as: PROTOCOL_NAMES, read: [] };
  return { word: address, as: form === 'ipv4' ? 'endpoint' : 'endpoint6', read: [] };
}

const FORWARDING_READ: RecordValue = {
  ...{ attribute: 'forwarding', word: DESTINATION_WORDS.forwarding, as: 'u32', mask: FORWARDING_MASK },
  // Other methods have no name in listings.
  among: ['masq', 'local', 'tunnel', 'route'].map((name) => (FORWARDING as readonly string[]).indexOf(name)),
};
const TUNNEL_READ: RecordValue = {
  ...{ attribute: 'tunnelType', word: DESTINATION_WORDS.tunnelType, as: 'u8', optional: true },
  among: [...TUNNEL_TYPES.keys()],
};
const CHECKSUM_NUMBERS = [...CHECKSUMS.keys()];
const IS_TUNNEL: LineCondition = {
  word: DESTINATION_WORDS.forwarding,
  among: [FORWARDING.indexOf('tunnel')],
};

/** A value of destinations of a family. */
export function destinationValue(
  family: Family,
  name: Exclude<ListedDestinationValue, ServiceNameValue>,
): ListedValue {
  const { forwarding, tunnelType, tunnelPort, checksum } = DESTINATION_WORDS;
  // eslint-disable-next-line @typescript-eslint/switch-exhaustiveness-check -- counters and all others are alike
  switch (name) {
    case 'destination':
      return { word: DESTINATION_WORDS.address, as: family === 'ipv4' ? 'endpoint' : 'endpoint6', read: [] };
    case 'forwarding':
      return { word: forwarding, as: new Map(FORWARDING.entries()), read: [FORWARDING_READ] };
    case 'weight':
    case 'upperThreshold':
    case 'lowerThreshold':
    case 'activeConnections':
    case 'inactiveConnections':
    case 'persistentConnections':
      return number(name, DESTINATION_WORDS[name]);
    case 'tunnelType':
      return {
        ...{ word: tunnelType, as: new Map(TUNNEL_TYPES.entries()), when: [IS_TUNNEL] },
        read: [FORWARDING_READ, TUNNEL_READ],
      };
    case 'tunnelPort':
      return {
        ...{ word: tunnelPort, as: 'number', when: isOfType('gue') },
        read: tunnelReads({ attribute: 'tunnelPort', word: tunnelPort, as: 'be16' }),
      };
    case 'checksum':
      return {
        ...{ word: checksum, as: new Map(CHECKSUMS.entries()), when: isOfType('gue', 'gre') },
        read: tunnelReads({ attribute: 'tunnelFlags', word: checksum, as: 'u16', among: CHECKSUM_NUMBERS }),
      };
    default:
      return counter(DESTINATION_WORDS.counters, name);
  }
}

function tunnelReads(own: RecordValue): RecordValue[] {
  return [FORWARDING_READ, TUNNEL_READ, { ...own, optional: true }];
}

function isOfType(...types: (typeof TUNNEL_TYPES)[number][]): LineCondition[] {
  const among = types.map((type) => TUNNEL_TYPES.indexOf(type));
  return [IS_TUNNEL, { word: DESTINATION_WORDS.tunnelType, among }];
}

function number(attribute: string, word: number, before: readonly RecordValue[] = []): ListedValue {
  return { word, as: 'number', read: [...before, { attribute, word, as: 'u32' }] };
}

function text(attribute: string, word: number, optional = false): ListedValue {
  return { word, as: 'text', read: [{ attribute, word, as: 'text', optional }] };
}

function counter(first: number, name: CounterValue): ListedValue {
  const word = first + COUNTERS.indexOf(name) * 2;
  const most = name.endsWith('Rate') ? MOST_RATE : undefined;
  return { word, as: 'counter', read: [{ attribute: name, inside: 'stats64', word, as: 'u64', most }] };
}
