import type { Connection } from '@ipvs-ts/ipvs';
import type { Facts } from './facts.js';
import { connectionsOf, type Path } from './paths.js';

/** Whether a TCP or SCTP connection waits for the answer to its first packet, by its state. */
export function isHalfOpen(state: string): boolean {
  return ['SYN_RECV', 'INIT1', 'INIT'].includes(state);
}

/** Seconds that the kernel keeps a connection after its last packet, by its state, if timeouts were not changed. */
const TIMEOUTS: Readonly<Record<string, number>> = {
  SYN_RECV: 60,
  ESTABLISHED: 900,
  FIN_WAIT: 120,
  TIME_WAIT: 120,
  CLOSE: 10,
  CLOSE_WAIT: 60,
  LAST_ACK: 30,
  INIT1: 3,
};

/**
 * For so many seconds an answer shows that a path works. Older half-open connections may look younger than that: a
 * server's late answer, and the client's reset, leave them in SYN_RECV and restart its timeout.
 */
const RECENT = 10;

/** Two ports that differ by at most this are from a client that uses ports in order, as Linux does for each server. */
const NEAR = 1024;

/**
 * The connections of a path that wait for an answer, if none was answered since they began. A single one means nothing
 * on a path that has worked before: its client may be gone.
 */
export function unanswered(facts: Facts, path: Path): Connection[] {
  if (facts.fixed?.has(path.service.key) === true) return [];
  const all = connectionsOf(facts, path);
  const answered = all.filter(({ state }) => !isHalfOpen(state) && state !== 'UDP');
  const waiting = all.filter((each) => facts.waiting.has(each));
  if (answered.length === 0) return waiting;
  const later = waiting.filter((each) => beganLater(each, answered));
  return later.length >= 2 ? later : [];
}

/** Whether a connection that waits began after all that were answered. */
function beganLater(waiting: Connection, answered: readonly Connection[]): boolean {
  const lastSign = Math.min(...answered.map(age));
  if (age(waiting) >= lastSign) return false;
  let isNear = false;
  let isFarRecent = false;
  for (const each of answered) {
    if (each.client.address !== waiting.client.address) continue;
    const distance = each.client.port - waiting.client.port;
    if (Math.abs(distance) > NEAR) isFarRecent ||= age(each) < RECENT;
    else if (distance >= 0) return false;
    else isNear = true;
  }
  // The order of ports that are far apart is not known: such a recent one may be a later one.
  if (isNear) return !isFarRecent;
  return lastSign >= RECENT;
}

/** Seconds since the last packet of a connection. */
function age({ state, expires }: Connection): number {
  return (TIMEOUTS[state] ?? 0) - expires;
}
