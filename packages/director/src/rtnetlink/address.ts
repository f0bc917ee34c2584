import { addressText } from '@ipvs-ts/ipvs';
import {
  attribute,
  attributeSet,
  binary,
  operation,
  rawRequest,
  type Request,
  struct,
  u32,
  u8,
} from '@ipvs-ts/netlink';
import { AF, ROUTE } from './family.js';

/** The `IFA_*` that are used. */
const ADDRESS = attributeSet('interface-address', {
  address: attribute(1, 'ADDRESS', binary(4, 16), 'address; on point-to-point links the other end’s'),
  local: attribute(2, 'LOCAL', binary(4, 16), 'own address; IPv6 gives it on point-to-point links only'),
});

/** `struct ifaddrmsg`. */
const HEADER = struct({ family: u8, prefixLength: u8, flags: u8, scope: u8, index: u32 });

/** RTM_GETADDR as a dump. */
export const GETADDR = operation({
  name: 'GETADDR',
  command: 22,
  mode: 'dump',
  header: HEADER,
  request: ADDRESS,
  reply: { command: 20, attributes: ADDRESS },
  doc: 'list the addresses of the interfaces',
});

/** `IFA_F_TENTATIVE` and `IFA_F_DADFAILED`: IPv6 addresses that are not, or never, in use. */
const UNUSABLE = 0x40 | 0x08;

/** An address of an interface. */
export interface InterfaceAddress {
  /** Index of the interface. */
  readonly link: number;
  readonly family: 'ipv4' | 'ipv6';
  readonly address: string;
  readonly prefixLength: number;
  /** False for an IPv6 address that the kernel is still probing, or that is a duplicate. */
  readonly usable: boolean;
}

/** The request for all addresses. */
export function addressesRequest(): Request<InterfaceAddress> {
  const header = { family: AF.unspecified, prefixLength: 0, flags: 0, scope: 0, index: 0 };
  return rawRequest(ROUTE, GETADDR, header, {}, (reader, { family, prefixLength, flags, index }) => {
    const name = family === AF.ipv4 ? 'ipv4' : 'ipv6';
    const bytes = reader.local ?? reader.need('address');
    return {
      link: index,
      family: name,
      address: addressText({ family: name, bytes }),
      prefixLength,
      usable: (flags & UNUSABLE) === 0,
    };
  });
}
