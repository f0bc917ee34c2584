import type { ReaderOf } from '@ipvs-ts/netlink';
import type { INFO } from '../schema/message.js';

/** What the kernel reports about IPVS as a whole. */
export interface Info {
  /** Version of IPVS: `1.2.1` for many years. */
  readonly version: string;
  /**
   * Buckets of the connection table. Up to Linux 7.0 a constant of the module; from 7.1 the current size of this
   * namespace's table, 0 before the first service.
   */
  readonly connectionTableSize: number;
}

export function readInfo(reader: ReaderOf<(typeof INFO)['attributes']>): Info {
  const version = reader.need('version');
  return {
    version: `${(version >>> 16) & 0xff}.${(version >>> 8) & 0xff}.${version & 0xff}`,
    connectionTableSize: reader.need('connectionTableSize'),
  };
}
