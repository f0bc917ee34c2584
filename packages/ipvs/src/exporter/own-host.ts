import { isIP } from 'node:net';
import { hostname } from 'node:os';

/**
 * Whether a `Host` header names this host: an address, `localhost`, or the name of the host with any domain. A page of
 * another site whose name leads here has another one: so browsers show such a page nothing of a listener that checks
 * it. Programs that send no `Host` are no browsers.
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
