import type { Check } from '../facts/check.js';

/** Source translation of IPVS traffic is backed by conntrack. */
export const snatConntrack: Check = {
  id: 'snat-conntrack',
  title: 'Source translation of IPVS traffic has conntrack behind it',
  severity: 'error',
  why: 'SNAT and MASQUERADE work on connections that conntrack knows. With vs.conntrack 0 it knows none of IPVS, and the rule does nothing.',
  symptom: 'Timeout, as if the rule were not there: replies go to the client past the director.',
  *examine({ settings, firewall }) {
    if (settings.conntrack !== 0) return;
    for (const { tool, name, chains } of firewall.tables) {
      const rules = [...chains.values()].flatMap((chain) => chain.rules);
      const rule = rules.find(({ target, ipvs }) => target.type === 'snat' && ipvs === true);
      if (name !== 'nat' || rule === undefined) continue;
      yield {
        found: `${tool} has the rule “${rule.text}”, and net.ipv4.vs.conntrack is 0`,
        settings: [{ path: 'net/ipv4/vs/conntrack', value: 1 }],
      };
    }
  },
};
