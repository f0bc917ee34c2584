/** Rules as text: what `-S` writes and `-R` reads. */
import type { Destination, Service, Uncounted } from '@ipvs-ts/ipvs';
import { EXIT, Failure, MESSAGES } from '../language/messages.js';
import { hasSchedulerFlags, isPersistent, netmaskText, schedulerFlags } from '../print/service-text.js';
import type { Entry } from '../print/table.js';
import { endpointText, type Names } from '../language/names.js';

const SERVICE_LETTERS: Readonly<Record<string, string>> = {
  tcp: '-t',
  udp: '-u',
  sctp: '--sctp-service',
};

const FORWARDING_LETTERS: Readonly<Record<string, string>> = {
  masq: '-m',
  tunnel: '-i',
  route: '-g',
  local: '-g',
};

const CHECKSUMS = { none: '--tun-nocsum', csum: '--tun-csum', remcsum: '--tun-remcsum' } as const;

/** The longest word that a line of rules may have, in bytes. */
const LONGEST_WORD = 4096;

/** This word is left out of rules wherever it stands, so that whole command lines can be fed in. */
const COMMAND_WORD = 'ipvsadm';

/** The table as the command lines that make it, an entry at a time. Thresholds have no place in them. */
export function* rulesText(
  entries: Iterable<Entry>,
  names: Names | undefined,
): Generator<string, void, undefined> {
  for (const { service, destinations } of entries) {
    const name = serviceWords(service, names);
    let text = `${serviceRule(name, service)}\n`;
    for (const destination of destinations) text += `${destinationRule(name, destination, service, names)}\n`;
    yield text;
  }
}

function serviceWords(service: Uncounted<Service>, names: Names | undefined): string {
  if (service.fwmark !== undefined)
    return service.family === 'ipv6' ? `-f ${service.fwmark} -6` : `-f ${service.fwmark}`;
  const letter = SERVICE_LETTERS[service.protocol] ?? '--xxx-service';
  return `${letter} ${endpointText(service, service.protocol, names)}`;
}

function serviceRule(name: string, service: Uncounted<Service>): string {
  const words = ['-A', name, '-s', service.scheduler];
  if (service.persistence && isPersistent(service)) {
    words.push('-p', String(service.persistence.timeout));
    const mask = netmaskText(service);
    if (mask !== undefined) words.push('-M', mask);
  }
  // Saved whether persistent or not, unlike in listings.
  if (service.persistence?.engine) words.push('--pe', service.persistence.engine);
  if (service.onePacket) words.push('-o');
  if (hasSchedulerFlags(service)) words.push('-b', schedulerFlags(service));
  return words.join(' ');
}

function destinationRule(
  name: string,
  destination: Uncounted<Destination>,
  service: Uncounted<Service>,
  names: Names | undefined,
): string {
  const endpoint = endpointText(destination, service.protocol, names);
  const letter = FORWARDING_LETTERS[destination.forwarding] ?? '(null)';
  let rule = `-a ${name} -r ${endpoint} ${letter} -w ${destination.weight}`;
  const { tunnel } = destination;
  if (destination.forwarding === 'tunnel' && tunnel) {
    rule += ` --tun-type ${tunnel.type}`;
    if (tunnel.type === 'gue') rule += ` --tun-port ${tunnel.port}`;
    if (tunnel.type === 'gue' || tunnel.type === 'gre') rule += ` ${CHECKSUMS[tunnel.checksum]}`;
  }
  return rule;
}

/** What becomes of rules as they are read. */
export interface RuleReader {
  /** Takes the rules that stand from `at` on, as far as they are in forms that are known whole; where others begin. */
  plain(text: Buffer, at: number): number;
  /** Takes any line; whether to go on. */
  line(text: string): boolean;
  /** All that is at hand has been read. */
  atHand(): void;
}

/** Reads rules that come in pieces, each as soon as its line is whole. */
export function readRules(pieces: Iterable<string>, reader: RuleReader): void {
  let rest = '';
  for (const piece of pieces) {
    rest += piece;
    const end = piece.includes('\n') ? rest.lastIndexOf('\n') + 1 : 0;
    if (end === 0) continue;
    if (!readLines(rest.slice(0, end), reader)) return;
    rest = rest.slice(end);
    reader.atHand();
  }
  // A last line that no newline ends is lost when two blanks or more stand behind it.
  if (!/[ \t\r]{2}$/.test(rest)) reader.line(rest);
}

/** Reads lines that are all whole; whether to go on. */
function readLines(lines: string, reader: RuleReader): boolean {
  const text = Buffer.from(lines);
  for (let at = reader.plain(text, 0); at < text.length;) {
    const end = text.indexOf(LF, at);
    if (!reader.line(text.toString('utf8', at, end))) return false;
    at = reader.plain(text, end + 1);
  }
  return true;
}

const LF = 10;
const BLANK = 32;
const TAB = 9;
const RETURN = 13;

/**
 * The words of a line, between blanks; none of an empty one. Looked at character by character: a restore has tens of
 * thousands of lines.
 */
export function lineWords(line: string): string[] {
  const words: string[] = [];
  let start = 0;
  for (let at = 0; at <= line.length; at++) {
    const code = at === line.length ? BLANK : line.charCodeAt(at);
    if (code !== BLANK && code !== TAB && code !== RETURN) continue;
    if (at > start) addWord(words, line.slice(start, at));
    start = at + 1;
  }
  return words;
}

function addWord(words: string[], word: string): void {
  // No character has more than three bytes for each of its two bytes in memory.
  if (word.length * 3 > LONGEST_WORD && Buffer.byteLength(word) > LONGEST_WORD)
    throw new Failure(MESSAGES.overlongWord, EXIT.usage);
  if (word !== COMMAND_WORD) words.push(word);
}
