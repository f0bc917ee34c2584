import type { Check } from '../facts/check.js';
import type { Facts } from '../facts/facts.js';
import { markingOf, type Target } from '../facts/marks.js';
import { linkByIndex, paths } from '../facts/paths.js';
import { command } from '../facts/shell.js';
import { marksAtIpvs, trafficOf } from '../traffic/traffic.js';

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
      if (service.fwmark === undefined) continue;
      const otherwise = isSet(facts, service.fwmark, service.family) ? otherMark(facts, service.key) : 'no';
      if (otherwise === undefined) continue;
      const candidates = virtualAddresses(facts, service.family);
      const tool = service.family === 'ipv6' ? 'ip6tables' : 'iptables';
      yield {
        service: service.key,
        found:
          otherwise === 'no'
            ? `no rule of iptables or nft sets the mark ${service.fwmark} on packets that come in`
            : `packets to ${otherwise.to} have the mark ${otherwise.mark} when they come to IPVS, not ${service.fwmark}`,
        fix:
          otherwise === 'no' && candidates.length === 1
            ? [command`${tool} -t mangle -A PREROUTING -d ${candidates} -j MARK --set-mark ${service.fwmark}`]
            : [],
        advice: `Mark what belongs to it, and no more: ${tool} -t mangle -A PREROUTING -d ADDRESS -p tcp -m multiport --dports 80,443 -j MARK --set-mark ${service.fwmark}`,
      };
    }
  },
};

/** What packets of a service have instead of its mark, if that is certain for all that rules mark for it. */
function otherMark(facts: Facts, key: string): { readonly to: string; readonly mark: number } | undefined {
  let other: { readonly to: string; readonly mark: number } | undefined;
  const asked = trafficOf(facts).filter(({ service }) => service.key === key);
  for (const traffic of asked) {
    for (const mark of marksAtIpvs(facts, traffic)) {
      if (mark === 'unknown' || mark === traffic.service.fwmark) return undefined;
      other ??= { to: targetText(traffic.target), mark };
    }
  }
  return other;
}

function targetText({ address, port }: Target): string {
  if (address === undefined) return port === undefined ? 'this host' : `port ${port}`;
  if (port === undefined) return address;
  return address.includes(':') ? `[${address}]:${port}` : `${address}:${port}`;
}

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
