import { argumentsOf } from '../argument-checks.js';
import { rangeOf } from '../firewall/address-range.js';
import { type Answer, all, any, known } from '../firewall/answer.js';
import { addressIn, hasPorts, portIn, portRange } from '../firewall/match.js';
import { type Packet, protocolOf } from '../firewall/packet.js';

/** A set of the kernel, as `ipset save` writes it. */
export interface IpSet {
  /** The parts of its entries: `hash:ip,port` has `ip` and `port`. */
  readonly parts: readonly string[];
  readonly entries: readonly { readonly text: string; readonly except: boolean }[];
}

/** Reads the output of `ipset save`. */
export function readIpsets(text: string): Map<string, IpSet> {
  argumentsOf.is('text', text, 'text');
  const sets = new Map<string, IpSet & { entries: { text: string; except: boolean }[] }>();
  for (const line of text.split('\n')) {
    const [verb, name = '', value = '', ...rest] = line.trim().split(/\s+/);
    if (verb === 'create') sets.set(name, { parts: (value.split(':')[1] ?? '').split(','), entries: [] });
    else if (verb === 'add') sets.get(name)?.entries.push({ text: value, except: rest.includes('nomatch') });
  }
  return sets;
}

/** Whether a packet is in a set. `sides` says which end each part looks at. */
export function inSet(
  sets: ReadonlyMap<string, IpSet> | undefined,
  name: string,
  sides: readonly string[],
  packet: Packet,
): Answer {
  const set = sets?.get(name);
  if (set === undefined) return 'perhaps';
  if (set.parts[0] === 'set') return any(set.entries.map(({ text }) => inSet(sets, text, sides, packet)));
  if (set.parts.some((part) => READERS[part] === undefined)) return 'perhaps';
  if (set.entries.some(({ text, except }) => except && holds(set, text, sides, packet) !== 'no')) {
    return set.entries.some(({ text, except }) => except && holds(set, text, sides, packet) === 'yes')
      ? 'no'
      : 'some';
  }
  return any(set.entries.filter(({ except }) => !except).map(({ text }) => holds(set, text, sides, packet)));
}

function holds({ parts }: IpSet, text: string, sides: readonly string[], packet: Packet): Answer {
  const values = text.split(',');
  return all(
    parts.map((part, index) => {
      const read = READERS[part] ?? (() => 'perhaps' as const);
      return read(values[index] ?? '', (sides[index] ?? sides[0]) === 'dst', packet);
    }),
  );
}

type Reader = (value: string, destination: boolean, packet: Packet) => Answer;

const address: Reader = (value, destination, packet) => {
  const range = rangeOf(value);
  if (range === undefined) return 'perhaps';
  return addressIn(packet, destination ? 'destination' : 'source', range);
};

const READERS: Readonly<Record<string, Reader>> = {
  ip: address,
  net: address,
  port: (value, destination, packet) => {
    // A set of ports alone holds those of every protocol.
    const [name, number] = value.includes(':') ? value.split(':') : [undefined, value];
    if (name !== undefined && protocolOf(name) !== protocolOf(packet.protocol)) return 'no';
    const range = portRange(number);
    if (range === undefined) return 'perhaps';
    const [low, high] = range;
    if (!hasPorts(packet)) return name === undefined ? 'no' : 'perhaps';
    return portIn(packet, destination ? packet.destinationPort : packet.sourcePort, low, high);
  },
  iface: (value, destination, packet) =>
    known(destination ? packet.output : packet.input, (own) => own === value),
  mark: (value, _, { mark = 0 }) => (mark === 'unknown' ? 'perhaps' : mark === Number(value) ? 'yes' : 'no'),
  mac: () => 'some',
};
