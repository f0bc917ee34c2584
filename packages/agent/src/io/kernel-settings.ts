import { type Ipvs, IpvsError } from '@ipvs-ts/ipvs';
import type { Globals } from '../declared/declared.js';
import type { ExpirySettings } from '../health/sysctl-advice.js';

/** The changes that would make timeouts and sync daemons as declared. A plan without services reads nothing else. */
export async function globalDifferences(ipvs: Ipvs, globals: Globals): Promise<readonly string[]> {
  const plan = await ipvs.plan({ services: {}, ...globals }, { prune: 'none' });
  return plan.changes.map(String);
}

/** Reads the settings of the kernel that decide what happens to clients of a destination that is out of service. */
export async function readExpiry(ipvs: Ipvs): Promise<ExpirySettings> {
  try {
    const sysctls = await ipvs.sysctls();
    return {
      expiresTemplates: isOn(sysctls['expire_quiescent_template']),
      expiresConnections: isOn(sysctls['expire_nodest_conn']),
    };
  } catch (error) {
    if (!IpvsError.is(error, 'ERR_IPVS_PROC')) throw error;
    return { expiresTemplates: undefined, expiresConnections: undefined };
  }
}

function isOn(value: number | undefined): boolean | undefined {
  return value === undefined ? undefined : value !== 0;
}
