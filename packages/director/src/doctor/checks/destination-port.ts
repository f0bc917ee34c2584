import type { Check } from '../facts/check.js';
import { setWeight } from '../facts/fix-commands.js';
import { mayConnect } from '../traffic/own-connection.js';
import { paths } from '../facts/paths.js';

/** Destinations accept connections. */
export const destinationPort: Check = {
  id: 'destination-port',
  title: 'Every destination accepts connections',
  severity: 'error',
  why: 'IPVS does not look whether a server works: it sends connections to one that refuses them too.',
  symptom: 'One in so many connections is refused, or times out: those of this destination.',
  *examine(facts) {
    for (const { service, destination } of paths(facts)) {
      const result = facts.probed?.destinations.get(service.key)?.get(destination.key);
      if (result === undefined || result === 'open' || destination.weight === 0) continue;
      // If a firewall on this host may stop the probe, the result says nothing about the server.
      if (!mayConnect(facts, destination.family, destination.address, destination.port)) continue;
      // With direct routing and tunnels the program may listen on the virtual address alone.
      if (result === 'refused' && destination.forwarding !== 'masq') continue;
      const words = { refused: 'is refused', timeout: 'times out', unreachable: 'finds no path' }[result];
      yield {
        service: service.key,
        destination: destination.key,
        found: `a connection from the director to ${destination.key} ${words}`,
        fix: [setWeight(service, destination, 0)],
        advice: 'The command takes it out of service. Start its program, then set its weight again.',
      };
    }
  },
};
