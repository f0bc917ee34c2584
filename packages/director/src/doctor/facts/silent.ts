import type { Service } from '@ipvs-ts/ipvs';
import type { Facts } from './facts.js';
import type { Path } from './paths.js';

/** Ports of protocols without answers: syslog, SNMP traps, NetFlow, IPFIX, sFlow, StatsD, GELF. */
const ONE_WAY = new Set([162, 514, 1514, 2055, 4739, 6343, 8125, 9995, 9996, 12_201]);

/**
 * Whether a destination was sent packets and has never answered, if its answers pass the director and are counted. For
 * TCP, half-open connections are a better sign.
 */
export function isSilent(facts: Facts, { service, destination, route }: Path): boolean {
  if (facts.fixed?.has(service.key) === true || service.onePacket) return false;
  if (service.fwmark !== undefined || service.protocol === 'tcp' || ONE_WAY.has(service.port)) return false;
  if (destination.forwarding !== 'masq' || route?.type !== 'unicast') return false;
  const { inPackets, outPackets } = destination.stats;
  return inPackets > 0n && outPackets === 0n;
}

/** Whether no destination of a service has ever answered: its protocol may be one without answers. */
export function isIgnored({ table }: Facts, { key }: Service): boolean {
  const entry = table.find(({ service }) => service.key === key);
  return entry?.destinations.every(({ stats }) => stats.outPackets === 0n) === true;
}
