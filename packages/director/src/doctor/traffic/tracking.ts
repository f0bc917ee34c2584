/** What keeping connections in conntrack, and translating sources, does to traffic. */
import type { Destination, Service } from '@ipvs-ts/ipvs';
import { translate } from '../../firewall/translate.js';
import type { Facts } from '../facts/facts.js';
import { targetsOf } from '../facts/marks.js';
import { linkByIndex } from '../facts/paths.js';
import { perFacts } from '../facts/per-facts.js';
import { inputsOf, passage } from './firewall-path.js';
import { BEFORE } from './hooks.js';
import { passedOn, requestsOf } from './packets.js';
import {
  ownReplyOutcome,
  passedOnOutcome,
  replyOutcome,
  requestOutcome,
  type Traffic,
  trafficOf,
} from './traffic.js';

/**
 * Whether packets are dropped only because conntrack does not know the connections of IPVS, and vs.conntrack would fix
 * that without harm to other services.
 */
export function healedByTracking(facts: Facts, traffic: Traffic): boolean {
  if (facts.settings.conntrack !== 0) return false;
  // With direct routing and tunnels conntrack sees half of each connection with either setting.
  if (!traffic.paths.some(({ destination }) => destination.forwarding === 'masq')) return false;
  if (!isDropped(facts, traffic, false) || isDropped(facts, traffic, true)) return false;
  return !trackingHarms(facts);
}

function isDropped(facts: Facts, traffic: Traffic, tracked: boolean): boolean {
  const outcomes = [
    requestOutcome(facts, traffic, tracked),
    ...traffic.paths.flatMap((path) => [
      path.route?.type === 'unicast' ? passedOnOutcome(facts, traffic, path, tracked) : undefined,
      ownReplyOutcome(facts, traffic, path, tracked),
      replyOutcome(facts, traffic, path, tracked),
    ]),
  ];
  return outcomes.some((outcome) => outcome?.verdict.type === 'drop' || outcome?.verdict.type === 'reject');
}

/**
 * Whether vs.conntrack 1 would cause packets to be dropped that pass now: direct routing with a rule against INVALID
 * packets.
 */
export const trackingHarms = perFacts((facts) =>
  trafficOf(facts).some((traffic) => isDropped(facts, traffic, true) && !isDropped(facts, traffic, false)),
);

/** Whether the source of requests is, or may be, translated on their way to a destination. */
export function isTranslated(
  facts: Facts,
  service: Service,
  destination: Destination,
  client?: string,
): boolean {
  if (facts.settings.conntrack !== 1) return false;
  const route = facts.routes.get(destination.address);
  const path = { service, destination, route, link: linkByIndex(facts, route?.link) };
  return targetsOf(facts, service).some((target) => {
    const inputs = inputsOf(facts, service, target, client);
    return inputs.some((input) => {
      const [request] = requestsOf(facts, service, target, true, { tracked: true, client, input });
      const [packet] = passedOn(facts, path, target, { tracked: true, client, input });
      if (request === undefined || packet === undefined) return false;
      const before = passage(facts, BEFORE.request, request).verdict;
      const { mark } = 'packet' in before ? before.packet : packet;
      return translate(facts.firewall.tables, 'postrouting', { ...packet, mark }).translation !== undefined;
    });
  });
}
