import type { Check } from '../facts/check.js';
import { natPaths } from '../facts/paths.js';
import { isLocalOnly } from '../facts/roles.js';

const PATH = 'net/ipv6/conf/all/forwarding';

/** Replies of NAT destinations are forwarded: IPv6. */
export const forwardingIpv6: Check = {
  id: 'forwarding-ipv6',
  title: 'The director forwards IPv6 packets, where it has IPv6 NAT destinations',
  severity: 'error',
  why: 'With NAT replies come back through the director, which has to forward them to the client.',
  symptom: 'Timeout. The director lists the connections in state SYN_RECV.',
  *examine(facts) {
    if (facts.sysctl(PATH) !== '0') return;
    const services = new Set<string>();
    for (const { service, destination, link } of natPaths(facts)) {
      // Since Linux 6.17 an interface may forward on its own.
      if (facts.sysctl(`net/ipv6/conf/${link.name}/force_forwarding`) === '1') continue;
      if (destination.family === 'ipv6' && !isLocalOnly(facts, service)) services.add(service.key);
    }
    for (const service of services) {
      yield { service, found: 'net.ipv6.conf.all.forwarding is 0', settings: [{ path: PATH, value: 1 }] };
    }
  },
};
