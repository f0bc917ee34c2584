import type { Check } from '../facts/check.js';
import { command } from '../facts/shell.js';

/** The backup daemon receives messages from its master. */
export const syncId: Check = {
  id: 'sync-id',
  title: 'The backup daemon hears messages of its own sync id',
  severity: 'warning',
  why: 'Daemons pass over messages of another sync id without a word, so directors whose ids differ synchronise nothing.',
  symptom: 'None, until this director takes over: then all open connections break.',
  *examine({ daemons, probed }) {
    const backup = daemons.find(({ state }) => state === 'backup');
    const heard = probed?.syncIds ?? [];
    const other = heard[0];
    if (backup === undefined || other === undefined || heard.includes(backup.syncId)) return;
    const group =
      backup.group === undefined || backup.group === '224.0.0.81' ? [] : ['--mcast-group', backup.group];
    yield {
      found: `the backup daemon takes sync id ${backup.syncId}, and messages come with ${heard.join(', ')} only`,
      fix: [
        'ipvs-ts --stop-daemon backup',
        command`ipvs-ts --start-daemon backup --mcast-interface ${backup.interface} ${['--syncid', other, ...group]}`,
      ],
    };
  },
};
