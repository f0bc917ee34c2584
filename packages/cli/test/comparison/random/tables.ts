/** Random tables, as the lines of a restore. */
import { SCHEDULERS } from '@ipvs-ts/ipvs';
import type { Source } from './source.js';

/** What a table may have. */
export interface TableOptions {
  readonly services: number;
  readonly destinations: number;
  /** Addresses so far apart that the reference's comparison of them is no order. */
  readonly anyAddress?: boolean;
  /** Thresholds, which a save leaves out, and masks without persistence, which it leaves out too. */
  readonly lossy?: boolean;
  /** Absent: those that every kernel has. */
  readonly schedulers?: readonly string[];
}

/** Schedulers that every kernel has. */
const ALL_SCHEDULERS = [...SCHEDULERS.filter((name) => name !== 'twos'), 'none'];

interface Made {
  readonly words: string;
  readonly family: 4 | 6;
  readonly mark: boolean;
}

/** The lines of a table with so many services, and about so many destinations in all. */
export function drawTable(source: Source, options: TableOptions): string[] {
  const services = new Map<string, Made>();
  while (services.size < options.services) {
    const made = drawService(source, options);
    services.set(made.words, made);
  }
  const lines: string[] = [];
  const kept = [...services.values()];
  for (const made of kept) lines.push(`-A ${made.words} ${serviceOptions(made, source, options)}`);
  const seen = new Set<string>();
  for (let count = 0; kept.length > 0 && count < options.destinations; count++) {
    const { identity, line } = drawDestination(source.pick(kept), source, options);
    if (!seen.has(identity)) lines.push(line);
    seen.add(identity);
  }
  return lines.map((line) => line.trim());
}

function drawService(source: Source, options: TableOptions): Made {
  const family = source.chance(0.35) ? 6 : 4;
  if (source.chance(0.15)) {
    const mark = 1 + source.below(100_000);
    return { words: family === 6 ? `-f ${mark} -6` : `-f ${mark}`, family, mark: true };
  }
  const protocol = source.pick(['-t', '-t', '-u', '--sctp-service']);
  const words = `${protocol} ${hostPort(address(source, family, options), 1 + source.below(65535))}`;
  return { words, family, mark: false };
}

function serviceOptions(
  { words, family, mark }: Made,
  source: Source,
  { lossy, schedulers = ALL_SCHEDULERS }: TableOptions,
): string {
  const scheduler = source.pick(schedulers);
  const parts = [`-s ${scheduler}`];
  const persistent = source.chance(0.3);
  if (persistent) parts.push(`-p ${1 + source.below(100_000)}`);
  if (source.chance(persistent ? 0.5 : lossy ? 0.1 : 0)) {
    parts.push(`-M ${family === 6 ? 1 + source.below(128) : `255.255.${source.below(256)}.0`}`);
  }
  if (words.startsWith('-u') && source.chance(0.3)) parts.push('-o');
  if (mark && source.chance(0.1)) parts.push('-o');
  if (words.startsWith('-u') && persistent && source.chance(0.3)) parts.push('--pe sip');
  const flags = source.some(flagNames(scheduler), 0.2);
  if (flags.length > 0) parts.push(`-b ${flags.join(',')}`);
  return parts.join(' ');
}

function flagNames(scheduler: string): string[] {
  if (scheduler === 'sh' || scheduler === 'mh') return [`${scheduler}-port`, `${scheduler}-fallback`];
  return ['flag-1', 'flag-2', 'flag-3'];
}

function drawDestination(
  { words, family, mark }: Made,
  source: Source,
  options: TableOptions,
): { identity: string; line: string } {
  const method = source.pick(['-m', '-m', '-g', '-i', '-i']);
  const other = method === '-i' && source.chance(0.2);
  const host = address(source, other ? (family === 6 ? 4 : 6) : family, options);
  const port = method === '-m' || mark ? source.below(65536) : 0;
  const parts = ['-a', words, '-r', hostPort(host, port), method, `-w ${weight(source)}`];
  if (options.lossy && source.chance(0.3)) {
    const upper = source.below(100_000);
    parts.push(`-x ${upper} -y ${source.below(upper + 1)}`);
  }
  if (method === '-i') parts.push(tunnel(source));
  return { identity: `${words} ${hostPort(host, port)}`, line: parts.join(' ') };
}

function tunnel(source: Source): string {
  const sum = source.pick(['', '--tun-nocsum', '--tun-csum']);
  const gue = source.pick([sum, '--tun-remcsum']);
  const port = 1 + source.below(65535);
  return source.pick([
    '',
    '--tun-type ipip',
    `--tun-type gre ${sum}`,
    `--tun-type gue --tun-port ${port} ${gue}`,
  ]);
}

function weight(source: Source): number {
  return source.pick([0, 1, 1, source.below(1000), source.below(2 ** 31)]);
}

function address(source: Source, family: 4 | 6, { anyAddress }: TableOptions): string {
  const byte = (): number => source.below(256);
  if (family === 4) {
    const first = anyAddress ? source.pick([10, 127, 128, 172, 192, 1, 223]) : 10;
    return `${first}.${byte()}.${byte()}.${1 + source.below(254)}`;
  }
  // Groups below 8000 have an order wherever they stand.
  const group = (): string => source.below(anyAddress ? 0x10000 : 0x8000).toString(16);
  const first = anyAddress ? source.pick(['2001', 'fd00', '7fff', '8000', 'a000', '64']) : 'fd00';
  return source.pick([
    `${first}:${group()}::${group()}`,
    `${first}::${group()}:0:0:1`,
    `${first}:0:0:${group()}::1`,
  ]);
}

function hostPort(host: string, port: number): string {
  return host.includes(':') ? `[${host}]:${port}` : `${host}:${port}`;
}
