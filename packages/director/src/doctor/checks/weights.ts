import type { Check } from '../facts/check.js';
import { setWeight } from '../facts/fix-commands.js';
import { populated } from '../facts/paths.js';

/** At least one destination takes new connections. */
export const weights: Check = {
  id: 'weights',
  title: 'Not all weights of a service are 0',
  severity: 'error',
  why: 'A destination of weight 0 takes no new connections; with all at 0 nobody does.',
  symptom: 'New connections are refused at once; those that are open go on.',
  *examine(facts) {
    for (const { service, destinations } of populated(facts)) {
      if (destinations.some(({ weight }) => weight > 0)) continue;
      yield {
        service: service.key,
        found:
          destinations.length === 1
            ? 'its one destination has weight 0'
            : `all ${destinations.length} destinations have weight 0`,
        fix: destinations.map((destination) => setWeight(service, destination, 1)),
        advice: 'If they are drained on purpose, add another destination first.',
      };
    }
  },
};
