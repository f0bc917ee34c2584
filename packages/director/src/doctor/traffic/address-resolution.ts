/** ARP: packets that firewalls may drop, without which hosts on one network do not find each other. */
import type { Packet } from '../../firewall/packet.js';
import { contains } from '../../rtnetlink/prefix.js';
import type { Sighting } from '../facts/check.js';
import type { Facts } from '../facts/facts.js';
import { perFacts } from '../facts/per-facts.js';
import { isKubeNode, isOwn, isPointToPoint, isStandby } from '../facts/roles.js';
import { dropSighting, inputsOf, type Outcome, passage } from './firewall-path.js';
import type { Hooks } from './hooks.js';
import { type Traffic, trafficOf } from './traffic.js';

const IN: Hooks = [['ingress'], ['bridge prerouting'], ['bridge input'], ['input']];
const OUT: Hooks = [['output'], ['bridge output'], ['bridge postrouting'], ['egress']];

/** What the firewall does with ARP that is received, and that is sent. */
interface Resolution {
  readonly received: Outcome;
  readonly sent: Outcome;
}

/** Whether any chain sees ARP. */
const isFiltered = perFacts(({ firewall: { tables } }) =>
  tables.some(
    ({ families, chains }) =>
      families.includes('arp') && [...chains.values()].some(({ hook }) => hook !== undefined),
  ),
);

/** Requests of other hosts for an address of this one, and the answers. */
function asked(facts: Facts, link: string, address: string, client: string | undefined): Resolution {
  return {
    received: passage(facts, IN, {
      ...message('request'),
      ...(client !== undefined && { source: client }),
      destination: address,
      input: link,
      output: '',
    }),
    sent: passage(facts, OUT, {
      ...message('reply'),
      source: address,
      ...(client !== undefined && { destination: client }),
      input: '',
      output: link,
      reply: true,
    }),
  };
}

/** Requests of this host for the address of another one, and the answers. */
function asking(facts: Facts, link: string, address: string, own: string | undefined): Resolution {
  return {
    received: passage(facts, IN, {
      ...message('reply'),
      source: address,
      ...(own !== undefined && { destination: own }),
      input: link,
      output: '',
      reply: true,
    }),
    sent: passage(facts, OUT, {
      ...message('request'),
      ...(own !== undefined && { source: own }),
      destination: address,
      input: '',
      output: link,
    }),
  };
}

function message(arp: 'request' | 'reply'): Packet {
  return { family: 'ipv4', protocol: 'arp', arp, state: 'untracked', reply: false, ipvs: false };
}

/** Whether it is certain that the firewall keeps this host from finding an IPv4 address on an interface. */
export function isUnheard(facts: Facts, link: string, address: string, own: string | undefined): boolean {
  if (!isFiltered(facts)) return false;
  const { received, sent } = asking(facts, link, address, own);
  return [received, sent].some(({ verdict: { type } }) => type === 'drop' || type === 'reject');
}

/** ARP that the firewall drops on interfaces towards clients and servers. */
export function* resolutionDrops(
  facts: Facts,
  way: keyof Resolution,
  words: string,
): Generator<Sighting, void, undefined> {
  if (!isFiltered(facts)) return;
  const known = new Map<string, Resolution>();
  for (const traffic of trafficOf(facts)) {
    for (const [key, make] of resolutions(facts, traffic)) {
      const found = known.get(key) ?? make();
      known.set(key, found);
      const seen = dropSighting(found[way], words);
      if (seen !== undefined) yield { service: traffic.service.key, ...seen };
    }
  }
}

function* resolutions(
  facts: Facts,
  { service, target, client, local, paths }: Traffic,
): Generator<readonly [key: string, make: () => Resolution], void, undefined> {
  for (const { destination, route, link } of paths) {
    if (destination.family !== 'ipv4' || destination.weight === 0) continue;
    if (route?.type !== 'unicast' || link === undefined || isPointToPoint(facts, link.name)) continue;
    const hop = route.gateway ?? destination.address;
    yield [`out ${link.name} ${hop}`, () => asking(facts, link.name, hop, route.source)];
  }
  const { address } = target;
  if (service.family !== 'ipv4' || local || address === undefined) return;
  // kube-proxy's addresses are not resolved by ARP, and a standby must not answer.
  if (isKubeNode(facts) || !isOwn(facts, address) || isStandby(facts, address)) return;
  for (const name of inputsOf(facts, service, target, client)) {
    if (name === undefined || isPointToPoint(facts, name)) continue;
    const wanted = wantedOn(facts, name, address);
    if (wanted !== undefined)
      yield [`in ${name} ${wanted} ${client ?? ''}`, () => asked(facts, name, wanted, client)];
  }
}

/** The address that hosts on a network ask for: the virtual one, or, if that is of another network, the director’s. */
function wantedOn(facts: Facts, name: string, address: string): string | undefined {
  const index = facts.links.find((link) => link.name === name)?.index;
  const near = facts.addresses.filter(
    ({ link, family, prefixLength }) => link === index && family === 'ipv4' && prefixLength < 32,
  );
  if (near.some((own) => contains(own.address, own.prefixLength, address))) return address;
  return near[0]?.address;
}
