/** The values that lines of a listing can have: their places in the kernel's messages and in records. */
import type { LineCondition, LineKind, RecordValue } from '@ipvs-ts/netlink/bulk';
import type { DestinationRuleValue, ServiceNameValue, ServiceSettingValue } from '../format/rules.js';
import type { Family } from '../model/address.js';
import { FORWARDING, FORWARDING_MASK } from '../model/forwarding.js';
import { PROTOCOLS } from '../schema/protocol.js';
import { defaultNetmask } from '../model/persistence.js';
import { SERVICE_FLAG } from '../model/service-flags.js';
import { CHECKSUMS, TUNNEL_TYPES } from '../model/tunnel.js';

/** Totals, and rates per second. */
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

/** The values of records of one form; a text is the same in all records. */
export type ListedValues<Value extends string> = Readonly<Partial<Record<Value, ListedValue | string>>>;

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

/** How to read an address from messages. */
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

/** The values that distinguish destinations of a family from others. */
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

/** The values of services of a form. */
export function serviceValues(form: ServiceForm): ListedValues<ListedServiceValue> {
  const family = formFamily(form);
  return {
    ...serviceNameValues(form),
    scheduler: text('scheduler', SERVICE_WORDS.scheduler),
    timeout: {
      ...number('timeout', SERVICE_WORDS.timeout, [FLAG_WORDS.persistent]),
      when: [PERSISTENT],
    },
    netmask: {
      word: SERVICE_WORDS.netmask,
      as: family === 'ipv4' ? 'address' : 'number',
      when: [PERSISTENT, { word: SERVICE_WORDS.netmask, not: defaultNetmask(family) }],
      read: [
        FLAG_WORDS.persistent,
        { attribute: 'netmask', word: SERVICE_WORDS.netmask, as: family === 'ipv4' ? 'be32' : 'u32' },
      ],
    },
    engine: {
      ...text('engine', SERVICE_WORDS.engine, true),
      when: [{ word: SERVICE_WORDS.engine, not: 0 }],
    },
    onePacket: {
      word: SERVICE_WORDS.onePacket,
      as: new Map([[SERVICE_FLAG.onePacket, '1']]),
      when: [{ word: SERVICE_WORDS.onePacket, not: 0 }],
      read: [FLAG_WORDS.onePacket],
    },
    flags: {
      ...{ word: SERVICE_WORDS.flags, as: 'named', read: [FLAG_WORDS.flags] },
      when: [{ word: SERVICE_WORDS.flags, not: 0 }],
    },
    ...counters(SERVICE_WORDS.counters),
  };
}

/** The values that name services of a form. */
export function serviceNameValues(form: ServiceForm): ListedValues<ServiceNameValue> {
  const { fwmark, protocol, address } = SERVICE_WORDS;
  // All of these are always read.
  if (form === 'fwmark') return { fwmark: { word: fwmark, as: 'number', read: [] } };
  if (form === 'fwmark6') return { fwmark: { word: fwmark, as: 'number', read: [] }, ipv6: '1' };
  return {
    protocol: { word: protocol, as: PROTOCOL_NAMES, read: [] },
    service: { word: address, as: form === 'ipv4' ? 'endpoint' : 'endpoint6', read: [] },
  };
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
const IS_TUNNEL: LineCondition = {
  word: DESTINATION_WORDS.forwarding,
  among: [FORWARDING.indexOf('tunnel')],
};

/** The values of destinations of a family. */
export function destinationValues(
  family: Family,
): ListedValues<Exclude<ListedDestinationValue, ServiceNameValue>> {
  const { address, forwarding, tunnelType, tunnelPort, checksum } = DESTINATION_WORDS;
  const isOfType = (...types: (typeof TUNNEL_TYPES)[number][]): LineCondition[] => [
    IS_TUNNEL,
    { word: tunnelType, among: types.map((type) => TUNNEL_TYPES.indexOf(type)) },
  ];
  return {
    destination: { word: address, as: family === 'ipv4' ? 'endpoint' : 'endpoint6', read: [] },
    forwarding: { word: forwarding, as: new Map(FORWARDING.entries()), read: [FORWARDING_READ] },
    weight: number('weight', DESTINATION_WORDS.weight),
    upperThreshold: number('upperThreshold', DESTINATION_WORDS.upperThreshold),
    lowerThreshold: number('lowerThreshold', DESTINATION_WORDS.lowerThreshold),
    activeConnections: number('activeConnections', DESTINATION_WORDS.activeConnections),
    inactiveConnections: number('inactiveConnections', DESTINATION_WORDS.inactiveConnections),
    persistentConnections: number('persistentConnections', DESTINATION_WORDS.persistentConnections),
    tunnelType: {
      ...{ word: tunnelType, as: new Map(TUNNEL_TYPES.entries()), when: [IS_TUNNEL] },
      read: [FORWARDING_READ, TUNNEL_READ],
    },
    tunnelPort: {
      ...{ word: tunnelPort, as: 'number', when: isOfType('gue') },
      read: [
        FORWARDING_READ,
        TUNNEL_READ,
        { attribute: 'tunnelPort', word: tunnelPort, as: 'be16', optional: true },
      ],
    },
    checksum: {
      ...{ word: checksum, as: new Map(CHECKSUMS.entries()), when: isOfType('gue', 'gre') },
      read: [
        FORWARDING_READ,
        TUNNEL_READ,
        {
          ...{ attribute: 'tunnelFlags', word: checksum, as: 'u16', optional: true },
          among: [...CHECKSUMS.keys()],
        },
      ],
    },
    ...counters(DESTINATION_WORDS.counters),
  };
}

function number(attribute: string, word: number, before: readonly RecordValue[] = []): ListedValue {
  return { word, as: 'number', read: [...before, { attribute, word, as: 'u32' }] };
}

function text(attribute: string, word: number, optional = false): ListedValue {
  return { word, as: 'text', read: [{ attribute, word, as: 'text', optional }] };
}

function counters(first: number): Record<CounterValue, ListedValue> {
  const all = COUNTERS.map((name, index): [CounterValue, ListedValue] => {
    const word = first + index * 2;
    const most = name.endsWith('Rate') ? MOST_RATE : undefined;
    const read: RecordValue = { attribute: name, inside: 'stats64', word, as: 'u64', most };
    return [name, { word, as: 'counter', read: [read] }];
  });
  return Object.fromEntries(all) as Record<CounterValue, ListedValue>;
}
