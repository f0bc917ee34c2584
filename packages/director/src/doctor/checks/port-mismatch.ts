import type { Check } from '../facts/check.js';
import { destinationSettings, serviceOptions } from '../facts/fix-commands.js';
import { command } from '../facts/shell.js';
import { paths } from '../facts/paths.js';

/** Direct routing and tunnels do not change the port. */
export const portMismatch: Check = {
  id: 'port-mismatch',
  title: 'Destinations of direct routing and tunnels have the port of their service',
  severity: 'error',
  why: 'Direct routing and tunnels pass packets on unchanged: they come to the service’s port, whatever the destination’s says.',
  symptom:
    'Connection refused, if the server listens on the port that the table names and not on the service’s.',
  *examine(facts) {
    for (const { service, destination } of paths(facts)) {
      if (service.fwmark !== undefined || service.port === 0) continue;
      // Port 0 means the port of the packet.
      if (destination.port === 0 || destination.port === service.port) continue;
      if (destination.forwarding !== 'route' && destination.forwarding !== 'tunnel') continue;
      const { address, family } = destination;
      const key = `${family === 'ipv6' ? `[${address}]` : address}:${service.port}`;
      const options = serviceOptions(service);
      yield {
        service: service.key,
        destination: destination.key,
        found: `packets for ${destination.key} come to port ${service.port} there`,
        fix: [
          command`ipvs-ts -a ${options} ${destinationSettings({ ...destination, key })} -w ${destination.weight}`,
          command`ipvs-ts -d ${options} -r ${destination.key}`,
        ],
        advice: `Let the server listen on port ${service.port}, or use NAT, which translates ports.`,
      };
    }
  },
};
