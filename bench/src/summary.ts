/** Samples → the table that is printed. */
import type { Sample } from './sample.js';

export interface Row {
  readonly workload: string;
  readonly candidate: string;
  readonly runs: number;
  readonly median: number;
  readonly least: number;
  readonly memory: number;
}

type Figure = (sample: Sample) => number;

/** Median and minimum of a figure for each workload and candidate, in order of appearance. */
export function rows(samples: readonly Sample[], figure: Figure): Row[] {
  const groups = new Map<string, Sample[]>();
  for (const sample of samples) {
    const key = `${sample.workload} ${sample.candidate}`;
    groups.set(key, [...(groups.get(key) ?? []), sample]);
  }
  return [...groups.values()].map((group) => {
    const figures = group.map(figure).sort((a, b) => a - b);
    const [{ workload, candidate }] = group as [Sample];
    return {
      workload,
      candidate,
      runs: group.length,
      median: figures[figures.length >> 1] as number,
      least: figures[0] as number,
      memory: Math.max(...group.map(({ memory }) => memory)) / 1024,
    };
  });
}

/** Results that differ between the candidates of a workload: then its figures cannot be compared. */
export function disagreements(samples: readonly Sample[]): string[] {
  const problems = new Set<string>();
  const first = new Map<string, Sample>();
  for (const sample of samples) {
    const { workload, candidate, status, table, output } = sample;
    if (status !== 0) problems.add(`${workload}: ${candidate} ended with status ${status}`);
    const other = first.get(workload);
    if (other === undefined) first.set(workload, sample);
    else if (table !== other.table)
      problems.add(`${workload}: ${candidate} leaves ${table}, ${other.candidate} ${other.table}`);
    else if (output !== '' && other.output !== '' && output !== other.output)
      problems.add(`${workload}: ${candidate} and ${other.candidate} print different lines`);
  }
  return [...problems];
}

/** The rows as text, with ratios to ipvsadm, to the floor, to Node's own start and to the synchronous library. */
export function tableOf(all: readonly Row[], unit: string): string {
  const node = all.find(({ candidate }) => candidate === 'node')?.median;
  const lines = [
    `${'workload'.padEnd(24)}${'candidate'.padEnd(11)}${unit.padStart(10)}${'least'.padStart(10)}${'MB'.padStart(6)}${'ipvsadm'.padStart(9)}${'floor'.padStart(8)}${'node'.padStart(7)}${'sync'.padStart(7)}`,
  ];
  for (const row of all) {
    const beside = (name: string): number | undefined =>
      all.find(({ workload, candidate }) => workload === row.workload && candidate === name)?.median;
    lines.push(
      row.workload.padEnd(24) +
        row.candidate.padEnd(11) +
        row.median.toFixed(1).padStart(10) +
        row.least.toFixed(1).padStart(10) +
        row.memory.toFixed(0).padStart(6) +
        ratio(row.median, beside('ipvsadm')).padStart(9) +
        ratio(row.median, beside('floor')).padStart(8) +
        ratio(row.median, node).padStart(7) +
        ratio(row.median, beside(row.candidate.endsWith('-again') ? 'sync-again' : 'sync')).padStart(7),
    );
  }
  return lines.map((line) => `${line}\n`).join('');
}

function ratio(value: number, to: number | undefined): string {
  return to === undefined || to === 0 ? '' : (value / to).toFixed(2);
}

/** System calls: all of them, those that carry messages, and messages per call. */
export function callsTable(samples: readonly Sample[], messages: (workload: string) => number): string {
  const lines = [
    `${'workload'.padEnd(24)}${'candidate'.padEnd(11)}${'all calls'.padStart(10)}${'netlink'.padStart(10)}${'sends'.padStart(8)}${'a 1000 messages'.padStart(17)}`,
  ];
  for (const { workload, candidate, calls } of samples) {
    if (calls === undefined) continue;
    const count = messages(workload);
    lines.push(
      workload.padEnd(24) +
        candidate.padEnd(11) +
        String(calls.all).padStart(10) +
        String(calls.netlink).padStart(10) +
        String(calls.sends).padStart(8) +
        (count === 0 ? '' : ((calls.netlink / count) * 1000).toFixed(1)).padStart(17),
    );
  }
  return lines.map((line) => `${line}\n`).join('');
}
