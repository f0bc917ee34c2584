import type { Check } from '../facts/check.js';
import { serviceOptions, serviceSettings } from '../facts/fix-commands.js';
import { command } from '../facts/shell.js';

/** Every service has a scheduler. */
export const scheduler: Check = {
  id: 'scheduler',
  title: 'Every service has a scheduler',
  severity: 'error',
  why: 'The scheduler chooses the destination of each new connection. Without one none is chosen.',
  symptom: 'New connections are refused at once; those that are open go on.',
  *examine({ table }) {
    for (const { service } of table) {
      if (service.scheduler !== '' && service.scheduler !== 'none') continue;
      const settings = serviceSettings({ ...service, scheduler: 'wlc' });
      yield {
        service: service.key,
        found: 'the service has no scheduler',
        fix: [command`ipvs-ts -E ${serviceOptions(service)} ${settings}`],
      };
    }
  },
};
