import type { Check } from '../facts/check.js';
import { command } from '../facts/shell.js';

/** Sync daemons have an interface that works. */
export const syncInterface: Check = {
  id: 'sync-interface',
  title: 'The interface of each sync daemon is up',
  severity: 'warning',
  why: 'A sync daemon whose interface is down, or gone, sends or hears nothing, and says so nowhere.',
  symptom: 'None, until the other director takes over: then all open connections break.',
  *examine({ daemons, links }) {
    for (const { state, interface: device } of daemons) {
      const link = links.find(({ name }) => name === device);
      if (link !== undefined && link.up && (link.running || link.loopback)) continue;
      yield {
        found: `the ${state} daemon uses ${device}, which ${link === undefined ? 'is not there' : link.up ? 'has no carrier' : 'is down'}`,
        fix: link !== undefined && !link.up ? [command`ip link set ${device} up`] : [],
        ...(link === undefined && {
          advice: `Stop the daemon and start it on another interface: ${command`ipvs-ts --stop-daemon ${state}`}`,
        }),
      };
    }
  },
};
