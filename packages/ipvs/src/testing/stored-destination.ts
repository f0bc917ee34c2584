import type { Writer } from '@ipvs-ts/netlink';
import { DESTINATION } from '../schema/destination.js';
import { MESSAGE } from '../schema/message.js';
import { type Counters, noCounts, writeCounters } from './counters.js';
import type { Body } from './result.js';
import type { Traits } from './traits.js';

/** What identifies a destination of a service. */
export interface DestinationIdentity {
  readonly family: number;
  /** Always 16 bytes. */
  readonly address: Uint8Array;
  readonly port: number;
}

/** What SET_DEST replaces. */
export interface DestinationSettings {
  readonly forwarding: number;
  readonly weight: number;
  readonly upperThreshold: number;
  readonly lowerThreshold: number;
  readonly tunnelType: number;
  readonly tunnelPort: number;
  readonly tunnelFlags: number;
}

/** Connections that a destination has at the moment. */
interface ConnectionCounts {
  readonly active: number;
  readonly inactive: number;
  readonly persistent: number;
}

/** A destination as the kernel holds it. */
export interface StoredDestination {
  readonly identity: DestinationIdentity;
  settings: DestinationSettings;
  counters: Counters;
  connections: ConnectionCounts;
}

export function newDestination(
  identity: DestinationIdentity,
  settings: DestinationSettings,
): StoredDestination {
  return {
    identity,
    settings,
    counters: noCounts(),
    connections: { active: 0, inactive: 0, persistent: 0 },
  };
}

/** Two destinations of a service are one if and only if their texts are equal. */
export function destinationText({ family, address, port }: DestinationIdentity): string {
  return `${family} ${Buffer.from(address).toString('hex')} ${port}`;
}

/** The message that describes a destination. It does not name the service. */
export function destinationBody(
  { identity, settings, counters, connections }: StoredDestination,
  { pads }: Traits,
): Body {
  const { stats, stats64 } = DESTINATION.attributes;
  return {
    command: 5,
    write: (writer: Writer) => {
      const nest = writer.beginNest(MESSAGE.attributes.destination.number);
      DESTINATION.encode(writer, {
        address: identity.address,
        port: identity.port,
        forwarding: settings.forwarding,
        weight: settings.weight,
        tunnelType: settings.tunnelType,
        tunnelPort: settings.tunnelPort,
        tunnelFlags: settings.tunnelFlags,
        upperThreshold: settings.upperThreshold,
        lowerThreshold: settings.lowerThreshold,
        activeConnections: connections.active,
        inactiveConnections: connections.inactive,
        persistentConnections: connections.persistent,
        family: identity.family,
      });
      writeCounters(writer, { stats: stats.number, stats64: stats64.number }, counters, pads);
      writer.endNest(nest);
    },
  };
}
