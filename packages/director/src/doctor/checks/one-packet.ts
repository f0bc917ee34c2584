import type { Check } from '../facts/check.js';
import { serviceOptions, serviceSettings } from '../facts/fix-commands.js';
import { command } from '../facts/shell.js';

/** One-packet scheduling is not combined with NAT. */
export const onePacket: Check = {
  id: 'one-packet',
  title: 'One-packet scheduling is used with direct routing or tunnels',
  severity: 'error',
  why: 'With one-packet scheduling the director forgets a packet when it has sent it on. The reply that comes back through NAT is then not translated, and reaches the client from an address that it did not ask.',
  symptom: 'Timeout, although the server answers.',
  *examine({ table, firewall }) {
    for (const { service, destinations } of table) {
      const nat = destinations.filter(({ forwarding, weight }) => forwarding === 'masq' && weight > 0);
      if (!service.onePacket || nat.length === 0) continue;
      const translated = firewall.tables.some(({ chains }) =>
        [...chains.values()].some(({ rules }) =>
          rules.some(({ target }) => target.type === 'snat' || target.type === 'dnat'),
        ),
      );
      if (translated) continue;
      yield {
        service: service.key,
        found: `the service has one-packet scheduling, and ${nat.length} of its destinations are reached by NAT`,
        fix: [
          command`ipvs-ts -E ${serviceOptions(service)} ${serviceSettings({ ...service, onePacket: false })}`,
        ],
        advice: 'Or reach the destinations by direct routing.',
      };
    }
  },
};
