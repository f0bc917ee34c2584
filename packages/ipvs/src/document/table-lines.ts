/** Reads the table as lines of a document, without creating objects. */
import { TableLister } from '../bulk/table-lister.js';
import type { Calls } from '../calls/calls.js';
import { perform, type Procedure, unlessGone } from '../calls/procedure.js';
import { DOCUMENT_LINES, type NamedLine, serviceOf } from '../format/document-lines.js';

/** Text that YAML reads as nothing else. */
const WORD = '(?!(?:yes|no|true|false|on|off|null|nan|inf)[ \\n])[a-z][a-z0-9-]+';

/** Settings of a service that every document can express: one packet, the netmask, and whether it is persistent. */
const SERVICE = new RegExp(
  `^:\\n {4}scheduler: ${WORD}\\n(?: {4}flags: \\[[a-z0-9, -]+\\]\\n)?( {4}onePacket: true\\n)?` +
    `( {4}persistence: \\{ timeout: [1-9][0-9]{0,5}(?:, netmask: ([0-9.]+))?(?:, engine: ${WORD})? \\}\\n)?` +
    ' {4}destinations:\\n$',
);

/** The same for destinations, all of one family. Only the combination of thresholds is not checked. */
const DESTINATIONS = {
  ipv4: destinations('(?!22[4-9]\\.|23[0-9]\\.|0\\.0\\.0\\.0:|255\\.255\\.255\\.255:)[0-9.]+:[0-9]+'),
  ipv6: destinations('"\\[(?!ff[0-9a-f]{2}:|::\\])[0-9a-f:.]+\\]:[0-9]+"'),
} as const;

function destinations(name: string): RegExp {
  return new RegExp(
    `^(?: {6}${name}: \\{ forwarding: (?:masq|route|local|tunnel), weight: [0-9]{1,9}` +
      '(?:, upperThreshold: [0-9]{1,9}(?:, lowerThreshold: [0-9]{1,9})?)?' +
      '(?:, tunnel: \\{ type: (?:gue, port: [1-9][0-9]*(?:, checksum: (?:csum|remcsum))?|gre(?:, checksum: csum)?) \\})? \\}\\n)*$',
  );
}

const THRESHOLDS = /upperThreshold: ([0-9]+), lowerThreshold: ([0-9]+)/g;

/** A line whose name is that of the line before. */
const TWICE = /^( {6}[^ ]+: )[^\n]*\n\1/m;

const WHOLE_IPV6 = 128;

/** Groups of services in the order of documents; services are sorted within each. */
const GROUPS = [...['sctp:', 'sctp:[', 'tcp:', 'tcp:[', 'udp:', 'udp:['], ...['fwmark:', 'fwmark6:']];

/**
 * Returns the lines of all services with their destinations, as `writeDocument` writes them in YAML, once two
 * consecutive readings agree; an empty text without services. Returns undefined if the table changes, contains settings
 * that not every document can express, or cannot be read in this way: read it as objects then.
 */
export function* tableLines(calls: Calls): Procedure<string | undefined> {
  const lister = yield* TableLister.open(DOCUMENT_LINES);
  if (lister === undefined) return undefined;
  const before = yield* readLines(calls, lister);
  if (before === undefined) return undefined;
  return (yield* readLines(calls, lister)) === before ? before : undefined;
}

function* readLines(calls: Calls, lister: TableLister): Procedure<string | undefined> {
  const count = yield* lister.services('numeric');
  if (count === undefined) return undefined;
  const groups: string[][] = GROUPS.map(() => []);
  let before = '';
  for (let index = 0; index < count; index++) {
    const head = lister.service(index);
    const service = serviceOf(head);
    // A list with an entry twice was disturbed by a change.
    if (service.name === before) return undefined;
    before = service.name;
    const text = yield* lister.destinations(index);
    if (text === undefined || !isUsual(service, text.slice(head.length))) return undefined;
    let lines = text;
    if (text === '') {
      if ((yield* unlessGone(perform(calls.service(service.name)))) === undefined) continue;
      lines = head.replace(/:\n$/, ': {}\n');
    }
    groups[groupOf(service.name)]?.push(lines);
  }
  return groups.flat().join('');
}

function groupOf(name: string): number {
  const end = name.indexOf(':') + 1;
  return GROUPS.indexOf(name.slice(0, name.startsWith('[', end) ? end + 1 : end));
}

/** Whether every document can express the service with these destinations; also false if that is not obvious. */
function isUsual({ name, settings }: NamedLine, lines: string): boolean {
  const found = SERVICE.exec(settings);
  if (found === null) return false;
  const [, onePacket, persistence, netmask] = found;
  const isIPv6 = name.includes('[') || name.startsWith('fwmark6');
  const isMarked = name.startsWith('fwmark');
  if (onePacket !== undefined && !isMarked && !name.startsWith('udp')) return false;
  if (persistence === undefined && !isMarked && name.endsWith(':0')) return false;
  if (isIPv6 && netmask !== undefined && !(Number(netmask) >= 1 && Number(netmask) <= WHOLE_IPV6))
    return false;
  if (!DESTINATIONS[isIPv6 ? 'ipv6' : 'ipv4'].test(lines) || TWICE.test(lines)) return false;
  if (!lines.includes('lower')) return true;
  return [...lines.matchAll(THRESHOLDS)].every(([, upper, lower]) => Number(lower) <= Number(upper));
}
