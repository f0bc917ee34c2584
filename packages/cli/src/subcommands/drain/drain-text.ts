/** The messages of a drain. */
import type { DrainProgress, DrainResult, DrainWait } from '@ipvs-ts/ipvs';
import { durationText } from '../framework/duration.js';

const WAITS: Readonly<Record<DrainWait, string>> = {
  active: 'open connections',
  persistent: 'persistence templates',
  silence: 'silence',
  settling: 'connections that are being closed',
};

/** What the drain waits for, and what is left; without times. */
export function waitText(progress: DrainProgress): string {
  const { waitingFor, activeConnections, inactiveConnections, persistentConnections, weightTaken } = progress;
  const counts = `${activeConnections} active, ${inactiveConnections} inactive, ${persistentConnections} persistent`;
  const taken = weightTaken ? '; somebody gave it weight, which is taken away again' : '';
  return `waiting for ${WAITS[waitingFor]}: ${counts}${taken}`;
}

/** The result of a drain. */
export function resultText({ service, destination, outcome, weight, elapsed }: DrainResult): string {
  const ends = {
    deleted: `drained and deleted (it had weight ${weight})`,
    kept: `drained; it stays, with weight 0 (it had ${weight})`,
    gone: 'deleted by somebody else meanwhile',
  } as const;
  return `${destination} of ${service}: ${ends[outcome]}, after ${durationText(elapsed)}`;
}

/** What persistence means for a drain with the current setting. */
export function persistenceText(service: string, progress: DrainProgress): string {
  const setting = 'net.ipv4.vs.expire_quiescent_template';
  const { expireQuiescentTemplate, destination } = progress;
  if (expireQuiescentTemplate === true)
    return `${service} is persistent. ${setting} is 1: the kernel sends no client back to a destination of weight 0, so persistence templates are not waited for.`;
  const state = expireQuiescentTemplate === undefined ? 'cannot be read' : 'is 0';
  return `${service} is persistent: its templates bring clients back to ${destination} though its weight is 0, and every visit renews them. ${setting} ${state}; “sysctl -w ${setting}=1” ends that at once, for all services, and this drain then goes on without them.`;
}

/**
 * The state after an interrupted drain. `now`: the current weight, undefined if the destination no longer exists;
 * `before`: the weight before the drain.
 */
export function interruptedText(destination: string, now: number | undefined, before: number): string {
  if (now === undefined) return `interrupted; ${destination} is no longer there`;
  if (now > 0) return `interrupted; ${destination} has weight ${now}`;
  const back = before > 0 ? `; giving it weight again (it had ${before}) takes the drain back` : '';
  return `interrupted; ${destination} keeps weight 0, and running this again continues${back}`;
}
