import type { Check } from '../facts/check.js';
import { paths } from '../facts/paths.js';

/** Persistent clients leave a destination of weight 0. */
export const quiescentTemplate: Check = {
  id: 'quiescent-template',
  title: 'Persistent clients are not kept at a destination of weight 0',
  severity: 'warning',
  why: 'A persistent client goes to the same destination again even if its weight is 0, and that renews its claim: a server that was taken out because it is down goes on getting connections.',
  symptom: 'Clients that were there before keep failing; new clients are served.',
  *examine(facts) {
    if (facts.settings.expire_quiescent_template !== 0) return;
    for (const { service, destination } of paths(facts)) {
      if (destination.weight > 0 || destination.persistentConnections === 0) continue;
      yield {
        service: service.key,
        destination: destination.key,
        found: `${destination.persistentConnections === 1 ? '1 client is' : `${destination.persistentConnections} clients are`} bound to a destination of weight 0`,
        settings: [{ path: 'net/ipv4/vs/expire_quiescent_template', value: 1 }],
      };
    }
  },
};
