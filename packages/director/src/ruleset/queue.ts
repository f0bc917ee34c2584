import type { Target } from '../firewall/rule.js';

/** Numbers of the queues that programs listen to; undefined if that is not known. */
export type Queues = ReadonlySet<number> | undefined;

/** Queues that a rule sends packets to. `bypass`: without a program they are accepted. */
export interface QueueRange {
  readonly low: number;
  readonly high: number;
  readonly bypass: boolean;
}

/** What becomes of packets that a rule sends to a program: where none listens, they are dropped, or accepted. */
export function queueTarget({ low, high, bypass }: QueueRange, queues: Queues): Target {
  if (queues === undefined || [...queues].some((each) => each >= low && each <= high))
    return { type: 'unknown' };
  return { type: bypass ? 'accept' : 'drop' };
}

/** Reads `/proc/net/netfilter/nfnetlink_queue`: a queue a line, which its number begins. */
export function readQueues(text: string | undefined): Queues {
  if (text === undefined) return undefined;
  return new Set(Array.from(text.matchAll(/^\s*([0-9]+)/gm), ([, number]) => Number(number)));
}
