import { checkChoice, checkOptions, wrongType } from '../argument-checks.js';
import type { Call } from './call.js';
import type { Calls } from './calls.js';
import type { Read, ReadFields, Uncounted } from '../model/counters.js';
import type { Destination } from '../model/destination.js';
import { IpvsError } from '../errors.js';
import type { ServiceName } from '../model/key.js';
import { KeySet } from './key-set.js';
import { eachOf, perform, type Procedure } from './procedure.js';
import type { Service } from '../model/service.js';

/** A service with its destinations. `O`: how they were read. */
export interface TableEntry<O = unknown> {
  readonly service: Read<Service, O>;
  readonly destinations: readonly Read<Destination, O>[];
}

/** How reliable a reading of the table must be. */
export type Consistency =
  /**
   * Read once, and again if an entry is listed twice. If the table changes meanwhile and does not fit one message,
   * entries may be missing without a sign of it.
   */
  | 'single'
  /** Read until two consecutive readings agree, apart from counters. ERR_IPVS_UNSTABLE after ten that do not. */
  | 'verified';

/** Options of a reading. */
export interface ReadOptions extends ReadFields {
  /** `single` by default. */
  readonly consistency?: Consistency | undefined;
}

/** Checks the options of a reading, which may include those of a call. */
function checkReadOptions(options: ReadOptions | undefined): void {
  if (options === undefined) return;
  checkOptions('options', options, ['counters', 'consistency', 'signal']);
  const { counters = true, consistency = 'single' } = options;
  if (typeof counters !== 'boolean') throw wrongType('options.counters', 'true or false', counters);
  checkChoice('options.consistency', consistency, ['single', 'verified']);
}

const MAX_READINGS = 10;
const MAX_DISTURBED = 4;
/** How many entries are processed without a pause. */
const FEW = 64;

/** Returns all services, each once: a dump that spans several messages may repeat entries while the table changes. */
export function services<O extends ReadOptions>(calls: Calls, options?: O): Procedure<Read<Service, O>[]> {
  checkReadOptions(options);
  const once = (): Procedure<Read<Service, O>[]> => undisturbed(calls.services(options));
  return options?.consistency === 'verified' ? verified('list the services', once, serviceSettings) : once();
}

/**
 * Returns the destinations of a service, each once. It detects a missing service, for which the kernel answers an empty
 * list.
 */
export function* destinations<O extends ReadOptions>(
  calls: Calls,
  name: ServiceName,
  options?: O,
): Procedure<Read<Destination, O>[]> {
  checkReadOptions(options);
  const call = calls.destinations(name, options);
  if (options?.consistency === 'verified')
    return yield* verified(call.words, () => readDestinations(calls, name, call), destinationSettings);
  return yield* readDestinations(calls, name, call);
}

/** Returns every service with its destinations, without services that are deleted during the reading. */
export function table<O extends ReadOptions>(calls: Calls, options?: O): Procedure<TableEntry<O>[]> {
  checkReadOptions(options);
  const once = (): Procedure<TableEntry<O>[]> => readTable(calls, options);
  return options?.consistency === 'verified' ? verified('read the table', once, tableSettings) : once();
}

/** Reads until two consecutive readings have the same settings. */
function* verified<T>(
  words: string,
  once: () => Procedure<T[]>,
  settings: (item: T) => string,
): Procedure<T[]> {
  let seen = yield* fingerprint(yield* once(), settings);
  for (let readings = 1; readings < MAX_READINGS; readings++) {
    const items = yield* once();
    const now = yield* fingerprint(items, settings);
    if (now === seen) return items;
    seen = now;
  }
  throw new IpvsError(
    'ERR_IPVS_UNSTABLE',
    `cannot ${words}: it changed each of ${MAX_READINGS} times that it was read; try again when there is less change`,
    { operation: words },
  );
}

function* fingerprint<T>(items: readonly T[], settings: (item: T) => string): Procedure<string> {
  const lines: string[] = [];
  yield* eachOf(items, (item) => lines.push(settings(item)));
  return lines.sort().join('\n');
}

function tableSettings({ service, destinations: found }: TableEntry<ReadOptions>): string {
  return [serviceSettings(service), ...found.map(destinationSettings).sort()].join();
}

function serviceSettings({ key, scheduler, rawFlags, persistence }: Uncounted<Service>): string {
  const named = `${key} ${scheduler} ${rawFlags}`;
  return persistence === undefined ? named : `${named} ${JSON.stringify(persistence)}`;
}

function destinationSettings({
  key,
  forwarding,
  weight,
  upperThreshold,
  lowerThreshold,
  tunnel,
}: Uncounted<Destination>): string {
  const numbers = `${key} ${forwarding} ${weight} ${upperThreshold} ${lowerThreshold}`;
  return tunnel === undefined ? numbers : `${numbers} ${JSON.stringify(tunnel)}`;
}

function* readDestinations<T extends Listed>(
  calls: Calls,
  name: ServiceName,
  call: Call<T[]>,
): Procedure<T[]> {
  const found = yield* undisturbed(call);
  if (found.length === 0) yield* perform(calls.service(name));
  return found;
}

function* readTable<O extends ReadOptions>(calls: Calls, options?: O): Procedure<TableEntry<O>[]> {
  const entries: TableEntry<O>[] = [];
  for (const service of yield* undisturbed(calls.services(options))) {
    const found = yield* undisturbed(calls.destinations(service, options));
    if (found.length > 0 || (yield* exists(calls, service))) entries.push({ service, destinations: found });
  }
  return entries;
}

/** An entry of a list. */
interface Listed {
  readonly key: string;
}

/**
 * Returns the entries of a dump, each once. A dump that lists an entry twice was disturbed by a change and may lack
 * others: it is repeated, a few times. From Linux 7.1 on this also happens without a writer, just after many services
 * were added, when the kernel moves them to a larger table.
 */
function* undisturbed<T extends Listed>(dump: Call<T[]>): Procedure<T[]> {
  for (let readings = 1; ; readings++) {
    const items = (yield dump) as T[];
    const found = items.length <= FEW ? distinct(items) : yield* distinctOfMany(items);
    if (found.length === items.length || readings === MAX_DISTURBED) return found;
  }
}

function distinct<T extends Listed>(items: readonly T[]): T[] {
  const seen = new Set<string>();
  return items.filter(({ key }) => seen.size !== seen.add(key).size);
}

function* distinctOfMany<T extends Listed>(items: readonly T[]): Procedure<T[]> {
  const seen = new KeySet();
  const found: T[] = [];
  yield* eachOf(items, (item) => {
    if (seen.add(item.key)) found.push(item);
  });
  return found;
}

function* exists(calls: Calls, service: ServiceName): Procedure<boolean> {
  try {
    yield* perform(calls.service(service));
    return true;
  } catch (error) {
    if (IpvsError.is(error, 'ERR_IPVS_SERVICE_NOT_FOUND')) return false;
    throw error;
  }
}
