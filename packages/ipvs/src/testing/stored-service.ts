import type { Writer } from '@ipvs-ts/netlink';
import { AF } from '../model/address.js';
import { MESSAGE } from '../schema/message.js';
import { SERVICE } from '../schema/service.js';
import { type Counters, noCounts, writeCounters } from './counters.js';
import type { Body } from './result.js';
import type { StoredDestination } from './stored-destination.js';
import type { Traits } from './traits.js';

/** What identifies a service. With a fwmark other than 0 the rest is ignored. */
export interface ServiceIdentity {
  readonly family: number;
  readonly fwmark: number;
  readonly protocol: number;
  /** Always 16 bytes. */
  readonly address: Uint8Array;
  readonly port: number;
}

/** What SET_SERVICE replaces. */
export interface ServiceSettings {
  readonly scheduler: string;
  /** Empty for none. */
  readonly engine: string;
  readonly flags: number;
  /** Ticks, in 32 bits. */
  readonly timeout: number;
  readonly netmask: number;
}

/** A service as the kernel holds it. */
export interface StoredService {
  readonly identity: ServiceIdentity;
  settings: ServiceSettings;
  counters: Counters;
  /** Newest first. */
  destinations: StoredDestination[];
}

export function newService(identity: ServiceIdentity, settings: ServiceSettings): StoredService {
  return { identity, settings, counters: noCounts(), destinations: [] };
}

/** Two services are one if and only if their texts are equal. */
export function serviceText({ family, fwmark, protocol, address, port }: ServiceIdentity): string {
  if (fwmark !== 0) return `${family} fwmark ${fwmark}`;
  return `${family} ${protocol} ${Buffer.from(address).toString('hex')} ${port}`;
}

/** An address in 16 bytes; of an IPv4 address only the first four count. */
export function significant(family: number, bytes: Uint8Array): Uint8Array {
  const address = new Uint8Array(16);
  address.set(family === AF.ipv6 ? bytes : bytes.subarray(0, 4));
  return address;
}

/** The message that describes a service. */
export function serviceBody({ identity, settings, counters }: StoredService, traits: Traits): Body {
  const { family, fwmark, protocol, address, port } = identity;
  const { scheduler, engine, flags, timeout, netmask } = settings;
  const { stats, stats64 } = SERVICE.attributes;
  return {
    command: 1,
    write: (writer: Writer) => {
      const nest = writer.beginNest(MESSAGE.attributes.service.number);
      SERVICE.encode(writer, {
        family,
        ...(fwmark === 0 ? { protocol, address, port } : { fwmark }),
        scheduler,
        ...(engine !== '' && { engine }),
        flags: { flags, mask: 0xffff_ffff },
        timeout: Math.floor(timeout / traits.hz),
        netmask,
      });
      writeCounters(writer, { stats: stats.number, stats64: stats64.number }, counters, traits.pads);
      writer.endNest(nest);
    },
  };
}
