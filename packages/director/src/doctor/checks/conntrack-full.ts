import type { Check } from '../facts/check.js';

/** Share of the table above which there is no room for bursts. */
const NEARLY = 0.95;

/** Conntrack has room for new connections. */
export const conntrackFull: Check = {
  id: 'conntrack-full',
  title: 'The conntrack table has room for new connections',
  severity: 'error',
  why: 'Where conntrack is at work it sees every packet before IPVS does, and drops those of new connections when its table is full.',
  symptom:
    'Timeouts of new connections; those that are open go on. The kernel logs “nf_conntrack: table full, dropping packet”.',
  *examine({ sysctl }) {
    const count = Number(sysctl('net/netfilter/nf_conntrack_count') ?? NaN);
    const maximum = Number(sysctl('net/netfilter/nf_conntrack_max') ?? NaN);
    if (Number.isNaN(count) || !(maximum > 0) || count < maximum * NEARLY) return;
    yield {
      found: `${count} of at most ${maximum} connections (net.netfilter.nf_conntrack_max)`,
      settings: [{ path: 'net/netfilter/nf_conntrack_max', value: Math.max(65_536, maximum * 4) }],
      advice: 'In a container: on the host, whose limit it is.',
    };
  },
};
