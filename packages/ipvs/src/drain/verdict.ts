import type { Destination } from '../model/destination.js';
import type { Service } from '../model/service.js';

/**
 * What a drain waits for. `active`: connections that are open. `persistent`: templates that bring clients back.
 * `settling`: no packets for a moment, since connections that are being opened, and those that one side has closed
 * while the other still sends, do not count as open. `silence`: no packets for a while, where the protocol has no end
 * of its own.
 */
export type DrainWait = 'active' | 'persistent' | 'silence' | 'settling';

/** What the end of a drain depends on. */
export interface DrainRule {
  /** Whether connections end by themselves: those of TCP and SCTP. */
  readonly closes: boolean;
  /** Whether templates bring clients to a destination of weight 0. */
  readonly templates: boolean;
  /** Milliseconds without packets that count as the end of connections that are neither open nor gone. */
  readonly grace: number;
}

/** What earlier readings said. */
export interface DrainHistory {
  /** Since when no connection has been open and no packet has come, and how many had. */
  readonly silence: { readonly since: number; readonly inPackets: bigint };
  /** Whether the last reading had no open connections. */
  readonly idle: boolean;
}

/** What a reading says. */
export interface DrainVerdict {
  /** Undefined: drained. */
  readonly waitingFor: DrainWait | undefined;
  readonly history: DrainHistory;
}

/** What counts as the end of connections that are neither open nor gone, in milliseconds without packets. */
export interface DrainGrace {
  /** TCP and SCTP. */
  readonly settle: number;
  /** What has no end of its own. */
  readonly graceUdp: number;
}

/** The rule for a service. `expiresTemplates`: net.ipv4.vs.expire_quiescent_template, where it could be read. */
export function drainRule(
  { protocol, persistence }: Pick<Service, 'protocol' | 'persistence'>,
  expiresTemplates: boolean | undefined,
  { settle, graceUdp }: DrainGrace,
): DrainRule {
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
  const { activeConnections, inactiveConnections, persistentConnections } = destination;
  const { inPackets } = destination.stats;
  const idle = activeConnections === 0;
  // Counters lag: what closed a connection is counted after it. So the silence begins when nothing is open.
  const goesOn = idle && history?.idle === true && history.silence.inPackets === inPackets;
  const silence = goesOn ? history.silence : { since: now, inPackets };
  const verdict = (waitingFor: DrainWait | undefined): DrainVerdict => ({
    waitingFor,
    history: { silence, idle },
  });
  if (!idle) return verdict('active');
  if (rule.templates && persistentConnections > 0) return verdict('persistent');
  if (inactiveConnections === 0) return verdict(undefined);
  // Even without any grace: one reading is none, as a connection may be being opened.
  const over = history?.idle === true && now - silence.since >= rule.grace;
  if (over) return verdict(undefined);
  return verdict(rule.closes ? 'settling' : 'silence');
}
