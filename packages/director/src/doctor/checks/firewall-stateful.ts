import type { Check } from '../check.js';
import { setSysctl } from '../commands.js';
import { dropped, replyOf } from '../firewall-drops.js';
import { natWays } from '../ways.js';

/** A firewall that lets known connections pass knows those of IPVS. */
export const firewallStateful: Check = {
  id: 'firewall-stateful',
  title: 'A firewall that forwards known connections knows those of IPVS',
  severity: 'error',
  why: 'With vs.conntrack 0 IPVS keeps its connections from conntrack. A rule that lets ESTABLISHED packets pass does not know the replies then.',
  symptom: 'Timeout. The director lists the connections in state SYN_RECV.',
  *examine(facts) {
    if (facts.settings.conntrack !== 0) return;
    const services = new Set<string>();
    for (const way of natWays(facts)) {
      const drop = dropped(facts, ['prerouting', 'forward'], replyOf(way, false));
      if (drop === undefined || services.has(way.service.key)) continue;
      if (dropped(facts, ['prerouting', 'forward'], replyOf(way, true)) !== undefined) continue;
      services.add(way.service.key);
      yield {
        service: way.service.key,
        found: `${drop.table.tool}, chain ${drop.chain.name}, forwards replies of known connections only, and net.ipv4.vs.conntrack is 0`,
        mend: [setSysctl('net/ipv4/vs/conntrack', 1)],
        safe: true,
        advice: 'It counts for new connections, and costs some of the director’s speed.',
      };
    }
  },
};
