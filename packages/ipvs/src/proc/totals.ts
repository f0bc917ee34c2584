import type { Counters, Rates, Stats } from '../model/counters.js';
import { type ProcFiles, readProc } from './proc-files.js';

/** Counters of all IPVS traffic of the network namespace. */
export interface Totals {
  /** As the kernel added them up last, at most two seconds ago. */
  readonly stats: Stats;
  readonly rates: Rates;
  /** Live, by CPU. */
  readonly cpus: readonly { readonly cpu: number; readonly stats: Stats }[];
}

/** Reads the totals. Throws ERR_IPVS_PROC. */
export function readTotals(files: ProcFiles): Totals {
  const [stats, perCpu] = FILES.map((path) => readProc(files, path, 'read the totals')) as [string, string];
  return parseTotals(stats, perCpu);
}

const FILES = ['/proc/thread-self/net/ip_vs_stats', '/proc/thread-self/net/ip_vs_stats_percpu'] as const;

/** Reads both files; their numbers are hexadecimal. */
export function parseTotals(stats: string, perCpu: string): Totals {
  const [totals, rates] = rows(stats).filter((row) => row.length === 5);
  return {
    stats: counts(totals ?? [], (text) => BigInt(`0x${text}`), 0n),
    rates: counts(rates ?? [], (text) => parseInt(text, 16), 0),
    cpus: rows(perCpu)
      .filter((row) => row.length === 6)
      .map(([cpu, ...row]) => ({
        cpu: parseInt(cpu as string, 16),
        stats: counts(row, (text) => BigInt(`0x${text}`), 0n),
      })),
  };
}

/** The lines that hold nothing but hexadecimal numbers. */
function rows(text: string): string[][] {
  return text
    .split('\n')
    .map((line) => line.trim().split(/\s+/))
    .filter((fields) => fields.every((field) => /^[0-9A-F]+$/i.test(field)));
}

function counts<N>(row: readonly string[], parse: (text: string) => N, none: N): Counters<N> {
  const at = (index: number): N => (row[index] === undefined ? none : parse(row[index]));
  return { connections: at(0), inPackets: at(1), outPackets: at(2), inBytes: at(3), outBytes: at(4) };
}
