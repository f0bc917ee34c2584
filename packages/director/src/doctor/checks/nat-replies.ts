import type { Translation } from '../../firewall/translate.js';
import type { Check } from '../facts/check.js';
import type { Facts } from '../facts/facts.js';
import { connectionsOf, type Path } from '../facts/paths.js';
import { placeText, translatedBefore } from '../traffic/firewall-path.js';
import { repliesOf } from '../traffic/packets.js';
import { type Traffic, trafficOf } from '../traffic/traffic.js';
import type { Packet } from '../../firewall/packet.js';

/** No NAT rule takes replies of destinations. */
export const natReplies: Check = {
  id: 'nat-replies',
  title: 'No rule of a NAT table takes replies of NAT destinations before IPVS sees them',
  severity: 'error',
  why: 'With vs.conntrack 0 replies belong to no connection that conntrack knows: it takes those of UDP, and those of TCP but the first, for new connections. DNAT and REDIRECT then give them another destination, and IPVS never sees them.',
  symptom:
    'TCP: connected, then no data, and a timeout or a reset. UDP: timeout. The director lists the connections as established.',
  *examine(facts) {
    for (const traffic of trafficOf(facts)) {
      for (const path of traffic.paths) {
        const found = translatedReply(facts, traffic, path);
        if (found === undefined) continue;
        const { translation, packet } = found;
        const perhaps = translation.certainty === 'perhaps';
        const { to } = translation.target;
        yield {
          service: path.service.key,
          destination: path.destination.key,
          found: `${perhaps ? 'perhaps ' : ''}${placeText(translation)}: the rule “${translation.rule.text}” sends replies ${to === undefined ? 'elsewhere' : `to ${to}`}${perhaps ? ', which cannot be judged here' : ''}`,
          accept: [{ place: translation, packet }],
          advice:
            'The command keeps the replies from the rule until the next restart. With net.ipv4.vs.conntrack 1 conntrack knows the connections of IPVS, and new ones need no such rule.',
          ...(perhaps && { perhaps }),
        };
      }
    }
  },
};

/** The most clients with connections that are asked about. */
const CLIENTS = 16;

/** The reply of a destination that a rule translates, for the client that was named or any, or for one that is known. */
function translatedReply(
  facts: Facts,
  { target, client }: Traffic,
  path: Path,
): { translation: Translation; packet: Packet } | undefined {
  const type = path.route?.type;
  if (path.destination.forwarding !== 'masq' || (type !== 'unicast' && type !== 'local')) return undefined;
  if (facts.settings.conntrack === 1) return undefined;
  const known = client === undefined ? connectionsOf(facts, path).map((each) => each.client.address) : [];
  for (const from of [client, ...[...new Set(known)].slice(0, CLIENTS)]) {
    for (const reply of repliesOf(facts, path, target, { tracked: false, client: from })) {
      if (reply.state !== 'new') continue;
      const own = type === 'local' ? { input: '', sourceType: 'local' as const } : {};
      const packet = { ...reply, ...own };
      const translation = translatedBefore(facts, packet);
      if (translation === undefined || translation.certainty === 'some') continue;
      // Without a name the commands are for all clients.
      return { translation, packet: { ...packet, ...(client === undefined && { destination: undefined }) } };
    }
  }
  return undefined;
}
