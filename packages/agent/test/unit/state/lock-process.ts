/**
 * A process that takes locks, asked over its IPC channel: `lock-process.js PATH`. `{ rounds }`: takes and releases it so many
 * times, and proves each time that it is alone. `hold`: takes it and keeps it.
 */
import { rmdirSync, mkdirSync } from 'node:fs';
import { setImmediate as turn } from 'node:timers/promises';
import { FileLock } from '../../../dist/state/file-lock.js';

/** What a process saw. */
export interface Seen {
  readonly taken: number;
  /** Why it was not alone. */
  readonly failures: readonly string[];
}

/** What a process is asked. */
export type LockQuestion = 'hold' | { readonly rounds: number };

const path = process.argv[2] as string;
let held: FileLock | undefined;

async function race(rounds: number): Promise<Seen> {
  const failures: string[] = [];
  let taken = 0;
  for (let round = 0; taken < rounds && failures.length === 0; round++) {
    const lock = FileLock.take(path);
    if (!(lock instanceof FileLock)) {
      if (lock.kind === 'unknown') failures.push(lock.reason);
      await turn();
      continue;
    }
    taken += 1;
    try {
      mkdirSync(`${path}.inside`);
      rmdirSync(`${path}.inside`);
    } catch (error) {
      failures.push(String(error));
    }
    lock.release();
    await turn();
  }
  return { taken, failures };
}

process.on('message', (question: LockQuestion) => {
  if (question === 'hold') {
    const lock = FileLock.take(path);
    held = lock instanceof FileLock ? lock : held;
    process.send?.({ taken: lock instanceof FileLock ? 1 : 0, failures: [] } satisfies Seen);
  } else void race(question.rounds).then((seen) => process.send?.(seen));
});
process.on('disconnect', () => process.exit());
process.send?.('ready');
