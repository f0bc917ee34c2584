import type { Check } from '../facts/check.js';
import { connectionsOf, paths } from '../facts/paths.js';

/** Clients that reuse a port are not sent to a destination that takes no new connections. */
export const reusedConnection: Check = {
  id: 'reused-connection',
  title: 'Connections from a port that is used again get a new destination',
  severity: 'error',
  why: 'With conn_reuse_mode 0 a connection from a port that its client has used a moment ago goes to the destination of before, even if that has weight 0 because it is down.',
  symptom: 'Some new connections time out, those of clients with many connections first.',
  *examine(facts) {
    if (facts.settings.conn_reuse_mode !== 0) return;
    for (const { service, destination } of paths(facts)) {
      if (destination.weight !== 0 || service.persistence !== undefined) continue;
      if (!connectionsOf(facts, { service, destination }).some((each) => facts.waiting.has(each))) continue;
      yield {
        service: service.key,
        destination: destination.key,
        found: 'new connections wait at destinations of weight 0, and net.ipv4.vs.conn_reuse_mode is 0',
        settings: [{ path: 'net/ipv4/vs/conn_reuse_mode', value: 1 }],
      };
    }
  },
};
