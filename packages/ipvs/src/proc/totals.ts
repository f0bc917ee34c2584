import type { Counters, Rates, Stats } from '../model/counters.js';
import { malformedLine } from './malformed.js';
import { type ProcFiles, readProc } from './proc-files.js';

/** Counters of all IPVS traffic of the network namespace. */
export interface Totals {
  /** As the kernel last added them up, at most two seconds ago. */
  readonly stats: Stats;
  readonly rates: Rates;
  /** Live, by CPU. */
  readonly cpus: readonly { readonly cpu: number; readonly stats: Stats }[];
}

const STATS = '/proc/thread-self/net/ip_vs_stats';
const PER_CPU = '/proc/thread-self/net/ip_vs_stats_percpu';
const READ_TOTALS = 'read the totals';

/** Reads the totals. Throws ERR_IPVS_PROC. */
export function readTotals(files: ProcFiles): Totals {
  return parseTotals(readProc(files, STATS, READ_TOTALS), readProc(files, PER_CPU, READ_TOTALS));
}

/** Reads both files; their numbers are hexadecimal. Throws ERR_IPVS_PROC with file and line. */
export function parseTotals(stats: string, perCpu: string): Totals {
  return { ...readStats(new Lines(STATS, stats)), cpus: readCpus(new Lines(PER_CPU, perCpu)) };
}

/**
 * ```
 *    Total Incoming Outgoing         Incoming         Outgoing
 *    Conns  Packets  Packets            Bytes            Bytes
 *        3        3        3               AA               9E
 *
 *  Conns/s   Pkts/s   Pkts/s          Bytes/s          Bytes/s
 *        0        0        0               10                F
 * ```
 */
function readStats(lines: Lines): Pick<Totals, 'stats' | 'rates'> {
  lines.expect(/^Total\s+Incoming\s/, 'titles');
  lines.expect(/^Conns\s+Packets\s/, 'titles');
  const stats = lines.counters(/^/, 'five hexadecimal totals');
  const rates = readRates(lines);
  return { stats: counters(stats, bigOf), rates: counters(rates, Number) };
}

/** As above with a column for the CPU, a line for each, and one with `~` for their sum. */
function readCpus(lines: Lines): Totals['cpus'] {
  const cpus: { cpu: number; stats: Stats }[] = [];
  lines.expect(/^Total\s+Incoming\s/, 'titles');
  lines.expect(/^CPU\s+Conns\s/, 'titles');
  do {
    const [cpu = '', ...row] = lines.counters(/^([0-9A-F]{1,8})\s+/i, 'a CPU and five hexadecimal totals');
    cpus.push({ cpu: parseInt(cpu, 16), stats: counters(row, bigOf) });
  } while (!lines.next.startsWith('~'));
  lines.counters(/^~\s+/, '~ and five hexadecimal totals');
  readRates(lines);
  return cpus;
}

/** The second part of both files, which ends them. */
function readRates(lines: Lines): string[] {
  lines.expect(/^$/, 'empty');
  lines.expect(/^Conns\/s\s+Pkts\/s\s/, 'titles of rates');
  const rates = lines.counters(/^/, 'five hexadecimal rates');
  lines.end();
  return rates.map((rate) => String(parseInt(rate, 16)));
}

/** The lines of a file, one after another. */
class Lines {
  readonly #path: string;
  readonly #lines: readonly string[];
  #read = 0;

  constructor(path: string, text: string) {
    this.#path = path;
    this.#lines = text.trimEnd().split('\n');
  }

  /** The next line without spaces around it. */
  get next(): string {
    return (this.#lines[this.#read] ?? '').trim();
  }

  /** Takes the next line, which `pattern` must match. */
  expect(pattern: RegExp, expected: string): RegExpExecArray {
    const found = this.#read < this.#lines.length ? pattern.exec(this.next) : null;
    if (found === null) throw this.#malformed(expected);
    this.#read++;
    return found;
  }

  /** Takes a line of `start` and five hexadecimal numbers of at most 64 bits; returns the fields of both. */
  counters(start: RegExp, expected: string): string[] {
    const number = '([0-9A-F]{1,16})';
    const pattern = new RegExp(`${start.source}${Array(5).fill(number).join('\\s+')}$`, 'i');
    return this.expect(pattern, expected).slice(1);
  }

  /** Nothing may be left. */
  end(): void {
    if (this.#read < this.#lines.length) throw this.#malformed('the end of the file');
  }

  #malformed(expected: string): Error {
    return malformedLine(READ_TOTALS, this.#path, this.#read + 1, expected, this.#lines[this.#read]);
  }
}

function bigOf(hexadecimal: string): bigint {
  return BigInt(`0x${hexadecimal}`);
}

function counters<N>(row: readonly string[], read: (text: string) => N): Counters<N> {
  const [connections, inPackets, outPackets, inBytes, outBytes] = row.map((text) => read(text)) as [
    N,
    N,
    N,
    N,
    N,
  ];
  return { connections, inPackets, outPackets, inBytes, outBytes };
}
