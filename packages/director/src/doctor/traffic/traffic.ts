/** What clients of services send and receive, and what the firewall does with it. */
import type { Service } from '@ipvs-ts/ipvs';
import type { Facts } from '../facts/facts.js';
import { chainsOf } from '../../firewall/chain.js';
import { inputsOf, onInputs, type Outcome, passage, worst } from './firewall-path.js';
import { BEFORE, BEHIND, type Hooks } from './hooks.js';
import { type Target, targetsOf } from '../facts/marks.js';
import { type Circumstances, passedOn, repliesOf, requestsOf, translated } from './packets.js';
import { linkByIndex, type Path } from '../facts/paths.js';
import { perFacts } from '../facts/per-facts.js';
import { isLocalOnly, isOwn } from '../facts/roles.js';
import { unanswered } from '../facts/unanswered.js';

/** Connections of one kind: of any client, or of a named one, to one target of a service. */
export interface Traffic {
  readonly service: Service;
  readonly target: Target;
  readonly paths: readonly Path[];
  /** The client, if one was named. */
  readonly client: string | undefined;
  /** Whether the client is this host. */
  readonly local: boolean;
}

/** All traffic of all services. */
export const trafficOf = perFacts((facts): Traffic[] => {
  const found: Traffic[] = [];
  for (const { service, destinations } of facts.table) {
    const paths = destinations.map((destination): Path => {
      const route = facts.routes.get(destination.address);
      return { service, destination, route, link: linkByIndex(facts, route?.link) };
    });
    const asked = facts.asked.filter((client) => client.includes(':') === (service.family === 'ipv6'));
    for (const client of asked.length > 0 ? asked : [undefined]) {
      const local = client === undefined ? isLocalOnly(facts, service) : isOwn(facts, client);
      for (const target of targetsOf(facts, service)) found.push({ service, target, paths, client, local });
    }
  }
  return found;
});

function circumstances(facts: Facts, { client }: Traffic, tracked?: boolean): Circumstances {
  return { tracked: tracked ?? facts.settings.conntrack === 1, client };
}

/** What the firewall does with requests before IPVS sees them; undefined if it has no chains for them. */
export function requestOutcome(facts: Facts, traffic: Traffic, tracked?: boolean): Outcome | undefined {
  const { service, target, client, local, paths } = traffic;
  const hooks = local ? BEFORE.localRequest : BEFORE.request;
  if (!isAsked(facts, hooks)) return undefined;
  const about = circumstances(facts, traffic, tracked);
  return once(traffic, `request ${about.tracked}`, () => {
    const inputs = local ? [''] : inputsOf(facts, service, target, client);
    const kinds = new Set(paths.map(({ destination }) => destination.forwarding === 'masq'));
    if (kinds.size === 0) kinds.add(true);
    return ofClients(facts, traffic, (from) =>
      onInputs(facts, inputs, hooks, ({ input }) =>
        [...kinds].flatMap((nat) => requestsOf(facts, service, target, nat, { ...about, ...from, input })),
      ),
    );
  });
}

/**
 * Where it depends on the client, which is not named, those are asked about that wait for an answer: what drops their
 * packets is certain.
 */
function ofClients(
  facts: Facts,
  traffic: Traffic,
  ask: (from: { readonly client?: string }) => Outcome | undefined,
): Outcome | undefined {
  const outcome = ask({});
  if (traffic.client !== undefined || outcome?.verdict.type !== 'some') return outcome;
  const waiting = traffic.paths.flatMap((path) =>
    unanswered(facts, path).map(({ client }) => client.address),
  );
  for (const client of new Set(waiting)) {
    const found = ask({ client });
    if (found?.verdict.type === 'drop' || found?.verdict.type === 'reject') return { ...found, client };
  }
  return outcome;
}

/** The marks that the first packets of connections may have when IPVS looks at them; none where they do not come so far. */
export function marksAtIpvs(facts: Facts, traffic: Traffic): (number | 'unknown')[] {
  const { service, target, client, local } = traffic;
  const about = circumstances(facts, traffic);
  const inputs = local ? [''] : inputsOf(facts, service, target, client);
  return inputs.flatMap((input) => {
    const [request] = requestsOf(facts, service, target, true, { ...about, input });
    if (request === undefined) return [];
    const { verdict } = passage(facts, local ? BEFORE.localRequest : BEFORE.request, request);
    return verdict.type === 'pass' ? [verdict.packet.mark ?? 0] : ['unknown' as const];
  });
}

/** What the firewall does with requests after IPVS, on their way to a destination. */
export function passedOnOutcome(
  facts: Facts,
  traffic: Traffic,
  path: Path,
  tracked?: boolean,
): Outcome | undefined {
  if (!isAsked(facts, BEHIND.request)) return undefined;
  const about = circumstances(facts, traffic, tracked);
  const own = path.route?.type === 'local';
  return once(traffic, `passed on ${about.tracked} ${path.destination.key}`, () =>
    ofClients(facts, traffic, (from) =>
      worst(
        passedOn(facts, path, traffic.target, { ...about, ...from }).map((packet) =>
          own
            ? passage(facts, BEHIND.ownRequest, { ...packet, input: undefined, output: '' })
            : passage(facts, BEHIND.request, packet),
        ),
      ),
    ),
  );
}

/** What the firewall does with the answers of a server that is this host itself. */
export function ownReplyOutcome(
  facts: Facts,
  traffic: Traffic,
  path: Path,
  tracked?: boolean,
): Outcome | undefined {
  const { forwarding } = path.destination;
  if (path.route?.type !== 'local' || traffic.local || forwarding === 'tunnel') return undefined;
  if (!isAsked(facts, BEHIND.ownReply)) return undefined;
  const about = circumstances(facts, traffic, tracked);
  return once(traffic, `own reply ${about.tracked} ${path.destination.key}`, () =>
    ofClients(facts, traffic, (from) =>
      worst(
        repliesOf(facts, path, traffic.target, { ...about, ...from }).flatMap((reply) => {
          const output = clientLink(facts, { client: traffic.client, ...from });
          const before = { ...reply, input: '', output, sourceType: 'local' as const };
          const behind = { ...translated(reply, traffic.target, about.tracked), input: '', output };
          if (forwarding === 'masq')
            return [passage(facts, BEHIND.ownReplyBefore, before), passage(facts, BEHIND.ownReply, behind)];
          // The server has the virtual address itself: nothing is rewritten.
          return [
            passage(facts, [['output'], ['postrouting'], ['egress']], {
              ...behind,
              state: reply.state,
              ipvs: false,
            }),
          ];
        }),
      ),
    ),
  );
}

/** What the firewall does with replies of a NAT destination on another host. */
export function replyOutcome(
  facts: Facts,
  traffic: Traffic,
  path: Path,
  tracked?: boolean,
): Outcome | undefined {
  if (path.destination.forwarding !== 'masq' || path.route?.type !== 'unicast') return undefined;
  const hooks = traffic.local ? [BEFORE.localReply] : [BEFORE.reply, BEHIND.reply];
  if (!hooks.some((each) => isAsked(facts, each))) return undefined;
  const about = circumstances(facts, traffic, tracked);
  return once(traffic, `reply ${about.tracked} ${path.destination.key}`, () =>
    ofClients(facts, traffic, (from) => judgeReplies(facts, traffic, path, { ...about, ...from })),
  );
}

function judgeReplies(facts: Facts, traffic: Traffic, path: Path, about: Circumstances): Outcome | undefined {
  const replies = repliesOf(facts, path, traffic.target, about);
  if (traffic.local) {
    return worst(
      replies.map((reply) =>
        passage(facts, BEFORE.localReply, { ...reply, destinationType: 'local', output: '' }),
      ),
    );
  }
  const output = clientLink(facts, { client: about.client });
  return worst(
    replies.flatMap((reply) => [
      passage(facts, BEFORE.reply, { ...reply, output }),
      passage(facts, BEHIND.reply, { ...translated(reply, traffic.target, about.tracked), output }),
    ]),
  );
}

/** The interface towards a client that was named. */
function clientLink(facts: Facts, { client }: Pick<Traffic, 'client'>): string | undefined {
  return client === undefined ? undefined : linkByIndex(facts, facts.routes.get(client)?.link)?.name;
}

/** Whether there is any chain on a path. */
function isAsked({ firewall: { tables } }: Facts, hooks: Hooks): boolean {
  return hooks.some(([hook]) =>
    (['ipv4', 'ipv6'] as const).some((family) => chainsOf(tables, hook, { family }).length > 0),
  );
}

const outcomes = new WeakMap<Traffic, Map<string, Outcome | undefined>>();

/** Caches a result: several checks need the same one. */
function once(traffic: Traffic, question: string, make: () => Outcome | undefined): Outcome | undefined {
  const known = outcomes.get(traffic) ?? new Map<string, Outcome | undefined>();
  outcomes.set(traffic, known);
  if (!known.has(question)) known.set(question, make());
  return known.get(question);
}
