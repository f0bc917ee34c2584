/** Follows the states that a running agent reports. */
import { setTimeout as sleep } from 'node:timers/promises';
import { runningAgent } from '../agent-client/ownership.js';
import type { Arguments } from '../framework/arguments.js';
import type { SubcommandIo } from '../framework/io.js';
import { type States, statesOf } from './rows/states.js';

/**
 * The pause between two requests is so many times the duration of the answer, so that large tables cost the agent
 * little.
 */
const REST = 5;

/**
 * Calls `take` with the states of the agent, at most once per `interval`, in milliseconds; with undefined while none
 * answers. Resolves when the signal of `io` is aborted.
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

/** Returns undefined if no agent answers. */
async function askedStates(args: Arguments, io: Pick<SubcommandIo, 'signal'>): Promise<States | undefined> {
  try {
    const status = await runningAgent(args, io);
    return status === undefined ? undefined : statesOf(status);
  } catch {
    return undefined;
  }
}
