import type { Check } from '../facts/check.js';
import { isOwn } from '../facts/roles.js';

/** No other host answers ARP for the virtual address. */
export const arpDuplicate: Check = {
  id: 'arp-duplicate',
  title: 'Only the director answers ARP for the virtual address',
  severity: 'error',
  why: 'With direct routing and tunnels every real server has the virtual address too, and must not answer ARP for it. Clients send to whoever answers first.',
  symptom:
    'Requests go past the director to one server, which bears them all; or time out if that one does not serve them.',
  *examine(facts) {
    for (const address of facts.probed?.taken ?? []) {
      // Another director has it at the moment, and this one is standby.
      if (!isOwn(facts, address)) continue;
      for (const { service } of facts.table) {
        if (service.fwmark !== undefined || service.address !== address) continue;
        yield {
          service: service.key,
          found: `another host answers ARP for ${address}`,
          on: 'destination',
          fix: ['sysctl -w net.ipv4.conf.all.arp_ignore=1', 'sysctl -w net.ipv4.conf.all.arp_announce=2'],
          advice:
            'On every real server with direct routing or tunnels; best before the address is added there. If no real server does it, another host has been given the address.',
        };
      }
    }
  },
};
