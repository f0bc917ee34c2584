import { checkInteger, checkObject, checkText } from '../argument-checks.js';

type Unchecked = Readonly<Record<string, unknown>>;

/** Throws for what is no key of a service. Cheap for keys: a listing has many. */
export function checkServiceKey(key: object): void {
  const { fwmark, protocol } = (key as Unchecked | undefined) ?? {};
  if (fwmark !== undefined || typeof protocol === 'string') return;
  checkObject('key', key);
  checkText('key.protocol', protocol);
}

/** Throws for what has no address and port. */
export function checkEndpointKey(key: object): void {
  const { address, port } = (key as Unchecked | undefined) ?? {};
  if (typeof address === 'string' && typeof port === 'number') return;
  checkObject('key', key);
  checkText('key.address', address);
  checkInteger('key.port', port, 0, 0xffff);
}
