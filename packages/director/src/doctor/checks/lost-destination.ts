import type { Connection, Destination, Service } from '@ipvs-ts/ipvs';
import type { Check } from '../facts/check.js';
import type { Facts } from '../facts/facts.js';
import { targetsOf } from '../facts/marks.js';
import { perFacts } from '../facts/per-facts.js';

/** States of closed connections. */
const OVER = new Set([
  ...[
    'NONE',
    'SYN_RECV',
    'FIN_WAIT',
    'TIME_WAIT',
    'CLOSE',
    'CLOSE_WAIT',
    'LAST_ACK',
    'LISTEN',
    'SYNACK',
    'SYN_SENT',
  ],
  ...['INIT1', 'INIT', 'SHUTDOWN_SENT', 'SHUTDOWN_RECEIVED', 'SHUTDOWN_ACK_SENT', 'REJECTED', 'CLOSED'],
]);

/** No connections are stuck at deleted destinations. */
export const lostDestination: Check = {
  id: 'lost-destination',
  title: 'No connections hang at a destination that was deleted',
  severity: 'warning',
  why: 'With expire_nodest_conn 0 the packets of connections whose destination was deleted are dropped in silence, until it is added again or the connection times out; of UDP, those of a client that keeps its port. With 1 such connections are ended, and clients may connect anew.',
  symptom: 'Open connections hang for up to 15 minutes (UDP: 5); new ones are served.',
  *examine(facts) {
    if (facts.settings.expire_nodest_conn !== 0) return;
    for (const { service, destinations } of facts.table) {
      if (destinations.length === 0) continue;
      const first = connectionsOfService(facts, service).find((each) => isLost(each, destinations));
      if (first === undefined) continue;
      yield {
        service: service.key,
        cause: 'expire_nodest_conn',
        found: `connections are open to destinations that their service no longer has, such as ${endpoint(first.destination)}`,
        settings: [{ path: 'net/ipv4/vs/expire_nodest_conn', value: 1 }],
        advice: 'Next time drain it first: weight 0, wait until no connection is left, delete.',
      };
    }
  },
};

// With direct routing and tunnels, connections have the service's port, whatever the destination's port is: only the
// address is compared.
function isLost({ state, destination }: Connection, destinations: readonly Destination[]): boolean {
  return !OVER.has(state) && !destinations.some(({ address }) => address === destination.address);
}

/** Connections by virtual address and port. */
const byVirtual = perFacts(({ connections }) => {
  const index = new Map<string, Connection[]>();
  for (const connection of connections) {
    if (connection.template) continue;
    const { protocol, virtual } = connection;
    for (const key of [
      `${protocol} ${virtual.address} ${virtual.port}`,
      `${protocol} ${virtual.address} 0`,
    ]) {
      const before = index.get(key);
      if (before === undefined) index.set(key, [connection]);
      else before.push(connection);
    }
  }
  return index;
});

/** The connections of a service. Those of services by address do not count for a service by mark. */
function connectionsOfService(facts: Facts, service: Service): Connection[] {
  const found = targetsOf(facts, service).flatMap(({ protocol, address, port = 0 }) =>
    address === undefined ? [] : (byVirtual(facts).get(`${protocol} ${address} ${port}`) ?? []),
  );
  if (service.fwmark === undefined && service.port !== 0) return found;
  const own = new Set(facts.table.map((entry) => entry.service.key));
  return found.filter(({ protocol, virtual }) => !own.has(`${protocol.toLowerCase()}:${endpoint(virtual)}`));
}

function endpoint({ address, port }: Connection['destination']): string {
  return `${address.includes(':') ? `[${address}]` : address}:${port}`;
}
