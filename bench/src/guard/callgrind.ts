/** Counts instructions with callgrind, part by part. */
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { existsSync, mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { type Mode, MODES } from './modes.js';

/** Where setarch and valgrind are. */
const DEFAULT_PATH = '/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin';

/** Instructions of one round of a task, by function where the program has names for them. */
interface Count {
  readonly instructions: number;
  readonly functions: ReadonlyMap<string, number>;
}

/** What one mode counted. */
export interface ModeCounts {
  readonly reference: Count;
  /** By the names in the record. */
  readonly tasks: ReadonlyMap<string, Count>;
}

/**
 * Counts the reference and all tasks in each mode: some two minutes on an idle machine. Calls `progress` with each task as it is
 * counted.
 */
export async function countTasks(progress: (task: string) => void): Promise<ModeCounts[]> {
  const counts: ModeCounts[] = [];
  for (const [name, mode] of Object.entries(MODES)) {
    const rounds = [mode.warm, mode.rounds].map(String);
    const { reference } = await countProgram('reference-program.js', rounds, mode, ['reference'], progress);
    const tasks = await countProgram('program.js', [name], mode, Object.keys(mode.tasks), progress);
    counts.push({ reference: reference as Count, tasks: new Map(Object.entries(tasks)) });
  }
  return counts;
}

/** Counts the tasks that a program runs, in its order. */
async function countProgram(
  program: string,
  words: readonly string[],
  { flags, rounds }: Mode,
  names: readonly string[],
  progress: (task: string) => void,
): Promise<Record<string, Count>> {
  const directory = mkdtempSync(join(tmpdir(), 'ipvs-ts-callgrind-'));
  // callgrind ends a part at each call of getpriority: of each task the first holds the start and the warm-up, and the others
  // one round each.
  const fileOf = (task: number, round: number): string =>
    join(directory, `out.${task * (rounds + 1) + 1 + round}`);
  let counted = 0;
  const look = (): void => {
    for (
      let name = names[counted];
      name !== undefined && existsSync(fileOf(counted, rounds));
      name = names[++counted]
    )
      progress(name);
  };
  const timer = setInterval(look, 1000);
  try {
    // Without random addresses: V8 finds properties by a cache whose entries depend on addresses.
    const child = spawn(
      'setarch',
      [
        ...['-R', 'valgrind', '--quiet', '--tool=callgrind'],
        ...[`--callgrind-out-file=${join(directory, 'out')}`, '--dump-before=getpriority'],
        ...[process.execPath, ...flags, fileURLToPath(new URL(program, import.meta.url)), ...words],
      ],
      // Settings and the size of the environment, and the working directory, would change what Node does.
      { stdio: ['ignore', 'inherit', 'inherit'], env: { PATH: DEFAULT_PATH }, cwd: '/' },
    );
    const [status] = (await once(child, 'exit')) as [number | null];
    if (status !== 0) throw new Error(`valgrind failed (exit status ${String(status)})`);
    look();
    return Object.fromEntries(
      names.map((name, task) => {
        const parts = Array.from({ length: rounds }, (_, round) => fileOf(task, round + 1));
        if (!parts.every((part) => existsSync(part)))
          throw new Error(`callgrind wrote no part for ${name}: is getpriority() in this C library?`);
        return [name, median(parts.map((part) => readPart(readFileSync(part, 'utf8'))))];
      }),
    );
  } finally {
    clearInterval(timer);
    rmSync(directory, { recursive: true });
  }
}

/** The count in the middle: now and then V8 does other work in a round. */
function median(counts: readonly Count[]): Count {
  const sorted = [...counts].sort((a, b) => a.instructions - b.instructions);
  return sorted[sorted.length >> 1] as Count;
}

/** Reads a file of callgrind: the total, and the cost of each function itself. */
export function readPart(text: string): Count {
  const names = new Map<string, string>();
  const functions = new Map<string, number>();
  let current = '';
  let called = false;
  for (const line of text.split('\n')) {
    const named = /^fn=(\(\d+\))(?: (.*))?$/.exec(line);
    if (named !== null) {
      const [, id = '', name] = named;
      if (name !== undefined) names.set(id, name);
      current = names.get(id) ?? id;
    } else if (line.startsWith('cfn=')) {
      const [, id = '', name] = /^cfn=(\(\d+\))(?: (.*))?$/.exec(line) ?? [];
      if (name !== undefined) names.set(id, name);
    } else if (line.startsWith('calls=')) called = true;
    else if (/^[+\-*0-9]/.test(line)) {
      // The line after "calls=" is the cost of the called function.
      if (!called) functions.set(current, (functions.get(current) ?? 0) + Number(line.split(' ')[1] ?? 0));
      called = false;
    }
  }
  const total = /^(?:totals|summary): (\d+)/m.exec(text)?.[1];
  if (total === undefined) throw new Error('callgrind wrote no total');
  return { instructions: Number(total), functions };
}
