import type { Check } from '../facts/check.js';
import { mayConnect } from '../traffic/own-connection.js';

/** A connection through the virtual address succeeds. */
export const serviceProbe: Check = {
  id: 'service-probe',
  title: 'A connection to the virtual address succeeds',
  severity: 'error',
  why: 'IPVS balances connections of the director itself too: one that fails shows trouble between director and servers.',
  symptom: 'Clients fail in the same way, or some of them do.',
  last: true,
  *examine(facts, explained) {
    const { table, probed } = facts;
    for (const { service, destinations } of table) {
      const result = probed?.services.get(service.key);
      if (result === undefined || result === 'open' || explained(service.key)) continue;
      const ends = service.fwmark === undefined ? [service, ...destinations] : destinations;
      const own = ends.every(({ family, address, port }) => mayConnect(facts, family, address, port));
      if (!own) continue;
      yield {
        service: service.key,
        found: `a connection from the director to the virtual address ends with: ${result}`,
        fix: [],
        advice:
          'Nothing else was found. Look at the real servers: their way back, their firewalls, their programs.',
      };
    }
  },
};
