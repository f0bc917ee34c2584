/** Counts instructions with callgrind, part by part. */
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { existsSync, mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { TASKS } from './tasks.js';

/**
 * Options that make runs of V8 repeatable: one thread, fixed seeds, and garbage collection that depends neither on time nor
 * on the memory of the machine.
 */
const V8_FLAGS = [
  ...['--single-threaded', '--predictable', '--predictable-gc-schedule', '--hash-seed=1', '--random-seed=1'],
  ...['--max-old-space-size=1024', '--no-flush-bytecode', '--expose-gc'],
];

/** Where setarch and valgrind are. */
const DEFAULT_PATH = '/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin';

/** Instructions of one task, by function where the program has names for them. */
export interface Count {
  readonly instructions: number;
  readonly functions: ReadonlyMap<string, number>;
}

/**
 * Counts the reference and all tasks, by name: about a minute on an idle machine. Calls `progress` with each task as
 * it is counted.
 */
export async function countTasks(progress: (task: string) => void): Promise<Map<string, Count>> {
  const names = TASKS.map(({ name }) => name);
  const counts = [
    await countParts('reference-program.js', ['reference'], progress),
    await countParts('program.js', names, progress),
  ];
  return new Map(counts.flat());
}

/** Counts the tasks that a program runs, in its order. */
async function countParts(
  program: string,
  names: readonly string[],
  progress: (task: string) => void,
): Promise<[string, Count][]> {
  const directory = mkdtempSync(join(tmpdir(), 'ipvs-ts-callgrind-'));
  // callgrind starts a new part at each call: odd parts hold the start and the warm-up, even parts the work that
  // counts.
  const fileOf = (index: number): string => join(directory, `out.${2 * index + 2}`);
  let counted = 0;
  const look = (): void => {
    for (
      let name = names[counted];
      name !== undefined && existsSync(fileOf(counted));
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
        ...[
          '-R',
          'valgrind',
          '--quiet',
          '--tool=callgrind',
          `--callgrind-out-file=${join(directory, 'out')}`,
        ],
        ...['--dump-before=getpriority', process.execPath, ...V8_FLAGS],
        fileURLToPath(new URL(program, import.meta.url)),
      ],
      // Settings and the size of the environment, and the working directory, would change what Node does.
      { stdio: ['ignore', 'inherit', 'inherit'], env: { PATH: DEFAULT_PATH }, cwd: '/' },
    );
    const [status] = (await once(child, 'exit')) as [number | null];
    if (status !== 0) throw new Error(`valgrind failed (exit status ${String(status)})`);
    look();
    return names.map((name, index) => {
      if (!existsSync(fileOf(index)))
        throw new Error(`callgrind wrote no part for ${name}: is getpriority() in this C library?`);
      return [name, readPart(readFileSync(fileOf(index), 'utf8'))];
    });
  } finally {
    clearInterval(timer);
    rmSync(directory, { recursive: true });
  }
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
