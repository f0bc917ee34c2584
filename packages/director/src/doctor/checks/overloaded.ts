import type { Check } from '../facts/check.js';
import { serviceOptions, destinationSettings } from '../facts/fix-commands.js';
import { command } from '../facts/shell.js';
import { populated } from '../facts/paths.js';

/** At least one destination is below its upper threshold. */
export const overloaded: Check = {
  id: 'overloaded',
  title: 'Not all destinations are at their upper threshold',
  severity: 'error',
  why: 'A destination at its upper threshold takes no new connections until it falls below the lower one. Inactive connections count too, for up to two minutes each.',
  symptom: 'Connection refused at once, until old connections have expired.',
  *examine(facts) {
    for (const { service, destinations } of populated(facts)) {
      const open = destinations.filter(({ weight }) => weight > 0);
      const full = open.filter(
        ({ upperThreshold, activeConnections, inactiveConnections }) =>
          upperThreshold > 0 && activeConnections + inactiveConnections >= upperThreshold,
      );
      if (full.length === 0 || full.length < open.length) continue;
      const counts = full.map(
        ({ key, upperThreshold, activeConnections, inactiveConnections }) =>
          `${key} has ${activeConnections + inactiveConnections} of ${upperThreshold}`,
      );
      yield {
        service: service.key,
        found: `every destination that takes connections is full: ${counts.join(', ')}`,
        fix: full.map(
          (destination) =>
            command`ipvs-ts -e ${serviceOptions(service)} ${destinationSettings({ ...destination, upperThreshold: 0, lowerThreshold: 0 })} -w ${destination.weight}`,
        ),
        advice: 'Or add destinations, or raise the thresholds to what the servers bear.',
      };
    }
  },
};
