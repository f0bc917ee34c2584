import type { Facts } from './facts/facts.js';
import { targetsOf } from './facts/marks.js';
import { mayConnect } from './traffic/own-connection.js';
import { paths } from './facts/paths.js';
import { isHeard, isOwn, isStandby } from './facts/roles.js';
import { passedOnOutcome, requestOutcome, trafficOf } from './traffic/traffic.js';

/** What cannot be known on this host: about other directors, and about clients that were not named. */
export function openQuestions(facts: Facts): string[] {
  return [...unknownHolders(facts), ...stoppedProbes(facts), ...unnamedClients(facts)];
}

/** Probed destinations to which a firewall on this host blocks its own connections. */
function stoppedProbes(facts: Facts): string[] {
  const found = new Set<string>();
  for (const { service, destination } of facts.probed === undefined ? [] : paths(facts)) {
    const result = facts.probed?.destinations.get(service.key)?.get(destination.key);
    if (result === undefined || result === 'open') continue;
    if (!mayConnect(facts, destination.family, destination.address, destination.port))
      found.add(destination.key);
  }
  return found.size === 0
    ? []
    : [
        `whether ${[...found].join(', ')} accept connections: the firewall here stops, or may stop, the probes`,
      ];
}

/** Virtual addresses that this host does not have, as a standby, and for which no other host is known to answer. */
function unknownHolders(facts: Facts): string[] {
  const found = new Set<string>();
  for (const { service } of facts.table) {
    for (const { address } of targetsOf(facts, service)) {
      if (address === undefined || isOwn(facts, address) || !isStandby(facts, address)) continue;
      if (!isHeard(facts, address)) found.add(address);
    }
  }
  return Array.from(
    found,
    (address) => `whether another director has ${address} at present: this one does not, as a standby`,
  );
}

/** Decisions of the firewall that depend on the client, if no client was named. */
function unnamedClients(facts: Facts): string[] {
  const services = new Map<string, Set<string>>();
  for (const traffic of trafficOf(facts)) {
    if (traffic.client !== undefined) continue;
    const outcomes = [
      requestOutcome(facts, traffic),
      ...traffic.paths.slice(0, 1).map((path) => passedOnOutcome(facts, traffic, path)),
    ];
    for (const outcome of outcomes) {
      if (outcome?.verdict.type !== 'some') continue;
      const { rule, table } = outcome.verdict.unsure;
      const text = `${table.tool}: ${rule?.text ?? table.name}`;
      services.set(text, (services.get(text) ?? new Set()).add(traffic.service.key));
    }
  }
  return Array.from(services, ([rule, keys]) => {
    const [first] = keys;
    const which = keys.size === 1 ? `to ${first}` : `to ${keys.size} services`;
    return `which clients the firewall lets in ${which} (${rule}): name one with --client`;
  });
}
