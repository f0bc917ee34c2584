import type { Destination } from './destination.js';
import type { Service } from './service.js';

/**
 * What a drain waits for. `active`: connections that are open. `persistent`: templates that bring clients back.
 * `silence`: no packets for a while, where the protocol has no end of its own. `settling`: a second reading without
 * open connections, since one that is still being opened does not count as open.
 */
export type DrainWait = 'active' | 'persistent' | 'silence' | 'settling';

/** What the end of a drain depends on. */
export interface DrainRule {
  /** Whether connections end by themselves: those of TCP and SCTP. */
  readonly closes: boolean;
  /** Whether templates bring clients to a destination of weight 0. */
  readonly templates: boolean;
  /** Milliseconds without packets that count as the end of connections that have none. */
  readonly graceUdp: number;
}

/** What earlier readings said. */
export interface DrainHistory {
  /** Since when no packet has come, and how many had. */
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

/** The rule for a service. `expiresTemplates`: net.ipv4.vs.expire_quiescent_template, where it could be read. */
export function drainRule(
  { protocol, persistence }: Pick<Service, 'protocol' | 'persistence'>,
  expiresTemplates: boolean | undefined,
  graceUdp: number,
): DrainRule {
  const closes = protocol === 'tcp' || protocol === 'sctp';
  return { closes, templates: (persistence?.timeout ?? 0) > 0 && expiresTemplates !== true, graceUdp };
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
  const silence = history?.silence.inPackets === inPackets ? history.silence : { since: now, inPackets };
  const idle = activeConnections === 0;
  const verdict = (waitingFor: DrainWait | undefined): DrainVerdict => ({
    waitingFor,
    history: { silence, idle },
  });
  if (!idle) return verdict('active');
  if (rule.templates && persistentConnections > 0) return verdict('persistent');
  if (inactiveConnections === 0) return verdict(undefined);
  if (rule.closes) return verdict(history?.idle === true ? undefined : 'settling');
  return verdict(now - silence.since >= rule.graceUdp ? undefined : 'silence');
}
