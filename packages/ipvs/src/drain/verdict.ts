import { checkObject } from '../argument-checks.js';
import type { Destination } from '../model/destination.js';
import type { Service } from '../model/service.js';

/**
 * What a drain waits for. `active`: open connections to close. `persistent`: templates that bring clients back to
 * expire. `settling`: a moment without packets, since connections that are opening, and those that one side has closed
 * while the other still sends, do not count as open. `silence`: no packets for a while, for protocols whose connections
 * have no end.
 */
export type DrainWait = 'active' | 'persistent' | 'silence' | 'settling';

/** What the end of a drain depends on. */
export interface DrainRule {
  /** Whether the protocol ends connections: TCP and SCTP. */
  readonly closes: boolean;
  /** Whether templates bring clients to a destination of weight 0. */
  readonly templates: boolean;
  /** Milliseconds without packets that count as the end of connections that are neither open nor gone. */
  readonly grace: number;
}

/** The state from earlier readings. */
export interface DrainHistory {
  /** Since when there have been no open connections and no packets, and the packet count then. */
  readonly silence: { readonly since: number; readonly inPackets: bigint };
  /** Whether the last reading had no open connections. */
  readonly idle: boolean;
}

/** The result of judging a reading. */
export interface DrainVerdict {
  /** Undefined: drained. */
  readonly waitingFor: DrainWait | undefined;
  readonly history: DrainHistory;
}

/** What counts as the end of connections that are neither open nor gone, in milliseconds without packets. */
export interface DrainGrace {
  /** TCP and SCTP. */
  readonly settle: number;
  /** UDP and firewall marks. */
  readonly graceUdp: number;
}

/** The rule for a service. `expiresTemplates`: net.ipv4.vs.expire_quiescent_template, if it could be read. */
export function drainRule(
  service: Pick<Service, 'protocol' | 'persistence'>,
  expiresTemplates: boolean | undefined,
  grace: DrainGrace,
): DrainRule {
  checkObject('service', service);
  checkObject('grace', grace);
  const { protocol, persistence } = service;
  const { settle, graceUdp } = grace;
  const closes = protocol === 'tcp' || protocol === 'sctp';
  const templates = (persistence?.timeout ?? 0) > 0 && expiresTemplates !== true;
  return { closes, templates, grace: closes ? settle : graceUdp };
}

/** Judges one reading of a destination of weight 0 at `now`, in milliseconds. */
export function judge(
  rule: DrainRule,
  destination: Pick<
    Destination,
    'activeConnections' | 'inactiveConnections' | 'persistentConnections' | 'stats'
  >,
  history: DrainHistory | undefined,
  now: number,
): DrainVerdict {
  checkObject('rule', rule);
  checkObject('destination', destination);
  checkObject('destination.stats', destination.stats);
  const { activeConnections, inactiveConnections, persistentConnections } = destination;
  const { inPackets } = destination.stats;
  const idle = activeConnections === 0;
  // Counters lag: packets that closed a connection are counted later. So silence starts when no connection is open.
  const goesOn = idle && history?.idle === true && history.silence.inPackets === inPackets;
  const silence = goesOn ? history.silence : { since: now, inPackets };
  const verdict = (waitingFor: DrainWait | undefined): DrainVerdict => ({
    waitingFor,
    history: { silence, idle },
  });
  if (!idle) return verdict('active');
  if (rule.templates && persistentConnections > 0) return verdict('persistent');
  if (inactiveConnections === 0) return verdict(undefined);
  // Even with a grace of 0, one reading is not enough, since a connection may be opening.
  const over = history?.idle === true && now - silence.since >= rule.grace;
  if (over) return verdict(undefined);
  return verdict(rule.closes ? 'settling' : 'silence');
}
