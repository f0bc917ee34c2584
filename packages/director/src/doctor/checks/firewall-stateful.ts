import type { Check } from '../check.js';
import { setSysctl } from '../fix-commands.js';
import { dropped, replyOf } from '../firewall-drops.js';
import { natPaths } from '../paths.js';

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
    for (const path of natPaths(facts)) {
      const drop = dropped(facts, ['prerouting', 'forward'], replyOf(path, false));
      if (drop === undefined || services.has(path.service.key)) continue;
      if (dropped(facts, ['prerouting', 'forward'], replyOf(path, true)) !== undefined) continue;
      services.add(path.service.key);
      yield {
        service: path.service.key,
        found: `${drop.table.tool}, chain ${drop.chain.name}, forwards replies of known connections only, and net.ipv4.vs.conntrack is 0`,
        fix: [setSysctl('net/ipv4/vs/conntrack', 1)],
        safe: true,
        advice: 'It counts for new connections, and costs some of the director’s speed.',
      };
    }
  },
};
