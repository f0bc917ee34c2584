import { parseAddress } from '../model/address.js';
import { DocumentError, type DocumentProblem } from './document-error.js';
import type { DesiredDaemon, DesiredDaemons, DesiredService, DesiredState } from './state.js';
import { DOCUMENT, inside, placeText } from '../place.js';
import { storedServiceSettings } from '../model/settings.js';
import type { Destination, DestinationOptions } from '../model/destination.js';
import { defaultNetmask, netmaskFromWire, type StoredPersistence } from '../model/persistence.js';
import type { ReadOptions, TableEntry } from '../calls/read-table.js';
import type { Service } from '../model/service.js';
import type { Daemon } from '../model/sync-daemon.js';
import type { Timeouts } from '../model/timeouts.js';
import { stateProblems } from './read.js';

/** What exporting asks: an `Ipvs`. */
export interface ExportSource {
  /** Every service with its destinations. */
  table(options?: ReadOptions): Promise<TableEntry[]>;
  /** The timeouts of connections. */
  timeouts(): Promise<Timeouts>;
  /** The sync daemons that run. */
  daemons(): Promise<Daemon[]>;
}

/**
 * Everything that is set, as the declared state that makes it: services with their destinations, timeouts, sync
 * daemons; no counters and no connections. The same state produces the same object, its names in order, so that texts of
 * it can be compared. Applying it with `prune: 'all'` brings it back. Rejects with ERR_IPVS_DOCUMENT for what only other
 * tools can have stored and no document can hold, such as forwarding `method-5`: nothing is left out in silence.
 */
export async function exportState(ipvs: ExportSource, options: ReadOptions = {}): Promise<DesiredState> {
  const { consistency = 'verified' } = options;
  const table = await ipvs.table({ consistency });
  const state = {
    services: Object.fromEntries(
      [...table].sort(byService).map((entry) => [entry.service.key, serviceState(entry)] as const),
    ),
    timeouts: await ipvs.timeouts(),
    daemons: daemonsState(await ipvs.daemons()),
  };
  const problems = [...table.flatMap(lostFlags), ...stateProblems(state)];
  if (problems.length > 0)
    throw new DocumentError('export the table, which a document cannot hold', problems);
  return state;
}

function serviceState({ service, destinations }: TableEntry): DesiredService {
  const { scheduler, flags, onePacket, persistence } = service;
  return {
    scheduler,
    ...(flags.length > 0 && { flags }),
    ...(onePacket && { onePacket }),
    ...(persistence !== undefined && { persistence: persistenceState(service, persistence) }),
    destinations: Object.fromEntries(
      [...destinations].sort(byEndpoint).map((each) => [each.key, destinationState(each)] as const),
    ),
  };
}

function persistenceState(
  { family }: Service,
  { timeout, netmask, engine }: StoredPersistence,
): NonNullable<DesiredService['persistence']> {
  const isDefault = netmask === netmaskFromWire(family, defaultNetmask(family));
  return { timeout, ...(!isDefault && { netmask }), ...(engine !== undefined && { engine }) };
}

function destinationState(destination: Destination): DestinationOptions {
  const { forwarding, weight, upperThreshold, lowerThreshold, tunnel } = destination;
  return {
    forwarding,
    weight,
    ...(upperThreshold > 0 && { upperThreshold }),
    ...(lowerThreshold > 0 && { lowerThreshold }),
    ...(tunnel !== undefined &&
      (tunnel.type !== 'ipip' || tunnel.port > 0 || tunnel.checksum !== 'none') && {
        tunnel: {
          type: tunnel.type,
          ...(tunnel.port > 0 && { port: tunnel.port }),
          ...(tunnel.checksum !== 'none' && { checksum: tunnel.checksum }),
        },
      }),
  };
}

/** What the kernel does not tell (before 4.3) is at its default. */
function daemonsState(daemons: readonly Daemon[]): DesiredDaemons {
  const state = (wanted: Daemon['state']): Record<string, DesiredDaemon> => {
    const running = daemons.find((each) => each.state === wanted);
    if (running === undefined) return {};
    const { interface: name, syncId, maxLength, group, port, ttl } = running;
    const told = maxLength > 0 && { maxLength, ...(group !== undefined && { group }), port, ttl };
    return { [wanted]: { interface: name, syncId, ...told } };
  };
  return { ...state('master'), ...state('backup') };
}

/** Bits of the flag word that no field tells. */
function lostFlags({ service }: TableEntry): DocumentProblem[] {
  const { otherFlags } = storedServiceSettings(service);
  if (otherFlags === undefined) return [];
  const path = placeText(inside(inside(DOCUMENT, 'services'), service.key));
  const allowed = 'flags that a document can name';
  return [
    { path, allowed, message: `${path} has flags that only other tools set: 0x${otherFlags.toString(16)}` },
  ];
}

/** By protocol, address and port; marks last. */
function byService({ service: one }: TableEntry, { service: other }: TableEntry): number {
  const key = (service: Service): string => service.protocol ?? `~${service.family}`;
  if (key(one) !== key(other)) return key(one) < key(other) ? -1 : 1;
  if (one.fwmark !== undefined && other.fwmark !== undefined) return one.fwmark - other.fwmark;
  return one.fwmark === undefined && other.fwmark === undefined ? byEndpoint(one, other) : 0;
}

interface Endpoint {
  readonly address: string;
  readonly port: number;
}

/** By address as a number, IPv4 first, and port. */
function byEndpoint(one: Endpoint, other: Endpoint): number {
  const [first, second] = [bytesOf(one), bytesOf(other)];
  return first.length - second.length || Buffer.compare(first, second) || one.port - other.port;
}

function bytesOf({ address }: Endpoint): Uint8Array {
  return parseAddress(address)?.bytes ?? new Uint8Array();
}
