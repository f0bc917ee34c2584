import type { Connection } from '@ipvs-ts/ipvs';
import type { Facts } from './facts.js';
import { connectionsOf, type Path } from './paths.js';

/** Whether a connection waits for the answer to its first packet, by its state: of TCP and SCTP. */
export function isHalfOpen(state: string): boolean {
  return ['SYN_RECV', 'INIT1', 'INIT'].includes(state);
}

/** Seconds that the kernel keeps a connection after its last packet, by its state, unless timeouts were set. */
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
 * Seconds in which an answer shows that a path works. Half-open connections from before may look young all the same: a
 * server's late answer, and the client's refusal of it, leave them in SYN_RECV and begin its time anew.
 */
const RECENT = 10;

/** Two ports that are no farther apart belong to a client that takes them in order, as Linux does for each server. */
const NEAR = 1024;

/**
 * The connections of a path that wait for an answer, if none was answered since they began. One alone means nothing on a
 * path that has worked before: its client may have gone.
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
  const ports = answered
    .filter(({ client }) => client.address === waiting.client.address)
    .map(({ client }) => client.port - waiting.client.port)
    .filter((distance) => Math.abs(distance) <= NEAR);
  if (ports.length > 0) return ports.every((distance) => distance < 0);
  return lastSign >= RECENT;
}

/** Seconds since the last packet of a connection. */
function age({ state, expires }: Connection): number {
  return (TIMEOUTS[state] ?? 0) - expires;
}
