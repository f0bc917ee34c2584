import type { Family } from '@ipvs-ts/netlink';

/** rtnetlink: links, addresses, routes and neighbours. Its messages are not generic ones; its number means nothing. */
export const ROUTE: Family = { name: 'rtnetlink', id: 0, version: 0, raw: true };

/** `AF_*`, as the first byte of every rtnetlink header. */
export const AF = { unspecified: 0, ipv4: 2, ipv6: 10 } as const;
