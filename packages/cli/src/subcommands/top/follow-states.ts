/** Asks a running agent again and again what it says of the table. */
import { setTimeout as sleep } from 'node:timers/promises';
import { runningAgent } from '../agent-client/ownership.js';
import type { Arguments } from '../framework/arguments.js';
import type { SubcommandIo } from '../framework/io.js';
import { type States, statesOf } from './rows/states.js';

/** Between two questions passes this many times as long as the answer took: large tables cost the agent little. */
const REST = 5;

/**
 * Calls `take` with what the agent says, at most once an `interval`, in milliseconds; with undefined while none answers.
 * It resolves when the signal of `io` is aborted.
 */
export async function followStates(
  args: Arguments,
  io: Pick<SubcommandIo, 'signal'>,
  interval: number,
  take: (states: States | undefined) => void,
): Promise<void> {
  const { signal } = io;
  const isEnded = (): boolean => signal.aborted;
  while (!isEnded()) {
    const asked = performance.now();
    const states = await askedStates(args, io);
    if (isEnded()) return;
    take(states);
    const rest = Math.max(interval, REST * (performance.now() - asked));
    await sleep(rest, undefined, { signal }).catch(() => undefined);
  }
}

/** Undefined: nobody answers, or not as an agent does. */
async function askedStates(args: Arguments, io: Pick<SubcommandIo, 'signal'>): Promise<States | undefined> {
  try {
    const status = await runningAgent(args, io);
    return status === undefined ? undefined : statesOf(status);
  } catch {
    return undefined;
  }
}
