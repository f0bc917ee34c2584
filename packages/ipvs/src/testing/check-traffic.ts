import { checkInteger, checkOptions, conflict, outOfRange, wrongType } from '../argument-checks.js';
import type { Traffic } from './traffic.js';

const CONNECTIONS = ['activeConnections', 'inactiveConnections', 'persistentConnections'] as const;
const COUNTERS = ['connections', 'inPackets', 'outPackets', 'inBytes', 'outBytes'];
const INT_MAX = 0x7fff_ffff;
const U64_MAX = (1n << 64n) - 1n;

/**
 * Throws for traffic that no kernel could have counted: a `TypeError` or a `RangeError` that names the value and its
 * range. `ofDestination`: whether a destination was named; only destinations have connections.
 */
export function checkTraffic(traffic: unknown, ofDestination: boolean): asserts traffic is Traffic {
  checkOptions('traffic', traffic, ['stats', 'rates', ...CONNECTIONS]);
  const { stats, rates, ...connections } = traffic as Traffic;
  checkCounters('traffic.stats', stats);
  checkCounters('traffic.rates', rates);
  for (const name of CONNECTIONS) {
    if (connections[name] === undefined) continue;
    checkInteger(`traffic.${name}`, connections[name], 0, INT_MAX);
    if (!ofDestination)
      throw conflict(`traffic.${name}`, 'only a destination has connections; name one, or leave this out');
  }
}

function checkCounters(path: string, counters: unknown): void {
  if (counters === undefined) return;
  checkOptions(path, counters, COUNTERS);
  for (const [name, value] of Object.entries(counters as object))
    if (value !== undefined) checkCount(`${path}.${name}`, value);
}

function checkCount(path: string, value: unknown): void {
  const allowed = `an integer from 0 to ${U64_MAX}, as a bigint above ${Number.MAX_SAFE_INTEGER}`;
  if (typeof value !== 'number' && typeof value !== 'bigint') throw wrongType(path, allowed, value);
  const fits =
    typeof value === 'bigint' ? value >= 0n && value <= U64_MAX : Number.isSafeInteger(value) && value >= 0;
  if (!fits) throw outOfRange(path, allowed, value);
}
