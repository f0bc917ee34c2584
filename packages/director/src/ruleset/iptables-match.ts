import { rangeOf, within } from '../firewall/address-range.js';
import { type Answer, known, not } from '../firewall/answer.js';
import { inSet, type IpSet } from './ipset.js';
import {
  addressType,
  always,
  anyOf,
  device,
  mark,
  network,
  never,
  perhaps,
  port,
  portIn,
  portRange,
  protocol,
  some,
  states,
  tcpFlags,
} from '../firewall/match.js';
import type { Packet } from '../firewall/packet.js';
import type { Match } from '../firewall/rule.js';

/** One option of a rule and its values, with or without `!` before it. */
export interface Option {
  /** The module it belongs to, as the last `-m` or `-p` says. */
  readonly module: string;
  readonly name: string;
  readonly values: readonly string[];
}

/** Matches of options without a value, and of those whose meaning depends on the module. */
type Reader = (values: readonly string[], sets: ReadonlyMap<string, IpSet> | undefined) => Match;

const value =
  (make: (text: string) => Match): Reader =>
  ([text = '']) =>
    make(text);
const list =
  (make: (texts: readonly string[]) => Match): Reader =>
  ([text = '']) =>
    make(text.split(','));
const each = (make: (text: string) => Match): Reader => list((texts) => anyOf(texts.map(make)));
/** A value and a mask: `0x1/0xff`. */
const bits = (side: 'mark' | 'connectionMark'): Reader =>
  value((text) => {
    const [number, mask = '0xffffffff'] = text.split('/');
    return mark(side, Number(number) >>> 0, Number(mask) >>> 0);
  });

const ALL_FLAGS = ['fin', 'syn', 'rst', 'psh', 'ack', 'urg'];
const flags = (text: string): readonly string[] =>
  text === 'ALL' ? ALL_FLAGS : text === 'NONE' ? [] : text.split(',');
const icmp: Reader = value((text) =>
  /^[0-9]+$/.test(text)
    ? ({ icmpType }) => known(icmpType, (type) => type === Number(text))
    : /^[0-9]+\/[0-9]+$/.test(text)
      ? ({ icmpType }) =>
          icmpType !== undefined && icmpType !== Number(text.split('/')[0]) ? 'no' : 'perhaps'
      : perhaps,
);
const anyPort: Reader = each((text) => anyOf([port('sourcePort', text), port('destinationPort', text)]));

/** Options whose meaning does not depend on a module. */
const OPTIONS: Readonly<Record<string, Reader>> = {
  '-s': value((text) => network('source', text)),
  '-d': value((text) => network('destination', text)),
  '-p': value(protocol),
  '-i': value((text) => device('input', text)),
  '-o': value((text) => device('output', text)),
  // Fragments are reassembled before any rule sees them.
  '-f': () => never,
  '--dport': value((text) => port('destinationPort', text)),
  '--sport': value((text) => port('sourcePort', text)),
  '--dports': each((text) => port('destinationPort', text)),
  '--sports': each((text) => port('sourcePort', text)),
  '--ports': anyPort,
  '--syn': () => tcpFlags(['fin', 'syn', 'rst', 'ack'], ['syn']),
  '--tcp-flags': ([mask = '', set = '']) => tcpFlags(flags(mask), flags(set)),
  '--state': list(states),
  '--ctstate': list(states),
  '--ctproto': value(protocol),
  '--ctdir': value(
    (text) =>
      ({ reply }) =>
        known(reply, (own) => own === (text === 'REPLY')),
  ),
  '--icmp-type': icmp,
  '--icmpv6-type': icmp,
  '--src-type': list((texts) => addressType('sourceType', texts)),
  '--dst-type': list((texts) => addressType('destinationType', texts)),
  '--src-range': value((text) => network('source', text)),
  '--dst-range': value((text) => network('destination', text)),
  '--pkt-type': value((text) => (text === 'unicast' || text === 'host' ? always : never)),
  // Packets of IPVS do not belong to a socket of this host; its own packets may.
  '--uid-owner': () => owned,
  '--gid-owner': () => owned,
  '--socket-exists': () => owned,
  '--ipvs':
    () =>
    ({ ipvs }) =>
      known(ipvs, (own) => own),
  '--vaddr': value((text) => {
    const inNetwork = network('destination', text);
    return ({ ipvs, virtual, ...packet }) =>
      ipvs === false ? 'no' : inNetwork({ ...packet, destination: virtual?.address });
  }),
  '--vport': value(
    (text) =>
      ({ ipvs, virtual }) =>
        ipvs === false ? 'no' : known(virtual?.port, (own) => own === Number(text)),
  ),
  '--vproto': value(protocol),
  '--hl-eq': value(
    (text) =>
      ({ hopLimit }) =>
        hopLimit === undefined ? 'perhaps' : known(hopLimit, (own) => own === Number(text)),
  ),
  '--nfacct-name': () => always,
  '--ctstatus': list((names) => (packet) => status(names, packet)),
  '--ctorigdst': value((text) => {
    const range = rangeOf(text);
    return (packet) => {
      if (range === undefined) return 'perhaps';
      if (!isTracked(packet)) return 'no';
      return known(packet.original?.address ?? packet.destination, (own) => within(range, own));
    };
  }),
  '--ctorigdstport': value((text) => (packet) => {
    const range = portRange(text);
    if (range === undefined) return 'perhaps';
    return isTracked(packet)
      ? portIn(packet, packet.original?.port ?? packet.destinationPort, ...range)
      : 'no';
  }),
  '--mac-source': () => some,
  '--source-country': () => some,
  '--src-cc': () => some,
  '--match-set': ([name = '', sides = ''], sets) => {
    const ends = sides.split(',');
    return (packet) => inSet(sets, name, ends, packet);
  },
};

/** States that connections have that no rule translates and no helper expects. */
function status(names: readonly string[], { state, reply }: Packet): Answer {
  if (state !== 'established') return state === undefined || state === 'unknown' ? 'perhaps' : 'no';
  const own = ['CONFIRMED', ...(reply === true ? ['SEEN_REPLY'] : [])];
  if (names.some((name) => own.includes(name))) return 'yes';
  // Whether the other side has answered before, and often enough.
  return names.some((name) => name === 'SEEN_REPLY' || name === 'ASSURED') ? 'perhaps' : 'no';
}

/** Whether conntrack knows the connection of a packet, be it as of now. */
function isTracked({ state }: Packet): boolean {
  return state !== 'invalid' && state !== 'untracked';
}

const owned: Match = ({ input, ipvs }) => (input === '' && ipvs !== true ? 'some' : 'no');

/** Options whose meaning depends on the module. */
const BY_MODULE: Readonly<Record<string, Reader>> = {
  'mark --mark': bits('mark'),
  'connmark --mark': bits('connectionMark'),
  // IPsec and reverse paths depend on the client.
  'policy --pol': value((text) => (text === 'none' ? always : some)),
  'policy --dir': () => always,
};

/** Modules that match without options, or whose options do not matter here. */
const WHOLE: Readonly<Record<string, Match>> = { rpfilter: some, socket: perhaps };

/** The match of one option; `perhaps` for an unknown option. */
export function matchOf(option: Option, sets: ReadonlyMap<string, IpSet> | undefined): Match {
  const { module, name, values } = option;
  const whole = WHOLE[module];
  if (whole !== undefined && !name.startsWith('-p')) return whole;
  return (BY_MODULE[`${module} ${name}`] ?? OPTIONS[name] ?? (() => perhaps))(values, sets);
}

/** The opposite of a match. */
export function inverse(match: Match): Match {
  return (packet) => not(match(packet));
}

/** The match of a module without options; undefined if it has none. */
export function matchOfModule(module: string): Match | undefined {
  return WHOLE[module];
}
