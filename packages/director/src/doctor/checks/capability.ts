import type { IpvsError } from '@ipvs-ts/ipvs';
import type { Check } from '../facts/check.js';

/** This process may use IPVS. */
export const capability: Check = {
  id: 'capability',
  title: 'This process has CAP_NET_ADMIN',
  severity: 'error',
  why: 'The kernel lets a process read and change services only with CAP_NET_ADMIN in the initial user namespace.',
  symptom: 'None: clients are served. Commands end with “Permission denied (you must be root)”.',
  *examine({ privileged, failure }) {
    if (privileged && !lacksPrivilege(failure)) return;
    yield privileged
      ? {
          found: 'this process has CAP_NET_ADMIN, but not in the initial user namespace',
          fix: [],
          advice:
            'Run it outside of the container, in its network namespace: sudo nsenter --net=/proc/PID/ns/net ipvs-ts doctor',
        }
      : {
          found:
            'this process does not have CAP_NET_ADMIN; the services, their connections and the firewall cannot be seen',
          fix: [],
          advice: 'Run it as root: sudo ipvs-ts doctor',
        };
  },
};

/** Whether IPVS exists but rejects this process. */
export function lacksPrivilege(failure: IpvsError | undefined): boolean {
  return failure?.code === 'ERR_IPVS_PERMISSION' || failure?.code === 'ERR_IPVS_USER_NAMESPACE';
}
