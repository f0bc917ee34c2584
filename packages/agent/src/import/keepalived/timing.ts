import type { Node } from './syntax/tree.js';
import type { Handlers } from './words/context.js';
import { readBoolean, readDigits, readInteger, readTimer } from './words/values.js';

/** The words for times. */
export type TimingWord = 'delay_loop' | 'retry' | 'delay_before_retry' | 'connect_timeout';

/** How often a checker runs. Milliseconds; undefined: as the block around it says. */
export interface Timing {
  delayLoop?: number;
  retry?: number;
  delayBeforeRetry?: number;
  connectTimeout?: number;
  /** The lines that set them. */
  places?: Readonly<Partial<Record<TimingWord, Node>>>;
}

/** The longest timer of keepalived in seconds, and that of connect_timeout. */
const LONGEST_TIMER = 18_446_744_073_709;
const LONGEST_TIMEOUT = 4294.967295;
const MAX_UINT = 0xffff_ffff;

/** Handlers of the words for times, at any level. */
export const TIMING_HANDLERS: Handlers<{ readonly timing: Timing }> = {
  delay_loop: ({ timing }, node) => timer(timing, node, LONGEST_TIMER, (ms) => (timing.delayLoop = ms)),
  delay_before_retry: ({ timing }, node) =>
    timer(timing, node, LONGEST_TIMER, (ms) => (timing.delayBeforeRetry = ms)),
  connect_timeout: ({ timing }, node) =>
    timer(timing, node, LONGEST_TIMEOUT, (ms) => (timing.connectTimeout = ms)),
  alpha: (_, { values }) => {
    const alpha = readBoolean(values[0]);
    return typeof alpha === 'string' ? alpha : undefined;
  },
};

/** `retry`. `least`: 1, and 0 for checkers. */
export function readRetry(timing: Timing, node: Node, least: number): string | undefined {
  const [text] = node.values;
  const retry = least === 0 ? readDigits(text, least, MAX_UINT) : readInteger(text, least, MAX_UINT);
  if (typeof retry === 'string') return retry;
  timing.retry = retry;
  timing.places = { ...timing.places, retry: node };
  return undefined;
}

function timer(timing: Timing, node: Node, longest: number, set: (ms: number) => void): string | undefined {
  const ms = readTimer(node.values[0], longest);
  if (typeof ms === 'string') return ms;
  set(ms);
  timing.places = { ...timing.places, [node.word]: node };
  return undefined;
}

/** The times of the inner block; those that it does not set are from the outer one. */
export function innerTiming(outer: Timing, inner: Timing): Timing {
  return { ...outer, ...inner, places: { ...outer.places, ...inner.places } };
}
