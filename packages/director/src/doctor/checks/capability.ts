import type { Check } from '../check.js';

/** This process may talk to IPVS. */
export const capability: Check = {
  id: 'capability',
  title: 'This process has CAP_NET_ADMIN',
  severity: 'error',
  why: 'The kernel tells of services, and takes changes of them, only with CAP_NET_ADMIN in the initial user namespace.',
  symptom: 'None: clients are served. Commands end with “Permission denied (you must be root)”.',
  *examine({ privileged, failure }) {
    if (privileged && failure?.code !== 'ERR_IPVS_PERMISSION') return;
    yield {
      found: privileged
        ? 'this process has CAP_NET_ADMIN, but not in the initial user namespace'
        : 'this process does not have CAP_NET_ADMIN; the services, their connections and the firewall cannot be seen',
      mend: [],
      advice: 'Run it as root: sudo ipvs-ts doctor',
    };
  },
};
