import type { Connection } from '@ipvs-ts/ipvs';
import type { Check } from '../check.js';
import { connectionsOf } from '../paths.js';

/** No connections hang at destinations that are gone. */
export const lostDestination: Check = {
  id: 'lost-destination',
  title: 'No connections hang at a destination that was deleted',
  severity: 'warning',
  why: 'With expire_nodest_conn 0 the packets of connections whose destination was deleted are dropped in silence, until it is added again or the connection times out. With 1 such connections are ended, and clients may connect anew.',
  symptom: 'Open connections hang for up to 15 minutes; new ones are served.',
  *examine(facts) {
    if (facts.settings.expire_nodest_conn !== 0) return;
    for (const { service, destinations } of facts.table) {
      if (service.fwmark !== undefined || destinations.length === 0) continue;
      const any = { service, route: undefined, link: undefined };
      const known = new Set(
        destinations.flatMap((each) => connectionsOf(facts, { ...any, destination: each })),
      );
      const lost = facts.connections.filter(
        (connection) =>
          !connection.template &&
          !known.has(connection) &&
          connection.state === 'ESTABLISHED' &&
          connection.protocol === service.protocol &&
          connection.virtual.address === service.address &&
          connection.virtual.port === service.port &&
          // Direct routing and tunnels list the service's port, whatever the destination's is.
          !destinations.some(({ address }) => address === connection.destination.address),
      );
      const first = lost[0];
      if (first === undefined) continue;
      yield {
        service: service.key,
        found: `${lost.length === 1 ? '1 connection is' : `${lost.length} connections are`} open to destinations that the service no longer has, such as ${endpoint(first.destination)}`,
        settings: [{ path: 'net/ipv4/vs/expire_nodest_conn', value: 1 }],
        advice: 'Next time drain it first: weight 0, wait until no connection is left, delete.',
      };
    }
  },
};

function endpoint({ address, port }: Connection['destination']): string {
  return `${address.includes(':') ? `[${address}]` : address}:${port}`;
}
