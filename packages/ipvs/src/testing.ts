/**
 * An IPVS kernel in memory, for tests of programs that manage IPVS: no root, no module, no network.
 *
 * ```ts
 * const kernel = new IpvsKernel({ kernel: '6.12' });
 * const ipvs = await Ipvs.open({ transport: doubleTransport(kernel) });
 * ```
 *
 * @packageDocumentation
 */
export { doubleTransport, doubleTransportSync, type KernelDouble, OVERRUN } from '@ipvs-ts/netlink/testing';
export { IpvsKernel } from './testing/ipvs-kernel.js';
export type { IpvsKernelOptions } from './testing/options.js';
export type { LoggedRequest } from './testing/request-log.js';
export type { Traffic } from './testing/traffic.js';
export type { KernelSeries, Machine } from './testing/traits.js';
