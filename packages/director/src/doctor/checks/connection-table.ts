import type { Check } from '../facts/check.js';

/** Connections for each bucket above which looking one up gets slow. */
const CROWDED = 8;

/** The connection table is large enough. */
export const connectionTable: Check = {
  id: 'connection-table',
  title: 'The connection table is large enough for the connections',
  severity: 'warning',
  why: 'Every packet is looked up in a hash table of a fixed size, 2^conn_tab_bits; since Linux 7.1 it grows up to that. With many connections a bucket the director spends its time walking lists.',
  symptom: 'Rising latency and lost packets under load; one CPU busy with interrupts.',
  *examine({ info, table }) {
    const size = info?.connectionTableSize ?? 0;
    const count = table
      .flatMap(({ destinations }) => destinations)
      .reduce(
        (sum, { activeConnections, inactiveConnections }) => sum + activeConnections + inactiveConnections,
        0,
      );
    if (size === 0 || count <= size * CROWDED) return;
    const bits = Math.min(20, Math.ceil(Math.log2(count)));
    yield {
      found: `${count} connections in a table of ${size} buckets`,
      fix: [`echo 'options ip_vs conn_tab_bits=${bits}' > /etc/modprobe.d/ip_vs.conf`],
      advice:
        'It counts when the module is loaded the next time, which takes all services away for that moment.',
    };
  },
};
