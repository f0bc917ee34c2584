import {
  destination,
  type DestinationValues,
  ip,
  service,
  type ServiceValues,
  type Bytes,
} from './attributes.js';

/** tcp 10.0.0.1:80 */
export const TCP: ServiceValues = { family: 2, protocol: 6, address: ip('10.0.0.1'), port: 80 };
/** tcp [2001:db8::1]:443 */
export const TCP6: ServiceValues = { family: 10, protocol: 6, address: ip('2001:db8::1'), port: 443 };
/** A service that nothing makes. */
export const NONE: ServiceValues = { ...TCP, address: ip('10.9.9.9') };

/** What NEW_SERVICE needs beside the identity. */
export const RR: ServiceValues = {
  scheduler: 'rr',
  flags: { flags: 0, mask: 0xffff_ffff },
  timeout: 0,
  netmask: 0xffff_ffff,
};
export const RR6: ServiceValues = { ...RR, netmask: 128 };

/** 10.1.0.1:80 */
export const D1: DestinationValues = { family: 2, address: ip('10.1.0.1'), port: 80 };
/** [2001:db8:1::1]:80 */
export const D6: DestinationValues = { family: 10, address: ip('2001:db8:1::1'), port: 80 };
/** What NEW_DEST needs beside the identity. */
export const MASQ: DestinationValues = { forwarding: 0, weight: 1, upperThreshold: 0, lowerThreshold: 0 };

export const NEW_TCP: Bytes = service({ ...TCP, ...RR });
export const NEW_TCP6: Bytes = service({ ...TCP6, ...RR6 });
export const ID_TCP: Bytes = service(TCP);
export const ID_TCP6: Bytes = service(TCP6);

/** A destination of TCP with settings of its own, by the last number of 10.1.0.x. */
export function masq(last: number, values: DestinationValues = {}): Bytes {
  return destination({ ...D1, address: ip(`10.1.0.${last}`), ...MASQ, ...values });
}
