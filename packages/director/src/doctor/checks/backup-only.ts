import type { Check } from '../facts/check.js';
import { virtualLink } from '../facts/paths.js';
import { isHolder } from '../facts/roles.js';

/** A director that has the virtual address balances connections. */
export const backupOnly: Check = {
  id: 'backup-only',
  title: 'A director that has the virtual address is no mere backup',
  severity: 'error',
  why: 'With backup_only 1 a director does not balance while its backup daemon runs. One that has the virtual address on its network all the same leaves requests to itself.',
  symptom: 'Connection refused at once, or the page of a program on the director itself.',
  *examine(facts) {
    if (facts.settings.backup_only !== 1 || !facts.daemons.some(({ state }) => state === 'backup')) return;
    for (const { service } of facts.table) {
      const link = virtualLink(facts, service);
      if (link === undefined || isHolder(link)) continue;
      yield {
        service: service.key,
        found: `net.ipv4.vs.backup_only is 1, the backup daemon runs, and ${link.name} has the virtual address`,
        settings: [{ path: 'net/ipv4/vs/backup_only', value: 0 }],
      };
    }
  },
};
