import type { Check } from '../facts/check.js';
import type { Facts } from '../facts/facts.js';
import { markingOf } from '../facts/marks.js';
import { linkByIndex, paths } from '../facts/paths.js';
import { command } from '../facts/shell.js';

/** Something sets the mark of each service by firewall mark. */
export const unsetMark: Check = {
  id: 'unset-mark',
  title: 'A firewall rule sets the mark of every service by firewall mark',
  severity: 'error',
  why: 'A service by firewall mark takes the packets that netfilter has marked. Without a rule that marks, it takes none.',
  symptom:
    'Connection refused at once, or the page of a program on the director itself. The director lists no connection.',
  *examine(facts) {
    if (facts.firewall.unseen.length > 0) return;
    for (const { service } of facts.table) {
      if (service.fwmark === undefined || isSet(facts, service.fwmark, service.family)) continue;
      const candidates = virtualAddresses(facts, service.family);
      const tool = service.family === 'ipv6' ? 'ip6tables' : 'iptables';
      yield {
        service: service.key,
        found: `no rule of iptables or nft sets the mark ${service.fwmark}`,
        fix:
          candidates.length === 1
            ? [command`${tool} -t mangle -A PREROUTING -d ${candidates} -j MARK --set-mark ${service.fwmark}`]
            : [],
        advice: `Mark what belongs to it, and no more: ${tool} -t mangle -A PREROUTING -d ADDRESS -p tcp -m multiport --dports 80,443 -j MARK --set-mark ${service.fwmark}`,
      };
    }
  },
};

function isSet({ firewall }: Facts, mark: number, family: 'ipv4' | 'ipv6'): boolean {
  return markingOf(firewall.tables, mark, family).set;
}

/** Addresses of this host on interfaces that do not lead to a destination, where clients arrive. */
function virtualAddresses(facts: Facts, family: 'ipv4' | 'ipv6'): string[] {
  const inside = new Set([...paths(facts)].map(({ link }) => link?.index));
  const outside = facts.addresses
    .filter((own) => own.family === family && !inside.has(own.link) && !own.address.startsWith('fe80:'))
    .filter((own) => linkByIndex(facts, own.link)?.loopback === false);
  // A virtual address usually has a full-length prefix, unlike the director's own address.
  const alone = outside.filter(({ prefixLength }) => prefixLength === (family === 'ipv4' ? 32 : 128));
  return (alone.length > 0 ? alone : outside).map(({ address }) => address);
}
