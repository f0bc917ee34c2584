import { isIP } from 'node:net';
import { hostname } from 'node:os';

/**
 * Whether a `Host` header names this host: an address, `localhost`, or the host name with any domain. This stops DNS
 * rebinding: pages of a site whose name was pointed to this host send that name. Programs that send no `Host` are not
 * browsers, and are accepted.
 */
export function isOwnHost(header: string | undefined): boolean {
  if (header === undefined) return true;
  const host = header
    .replace(/:\d+$/, '')
    .replace(/^\[|\]$/g, '')
    .replace(/\.$/, '')
    .toLowerCase();
  if (isIP(host) !== 0 || host === 'localhost') return true;
  return host.split('.')[0] === hostname().split('.')[0]?.toLowerCase();
}
