import type { Probe } from '../check/probe.js';
import { pauseAfter, type Verdict } from '../health/judge.js';
import { DueQueue, nextAtShare, shareOf, StartLimit } from '../health/schedule.js';

/** A check of a destination that uses the result of a probe. */
export interface Subscriber {
  readonly service: string;
  readonly destination: string;
  /** Index of the check in the destination's list. */
  readonly index: number;
}

interface Entry {
  probe: Probe;
  readonly subscribers: Map<string, Subscriber>;
  startedAt: number | undefined;
  /** The phase at which it runs, as a share of its interval. */
  readonly phase: number;
}

/** The probes of all services, each once, and when they run. */
export class ProbeSet {
  readonly #identity: string;
  readonly #entries = new Map<string, Entry>();
  readonly #queue = new DueQueue();
  #starts: StartLimit;
  #mostInFlight: number;
  #inFlight = 0;

  /** `identity`: of this director, so that the phases of directors differ. */
  constructor(identity: string, limits: ProbeLimits, now: number) {
    this.#identity = identity;
    this.#starts = new StartLimit(limits.startsPerSecond, now);
    this.#mostInFlight = limits.inFlight;
  }

  /** Changes the limits. */
  limit(limits: ProbeLimits, now: number): void {
    this.#starts = new StartLimit(limits.startsPerSecond, now);
    this.#mostInFlight = limits.inFlight;
  }

  get size(): number {
    return this.#entries.size;
  }

  get inFlight(): number {
    return this.#inFlight;
  }

  /**
   * Adds a subscriber. A new probe runs within its failing interval, since a result may have been lost in a restart. A
   * known probe continues, even if it is running.
   */
  subscribe(probe: Probe, subscriber: Subscriber, verdict: Verdict, now: number): void {
    const found = this.#entries.get(probe.key);
    const entry = found ?? {
      probe,
      subscribers: new Map<string, Subscriber>(),
      startedAt: undefined,
      phase: shareOf(`${this.#identity} ${probe.key}`),
    };
    entry.subscribers.set(subscriberKey(subscriber), subscriber);
    entry.probe = probe;
    if (found !== undefined) return;
    this.#entries.set(probe.key, entry);
    const pause = Math.min(pauseAfter(verdict, probe.check), probe.check.failingInterval);
    this.#queue.set(probe.key, nextAtShare(entry.phase, pause, now));
  }

  /** Removes a subscriber. A probe without any stays until {@link sweep}, so that a new document may keep it. */
  unsubscribe(key: string, subscriber: Subscriber): void {
    this.#entries.get(key)?.subscribers.delete(subscriberKey(subscriber));
  }

  /** Removes the probes without subscribers. */
  sweep(): void {
    for (const [key, { subscribers, startedAt }] of this.#entries) {
      if (subscribers.size > 0) continue;
      this.#entries.delete(key);
      this.#queue.delete(key);
      if (startedAt !== undefined) this.#inFlight -= 1;
    }
  }

  /** Returns the probes to start at `now`, at most `most`; they count as in flight until {@link finished}. */
  start(now: number, most = Infinity): Probe[] {
    const started: Probe[] = [];
    while (
      started.length < most &&
      this.#inFlight < this.#mostInFlight &&
      (this.#queue.next ?? Infinity) <= now &&
      this.#starts.take(now)
    ) {
      const entry = this.#entries.get(this.#queue.take(now) as string) as Entry;
      entry.startedAt = now;
      this.#inFlight += 1;
      started.push(entry.probe);
    }
    return started;
  }

  /** When to call {@link start} again; undefined: not before a probe has finished or was added. */
  nextStart(now: number): number | undefined {
    const { next } = this.#queue;
    if (next === undefined || this.#inFlight >= this.#mostInFlight) return undefined;
    return next <= now ? this.#starts.nextAt(now) : next;
  }

  /** How late the next probe is, in milliseconds; 0 if it is not late. */
  lag(now: number): number {
    const { next } = this.#queue;
    return next === undefined ? 0 : Math.max(0, now - next);
  }

  /** Ends a probe and returns the checks that use its result; none if it has no subscribers any more. */
  finished(key: string): { readonly probe: Probe; readonly subscribers: Iterable<Subscriber> } | undefined {
    const entry = this.#entries.get(key);
    if (entry?.startedAt === undefined) return undefined;
    return { probe: entry.probe, subscribers: entry.subscribers.values() };
  }

  /** Plans the next run after {@link finished}, by the most urgent of the subscribers' verdicts. */
  plan(key: string, verdicts: readonly Verdict[], now: number): void {
    const entry = this.#entries.get(key);
    if (entry?.startedAt === undefined) return;
    const { check } = entry.probe;
    let pause = Infinity;
    let failing = false;
    for (const verdict of verdicts) {
      const { state, failures } = verdict;
      pause = Math.min(pause, pauseAfter(verdict, check));
      failing ||= state === 'unknown' || (state === 'up' && failures > 0);
    }
    const due = failing ? Math.max(now, entry.startedAt + pause) : nextAtShare(entry.phase, pause, now);
    entry.startedAt = undefined;
    this.#inFlight -= 1;
    this.#queue.set(key, due);
  }
}

/** How many checks may run at a time, and start per second. */
export interface ProbeLimits {
  readonly inFlight: number;
  readonly startsPerSecond: number;
}

function subscriberKey({ service, destination, index }: Subscriber): string {
  return `${service} ${destination} ${index}`;
}
