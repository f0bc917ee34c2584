import { parseAddress } from '../model/address.js';
import { DocumentError, type DocumentProblem } from './document-error.js';
import type { DesiredDaemon, DesiredDaemons, DesiredService, DesiredState } from './state.js';
import { DOCUMENT, inside, placeText } from '../place.js';
import { storedServiceSettings } from '../model/settings.js';
import type { Destination, DestinationOptions } from '../model/destination.js';
import { defaultNetmask, netmaskFromWire, type StoredPersistence } from '../model/persistence.js';
import { eachOf } from '../calls/procedure.js';
import type { ReadOptions, TableEntry } from '../calls/read-table.js';
import type { Uncounted } from '../model/counters.js';
import type { Service } from '../model/service.js';
import type { Daemon } from '../model/sync-daemon.js';
import type { Timeouts } from '../model/timeouts.js';
import { TimeSlice } from '@ipvs-ts/netlink';
import { checkChoice, wrongType, checkMethods, checkObject } from '../argument-checks.js';
import { keepChecked } from './origin.js';
import { inspectInSlices } from './read.js';
import type { DocumentFormat } from './source/text.js';
import { writeDocument } from './write.js';

/** Digits of the largest number to sort by. */
const DIGITS = 10;

/** What an export reads from: an `Ipvs`. */
export interface ExportSource {
  /** Every service with its destinations. */
  table(options?: ReadOptions): Promise<TableEntry[]>;
  /** The timeouts of connections. */
  timeouts(): Promise<Timeouts>;
  /** The sync daemons that run. */
  daemons(): Promise<Daemon[]>;
  /** All services as lines of YAML, if possible; see `Ipvs.documentLines`. */
  documentLines?(): Promise<string | undefined>;
}

/** Options of an export. */
export interface ExportOptions extends Pick<ReadOptions, 'consistency'> {
  /** Whether to freeze the state, so that plans and {@link writeDocument} need not check it again. */
  readonly freeze?: boolean | undefined;
}

/** Without counters, which are not part of a state. */
type Entry = TableEntry<{ readonly counters: false }>;

/**
 * Returns all settings as declared state: services with their destinations, timeouts and sync daemons; no counters or
 * connections. Applying it with `prune: 'all'` restores them. The same settings always produce the same object, with
 * sorted names, so texts of it can be compared. Rejects with ERR_IPVS_DOCUMENT for settings of other tools that no
 * document can express, such as forwarding `method-5`: nothing is left out silently.
 */
export async function exportState(ipvs: ExportSource, options: ExportOptions = {}): Promise<DesiredState> {
  checkMethods('ipvs', ipvs, ['table', 'timeouts', 'daemons']);
  checkObject('options', options);
  const { consistency = 'verified', freeze = false } = options;
  if (typeof freeze !== 'boolean') throw wrongType('options.freeze', 'a boolean', freeze);
  const table = await ipvs.table({ consistency, counters: false });
  const services: Record<string, DesiredService> = {};
  const slice = new TimeSlice();
  const filling = eachOf(
    inOrder(table, ({ service }) => sortKey(service)),
    (entry) => {
      services[entry.service.key] = serviceState(entry);
    },
  );
  for (const _ of filling) if (slice.isOver()) await slice.pause();
  const state = {
    services,
    timeouts: await ipvs.timeouts(),
    daemons: daemonsState(await ipvs.daemons()),
  };
  const { document, problems } = await inspectInSlices(state);
  const all = [...table.flatMap(lostFlags), ...problems.map(({ problem }) => problem)];
  if (all.length > 0) throw new DocumentError('export the table, which a document cannot hold', all);
  return freeze ? keepChecked(state, document) : state;
}

/**
 * The same as text, as `writeDocument` writes it. YAML takes much less time than {@link exportState} if the table
 * contains nothing unusual.
 */
export async function exportDocument(ipvs: ExportSource, format: DocumentFormat = 'yaml'): Promise<string> {
  checkChoice('format', format, ['json', 'yaml']);
  const lines = format === 'yaml' ? await ipvs.documentLines?.() : undefined;
  if (lines !== undefined) {
    const others = {
      services: {},
      timeouts: await ipvs.timeouts(),
      daemons: daemonsState(await ipvs.daemons()),
    };
    const { problems } = await inspectInSlices(others);
    const text = problems.length === 0 ? writeDocument(others) : undefined;
    if (text !== undefined)
      return lines === '' ? text : text.replace('services: {}\n', () => `services:\n${lines}`);
  }
  return writeDocument(await exportState(ipvs, { freeze: true }), format);
}

function serviceState({ service, destinations }: Entry): DesiredService {
  const { scheduler, flags, onePacket, persistence } = service;
  return {
    scheduler,
    ...(flags.length > 0 && { flags }),
    ...(onePacket && { onePacket }),
    ...(persistence !== undefined && { persistence: persistenceState(service, persistence) }),
    destinations: Object.fromEntries(
      inOrder(destinations, endpointKey).map((each) => [each.key, destinationState(each)] as const),
    ),
  };
}

function persistenceState(
  { family }: Uncounted<Service>,
  { timeout, netmask, engine }: StoredPersistence,
): NonNullable<DesiredService['persistence']> {
  const isDefault = netmask === netmaskFromWire(family, defaultNetmask(family));
  return { timeout, ...(!isDefault && { netmask }), ...(engine !== undefined && { engine }) };
}

function destinationState(destination: Uncounted<Destination>): DestinationOptions {
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

/** What the kernel does not report (before 4.3) has its default. */
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

/** Bits of the flag word that no field represents. */
function lostFlags({ service }: Entry): DocumentProblem[] {
  const { otherFlags } = storedServiceSettings(service);
  if (otherFlags === undefined) return [];
  const path = placeText(inside(inside(DOCUMENT, 'services'), service.key));
  const allowed = 'flags that a document can name';
  return [
    { path, allowed, message: `${path} has flags that only other tools set: 0x${otherFlags.toString(16)}` },
  ];
}

/** Sorts items by their texts, each of which is created once. */
function inOrder<T>(items: readonly T[], textOf: (item: T) => string): T[] {
  return items
    .map((item) => ({ item, text: textOf(item) }))
    .sort(({ text: one }, { text: other }) => (one < other ? -1 : one > other ? 1 : 0))
    .map(({ item }) => item);
}

/** Sorts by protocol, address and port; marks last. */
function sortKey(service: Uncounted<Service>): string {
  const { protocol, fwmark, family } = service;
  return protocol === undefined
    ? `~${family} ${String(fwmark).padStart(DIGITS, '0')}`
    : `${protocol} ${endpointKey(service)}`;
}

/** Sorts by address as a number, IPv4 first, and port. */
function endpointKey({ address, port }: { readonly address: string; readonly port: number }): string {
  const bytes = parseAddress(address)?.bytes ?? new Uint8Array();
  return `${String(bytes.length).padStart(2, '0')} ${Buffer.from(bytes).toString('hex')} ${String(port).padStart(DIGITS, '0')}`;
}
