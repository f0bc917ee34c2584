import type { Check } from '../facts/check.js';
import { lacksPrivilege } from './capability.js';

/** The kernel has IPVS. */
export const family: Check = {
  id: 'family',
  title: 'The kernel has IPVS, and its module is loaded',
  severity: 'error',
  why: 'Without the module ip_vs the kernel balances nothing and knows no virtual service.',
  symptom:
    'Connection refused at once, or the page of a program on the director itself. Every command ends with “Protocol not available”.',
  *examine({ failure }) {
    if (failure === undefined || lacksPrivilege(failure)) return;
    const missing = failure.code === 'ERR_IPVS_UNAVAILABLE';
    yield {
      found: failure.message,
      fix: missing ? ['modprobe ip_vs'] : [],
      ...(missing && {
        advice:
          'If the module is not there: install a kernel with IPVS. In a container: load it on the host.',
      }),
    };
  },
};
