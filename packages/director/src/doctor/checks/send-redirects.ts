import type { Check } from '../facts/check.js';
import { larger, natPaths, virtualLink } from '../facts/paths.js';
import { isTranslated } from '../traffic/tracking.js';

/** NAT on one link sends no ICMP redirects. */
export const sendRedirects: Check = {
  id: 'send-redirects',
  title: 'No ICMP redirects are sent where clients and NAT destinations share a network',
  severity: 'warning',
  why: 'A router that forwards a packet out of the interface that it came in by tells the sender of the shorter way. A real server that listens to it answers clients directly, with its own address.',
  symptom: 'It works, until a server takes up the shorter way: then some connections time out.',
  *examine(facts) {
    const seen = new Set<number>();
    for (const { service, destination, link } of natPaths(facts)) {
      if (destination.family !== 'ipv4' || virtualLink(facts, service) !== link || seen.has(link.index))
        continue;
      // Servers that see the director as the client answer to the director.
      if (isTranslated(facts, service, destination)) continue;
      seen.add(link.index);
      if (larger(facts, 'send_redirects', link) === 0) continue;
      yield {
        found: `the virtual address and NAT destinations are both on ${link.name}, and send_redirects is on`,
        // The larger of the two values counts, so both must be 0.
        settings: ['all', link.name].map((name) => ({
          path: `net/ipv4/conf/${name}/send_redirects`,
          value: 0,
        })),
      };
    }
  },
};
