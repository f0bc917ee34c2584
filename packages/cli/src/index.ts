/**
 * `ipvs-ts`: the drop-in for ipvsadm as a function, and everything of `@ipvs-ts/ipvs`.
 *
 * @packageDocumentation
 */
export * from '@ipvs-ts/ipvs';
export type { IpvsadmIo } from './ipvsadm/library/io.js';
export type { NameLookup } from './ipvsadm/language/names.js';
export { main as ipvsadm } from './ipvsadm/main.js';
