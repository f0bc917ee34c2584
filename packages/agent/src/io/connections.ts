import { setTimeout as sleep } from 'node:timers/promises';
import { type DrainHistory, drainRule, judgeDrain, type Service, type Destination } from '@ipvs-ts/ipvs';

/** The remaining connections of a destination in maintenance. */
export interface ConnectionsLeft {
  /** Its weight in the table: above 0 until the maintenance has taken effect. */
  readonly weight: number;
  readonly activeConnections: number;
  readonly inactiveConnections: number;
  /** Persistence templates. */
  readonly persistentConnections: number;
  /** What the maintenance waits for. */
  readonly waitingFor: 'weight' | 'active' | 'persistent' | 'silence' | 'settling';
}

/** How waiting for connections ended. `gone`: the table has it no longer. `ended`: the maintenance is over. */
export type ConnectionsEnd = 'drained' | 'gone' | 'ended';

/** What {@link waitForConnections} reads. */
export interface ConnectionsSource {
  /** Reads the destination with its service; undefined if it does not exist. */
  read(): Promise<{ readonly service: Service; readonly destination: Destination } | undefined>;
  /** Whether the maintenance continues. */
  goesOn(): boolean;
  /** Whether the kernel ignores templates to destinations of weight 0; undefined if the setting cannot be read. */
  readonly expiresTemplates: boolean | undefined;
}

const POLL = 1000;
/** The times of a drain: milliseconds without packets. */
const GRACE = { settle: 4000, graceUdp: 10_000 };

/** Waits until a destination of weight 0 has no connections, by the rules of a drain. It changes nothing. */
export async function waitForConnections(
  source: ConnectionsSource,
  onProgress: (left: ConnectionsLeft) => void,
  signal: AbortSignal,
): Promise<ConnectionsEnd> {
  let history: DrainHistory | undefined;
  for (;;) {
    const found = await source.read();
    if (!source.goesOn()) return 'ended';
    if (found === undefined) return 'gone';
    const { service, destination } = found;
    const rule = drainRule(service, source.expiresTemplates, GRACE);
    const verdict = judgeDrain(rule, destination, history, performance.now());
    // There may be new connections for as long as it has weight.
    history = destination.weight > 0 ? undefined : verdict.history;
    const waitingFor = destination.weight > 0 ? 'weight' : verdict.waitingFor;
    if (waitingFor === undefined) return 'drained';
    const { weight, activeConnections, inactiveConnections, persistentConnections } = destination;
    onProgress({ weight, activeConnections, inactiveConnections, persistentConnections, waitingFor });
    await sleep(waitingFor === 'weight' ? POLL / 10 : POLL, undefined, { signal });
  }
}
