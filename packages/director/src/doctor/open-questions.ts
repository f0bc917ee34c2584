import type { Facts } from './facts.js';
import { passedOnOutcome, requestOutcome, trafficOf } from './traffic.js';

/** What the firewall decides by something that differs from client to client, and no client was named. */
export function openQuestions(facts: Facts): string[] {
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
