import { parseAddress } from '@ipvs-ts/ipvs';
import { contains } from '../rtnetlink/prefix.js';
import { type Packet, protocolOf } from './packet.js';
import { type Answer, known, type Match } from './rule.js';

/** Matches a network: `192.0.2.0/24`, `192.0.2.0/255.255.255.0`, or one address. */
export function network(side: 'source' | 'destination', text: string): Match {
  const [address = '', length] = text.split('/');
  const parsed = parseAddress(address);
  if (parsed === undefined) return perhaps;
  const bits = length === undefined ? parsed.bytes.length * 8 : prefixLength(length);
  return (packet) => {
    if (bits === 0) return 'yes';
    return known(packet[side], (value) => contains(address, bits, value));
  };
}

/** Matches the port of one end against a number or a range, `80` or `8000:8080`. */
export function port(side: 'sourcePort' | 'destinationPort', text: string): Match {
  const [from = '0', to] = text.split(':');
  const low = from === '' ? 0 : Number(from);
  const high = to === undefined ? low : to === '' ? 0xffff : Number(to);
  if (Number.isNaN(low) || Number.isNaN(high)) return perhaps;
  return (packet) => known(packet[side], (value) => value >= low && value <= high);
}

/** Matches the name of an interface; `eth+` stands for all that begin so. */
export function device(side: 'input' | 'output', text: string): Match {
  const start = text.endsWith('+') ? text.slice(0, -1) : undefined;
  return (packet) =>
    known(packet[side], (name) => (start === undefined ? name === text : name.startsWith(start)));
}

/** Matches the protocol by name or number; `all` matches every one. */
export function protocol(text: string): Match {
  if (text === 'all' || text === '0') return () => 'yes';
  const number = protocolOf(text);
  return number === undefined
    ? perhaps
    : (packet) => known(protocolOf(packet.protocol), (own) => own === number);
}

/** Matches states as conntrack names them, in either case. */
export function states(names: readonly string[]): Match {
  const wanted = names.map((name) => name.toLowerCase());
  return ({ state }) => known(state, (own) => wanted.includes(own));
}

/** Matches if one of several does. */
export function any(matches: readonly Match[]): Match {
  return (packet: Packet): Answer => {
    const answers = matches.map((match) => match(packet));
    return answers.includes('yes') ? 'yes' : answers.includes('perhaps') ? 'perhaps' : 'no';
  };
}

/** The match of what is not understood here. */
export const perhaps: Match = () => 'perhaps';

function prefixLength(text: string): number {
  if (!text.includes('.') && !text.includes(':')) return Number(text);
  const bits = Array.from(parseAddress(text)?.bytes ?? [], (byte) => byte.toString(2).padStart(8, '0')).join(
    '',
  );
  return !bits.includes('0') ? bits.length : bits.indexOf('0');
}
