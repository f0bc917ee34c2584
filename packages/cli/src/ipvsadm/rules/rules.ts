/** Rules as text: what `-S` writes and `-R` reads. */
import type { Destination, Service, Uncounted } from '@ipvs-ts/ipvs';
import {
  ADD_DESTINATION,
  ADD_SERVICE,
  type DestinationRuleValue,
  type RulePattern,
  type RuleValues,
  ruleWords,
  type ServiceNameValue,
  serviceNameValues,
  type ServiceSettingValue,
} from '@ipvs-ts/ipvs/verbs-sync';
import { EXIT, IpvsadmError, MESSAGES } from '../language/messages.js';
import { hasSchedulerFlags, isPersistent, netmaskText, schedulerFlags } from '../print/service-text.js';
import type { Entry } from '../print/table.js';
import { endpointText, type NameLookup } from '../language/names.js';

/** The longest word that a line of rules may have, in bytes. */
const LONGEST_WORD = 4096;

/** This word is left out of rules wherever it stands, so that whole command lines can be fed in. */
export const COMMAND_WORD = 'ipvsadm';

/** The table as the command lines that make it, an entry at a time. Thresholds have no place in them. */
export function* rulesText(
  entries: Iterable<Entry>,
  names: NameLookup | undefined,
): Generator<string, void, undefined> {
  for (const { service, destinations } of entries) {
    const name = serviceName(service, names);
    let text = line(ADD_SERVICE, { ...name, ...serviceSettings(service) });
    for (const destination of destinations)
      text += line(ADD_DESTINATION, destinationValues(destination, service, name, names));
    yield text;
  }
}

function line<Value extends string>(pattern: RulePattern<Value>, values: RuleValues<Value>): string {
  return `${ruleWords(pattern, values).join(' ')}\n`;
}

function serviceName(
  service: Uncounted<Service>,
  names: NameLookup | undefined,
): RuleValues<ServiceNameValue> {
  const endpoint = service.fwmark === undefined ? endpointText(service, service.protocol, names) : '';
  return serviceNameValues(service, endpoint);
}

function serviceSettings(service: Uncounted<Service>): RuleValues<ServiceSettingValue> {
  const { scheduler, persistence, onePacket } = service;
  const engine = persistence?.engine;
  const persistent = persistence !== undefined && isPersistent(service);
  return {
    scheduler,
    timeout: persistent ? persistence.timeout : undefined,
    netmask: persistent ? netmaskText(service) : undefined,
    // Saved whether persistent or not, unlike in listings.
    engine: engine === '' ? undefined : engine,
    onePacket: onePacket ? 1 : undefined,
    flags: hasSchedulerFlags(service) ? schedulerFlags(service) : undefined,
  };
}

/** Written out, since copying one object into another for each rule costs more than all the rest. */
function destinationValues(
  destination: Uncounted<Destination>,
  { protocol }: Uncounted<Service>,
  { protocol: option, service, fwmark, ipv6 }: RuleValues<ServiceNameValue>,
  names: NameLookup | undefined,
): RuleValues<ServiceNameValue | DestinationRuleValue> {
  const { forwarding, weight, tunnel } = destination;
  const { type, port, checksum } = forwarding === 'tunnel' && tunnel ? tunnel : {};
  return {
    protocol: option,
    service,
    fwmark,
    ipv6,
    destination: endpointText(destination, protocol, names),
    forwarding,
    weight,
    tunnelType: type,
    tunnelPort: type === 'gue' ? port : undefined,
    checksum: type === 'gue' || type === 'gre' ? checksum : undefined,
  };
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

const NUL = 0;
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
    if (code === NUL) throw new IpvsadmError(MESSAGES.nulInRules, EXIT.usage);
    if (code !== BLANK && code !== TAB && code !== RETURN) continue;
    if (at > start) addWord(words, line.slice(start, at));
    start = at + 1;
  }
  return words;
}

function addWord(words: string[], word: string): void {
  // No character has more than three bytes for each of its two bytes in memory.
  if (word.length * 3 > LONGEST_WORD && Buffer.byteLength(word) > LONGEST_WORD)
    throw new IpvsadmError(MESSAGES.overlongWord, EXIT.usage);
  if (word !== COMMAND_WORD) words.push(word);
}
