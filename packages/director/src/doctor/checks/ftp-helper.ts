import type { Check } from '../facts/check.js';
import { targetsOf } from '../facts/marks.js';

/** FTP by NAT has its helper. */
export const ftpHelper: Check = {
  id: 'ftp-helper',
  title: 'FTP by NAT has its helper, ip_vs_ftp',
  severity: 'error',
  why: 'FTP opens a second connection for listings and files, to an address that the server names inside the first. With NAT the helper has to translate it.',
  symptom: 'Logging in works; listings and files hang or are refused.',
  *examine(facts) {
    const { helpers } = facts;
    if (helpers === undefined || helpers.has('ftp')) return;
    for (const { service, destinations } of facts.table) {
      if (!destinations.some(({ forwarding }) => forwarding === 'masq')) continue;
      if (!targetsOf(facts, service).some(({ protocol, port }) => protocol === 'tcp' && port === 21))
        continue;
      yield {
        service: service.key,
        found: 'port 21 is balanced by NAT, and the module ip_vs_ftp is not loaded',
        fix: ['modprobe ip_vs_ftp'],
        advice: 'It counts for new connections. A file in /etc/modules-load.d keeps it.',
      };
    }
  },
};
