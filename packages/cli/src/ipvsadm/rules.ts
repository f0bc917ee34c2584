/** Rules as text: what `-S` writes and `-R` reads. */
import type { Destination, Service } from '@ipvs-ts/ipvs';
import { EXIT, Failure, MESSAGES } from './messages.js';
import { hasSchedulerFlags, isPersistent, netmaskText, schedulerFlags } from './print/service-text.js';
import type { Entry } from './print/table.js';
import { endpointText, type Names } from './resolve.js';

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

/** The table as the command lines that make it. Thresholds have no place in them. */
export function rulesText(entries: readonly Entry[], names: Names | undefined): string {
  const lines = entries.flatMap(({ service, destinations }) => {
    const name = serviceWords(service, names);
    return [
      serviceRule(name, service),
      ...destinations.map((destination) => destinationRule(name, destination, service, names)),
    ];
  });
  return lines.map((line) => `${line}\n`).join('');
}

function serviceWords(service: Service, names: Names | undefined): string {
  if (service.fwmark !== undefined)
    return service.family === 'ipv6' ? `-f ${service.fwmark} -6` : `-f ${service.fwmark}`;
  const letter = SERVICE_LETTERS[service.protocol] ?? '--xxx-service';
  return `${letter} ${endpointText(service, service.protocol, names)}`;
}

function serviceRule(name: string, service: Service): string {
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
  destination: Destination,
  service: Service,
  names: Names | undefined,
): string {
  const endpoint = endpointText(destination, service.protocol, names);
  const letter = FORWARDING_LETTERS[destination.forwarding] ?? '(null)';
  const words = ['-a', name, '-r', endpoint, letter, '-w', String(destination.weight)];
  const { tunnel } = destination;
  if (destination.forwarding === 'tunnel' && tunnel) {
    words.push('--tun-type', tunnel.type);
    if (tunnel.type === 'gue') words.push('--tun-port', String(tunnel.port));
    if (tunnel.type === 'gue' || tunnel.type === 'gre') words.push(CHECKSUMS[tunnel.checksum]);
  }
  return words.join(' ');
}

/** The command lines of rules that come in pieces, as words, each as soon as it is whole; empty ones are left out. */
export function* ruleLines(pieces: Iterable<string>): Generator<string[], void, undefined> {
  let rest = '';
  for (const piece of pieces) {
    if (!piece.includes('\n')) {
      rest += piece;
      continue;
    }
    const lines = (rest + piece).split('\n');
    rest = lines.pop() ?? '';
    for (const line of lines) yield* lineWords(line);
  }
  // A last line that no newline ends is lost when two blanks or more stand behind it.
  if (!/[ \t\r]{2}$/.test(rest)) yield* lineWords(rest);
}

function* lineWords(line: string): Generator<string[], void, undefined> {
  const words = line.split(/[ \t\r]+/).filter((word) => word !== '' && word !== COMMAND_WORD);
  if (words.some((word) => Buffer.byteLength(word) > LONGEST_WORD))
    throw new Failure(MESSAGES.overlongWord, EXIT.usage);
  if (words.length > 0) yield words;
}
