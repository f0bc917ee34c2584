/** Prints the table of services and destinations with the fast maker, and with the ordinary one what that refuses. */
import type { Destination, IpvsVerbsSync, ReadOptions, Service, Uncounted } from '@ipvs-ts/ipvs';
import { type BulkListing, IpvsError } from '@ipvs-ts/ipvs/verbs-sync';
import type { NameLookup } from './language/names.js';
import type { Run } from './library/io.js';
import type { TableLines } from './print/format.js';
import { Page } from './print/page.js';
import { sortDestinations, sortServices } from './print/sort.js';
import { type Entry, entryText } from './print/table.js';

/** Options of printing a table. */
export interface TableOptions {
  /** If absent, addresses and ports stay numbers. */
  readonly names: NameLookup | undefined;
  /** If false, in the kernel's order. */
  readonly sorted: boolean;
  /** Returns the text above the table; called after the services were read. */
  readonly header?: () => string;
  /** As in `IpvsadmIo.stdout`. */
  readonly backup?: boolean;
}

/** Reading options for lines without counters. */
const UNCOUNTED = { counters: false } as const;

/** Prints the table. */
export function printTable({ io, ipvs }: Run, lines: TableLines, options: TableOptions): void {
  const { names, sorted, header, backup = false } = options;
  const page = new Page((text) => io.stdout(text, backup));
  if (names === undefined) io.onListing?.();
  const listing = names === undefined ? ipvs.bulkListing(lines, { sorted }) : undefined;
  const count = listing?.services();
  const read = lines.counted ? {} : UNCOUNTED;
  const entries = listing === undefined || count === undefined ? readEntries(ipvs, sorted, read) : undefined;
  page.add((header?.() ?? '') + lines.title);
  if (entries !== undefined) for (const entry of entries) page.add(entryText(entry, lines, names));
  else if (listing !== undefined && count !== undefined) {
    io.onTable?.(count);
    printListing(ipvs, listing, count, page, (service) => {
      const entry = readEntry(ipvs, service, sorted, read);
      return entry && entryText(entry, lines, names);
    });
  }
  page.flush();
}

/**
 * Prints services from a listing; `ordinary` returns the text of one that the listing refused, undefined if it no
 * longer exists.
 */
function printListing(
  ipvs: IpvsVerbsSync,
  listing: BulkListing,
  count: number,
  page: Page,
  ordinary: (service: ReturnType<BulkListing['service']>) => string | undefined,
): void {
  const add = (text: string): void => page.add(text);
  for (let index = 0; index < count; index++) {
    const listed = listing.list(index, add);
    if (listed === 'printed') continue;
    const service = listing.service(index);
    // Dumps of services that no longer exist are also empty.
    if (listed === 'none') {
      if (unlessGone(() => ipvs.service(service)) !== undefined) page.add(listing.serviceLine(index));
      continue;
    }
    const text = ordinary(service);
    if (text !== undefined) page.add(listing.lines() + text);
  }
  page.add(listing.lines());
}

/**
 * Reads the services at once, then the destinations of each when it is requested, so that a long table is never in
 * memory as a whole. A service that is deleted meanwhile is left out.
 */
function readEntries(
  ipvs: IpvsVerbsSync,
  sorted: boolean,
  options: ReadOptions,
): Generator<Entry, void, undefined> {
  const services = ipvs.services(options);
  return entriesOf(ipvs, sorted ? sortServices(services, (service) => service) : services, sorted, options);
}

function* entriesOf(
  ipvs: IpvsVerbsSync,
  services: readonly Service[],
  sorted: boolean,
  options: ReadOptions,
): Generator<Entry, void, undefined> {
  for (const service of services) {
    const destinations = unlessGone(() => ipvs.destinations(service, options));
    if (destinations !== undefined) yield ordered({ service, destinations }, sorted);
  }
}

function readEntry(
  ipvs: IpvsVerbsSync,
  key: ReturnType<BulkListing['service']>,
  sorted: boolean,
  options: ReadOptions,
): Entry | undefined {
  return unlessGone(() => {
    const service: Uncounted<Service> = ipvs.service(key);
    const destinations: readonly Uncounted<Destination>[] = ipvs.destinations(key, options);
    return ordered({ service, destinations }, sorted);
  });
}

/** A service with its destinations in the order of listings. */
export function sortedEntry({ service, destinations }: Entry): Entry {
  return { service, destinations: sortDestinations(destinations) };
}

function ordered(entry: Entry, sorted: boolean): Entry {
  return sorted ? sortedEntry(entry) : entry;
}

function unlessGone<T>(read: () => T): T | undefined {
  try {
    return read();
  } catch (error) {
    if (IpvsError.is(error, 'ERR_IPVS_SERVICE_NOT_FOUND')) return undefined;
    throw error;
  }
}
