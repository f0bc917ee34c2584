import type { Check } from '../facts/check.js';
import { natPaths } from '../facts/paths.js';
import { isLocalOnly } from '../facts/roles.js';

/** Replies of NAT destinations are forwarded: IPv4. */
export const forwardingIpv4: Check = {
  id: 'forwarding-ipv4',
  title: 'The interfaces towards NAT destinations forward IPv4 packets',
  severity: 'error',
  why: 'With NAT replies come back through the director, which has to forward them to the client. The interface that they come in by decides; direct routing and tunnels need no forwarding.',
  symptom: 'Timeout. The director lists the connections in state SYN_RECV.',
  *examine(facts) {
    const seen = new Set<string>();
    for (const { service, destination, link } of natPaths(facts)) {
      const id = `${service.key} ${link.name}`;
      if (destination.family !== 'ipv4' || seen.has(id) || isLocalOnly(facts, service)) continue;
      seen.add(id);
      const own = `net/ipv4/conf/${link.name}/forwarding`;
      if (facts.sysctl(own) !== '0') continue;
      const path = facts.sysctl('net/ipv4/ip_forward') === '0' ? 'net/ipv4/ip_forward' : own;
      yield {
        service: service.key,
        found: `${path.replaceAll('/', '.')} is 0, and replies of NAT destinations come in by ${link.name}`,
        settings: [{ path: path, value: 1 }],
      };
    }
  },
};
