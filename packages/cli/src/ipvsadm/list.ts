/** The commands that show something. */
import type { Destination, IpvsVerbsSync, ReadOptions, Service, Uncounted } from '@ipvs-ts/ipvs';
import { IpvsError, type PlainService } from '@ipvs-ts/ipvs/verbs-sync';
import type { Run } from './library/io.js';
import { EXIT, IpvsadmError, MESSAGES } from './language/messages.js';
import type { OptionClass } from './language/options.js';
import { CONNECTIONS_FILE, connectionsText } from './print/connections.js';
import type { Format, Layout } from './print/format.js';
import { LAYOUTS } from './print/layouts.js';
import { Page } from './print/page.js';
import { nameOf, PLAIN_LINES } from './print/plain-table.js';
import { daemonsText, timeoutText } from './print/timeouts-and-daemons.js';
import { sortDestinations, sortServices } from './print/sort.js';
import { destinationLine, headerText, serviceLine, tableText, titleText, type Entry } from './print/table.js';
import type { CommandRequest } from './request/request.js';
import type { NameLookup } from './language/names.js';
import { rulesText } from './rules/rules.js';
import { serviceKey } from './library/to-library.js';

/** When several layouts are asked for, the first of these wins. */
const LAYOUT_OPTIONS: readonly (Layout & OptionClass)[] = [
  'stats',
  'rate',
  'thresholds',
  'persistent-conn',
  'tun-info',
];

/** How a table is read whose layout shows no counters. */
const UNCOUNTED = { counters: false } as const;

/** `-l` in all its forms. */
export function list(request: CommandRequest, session: Run): void {
  const { given, service } = request;
  const { io, ipvs } = session;
  const format: Format = {
    layout: LAYOUT_OPTIONS.find((option) => given.has(option)) ?? 'plain',
    exact: given.has('exact'),
    names: namesUnlessNumeric(request, session),
  };
  if (given.has('connection')) {
    io.stdout(connectionsText(readConnections(session), given.has('persistent-conn'), format.names));
  } else if (given.has('service-address')) {
    const target = serviceKey(service);
    const entry = { service: ipvs.service(target), destinations: ipvs.destinations(target) };
    print(io, tableText([sorted(entry, !given.has('nosort'))], format));
  } else if (given.has('timeout')) {
    io.stdout(timeoutText(ipvs.timeouts()));
  } else if (given.has('daemon')) {
    io.stdout(daemonsText(ipvs.daemons()));
  } else if (isPlain(format) && !given.has('nosort')) {
    listPlain(session, format);
  } else listTable(session, format, !given.has('nosort'));
}

function listTable({ io, ipvs }: Run, format: Format, sort: boolean): void {
  const entries = readTable(ipvs, sort, LAYOUTS[format.layout].counted ? {} : UNCOUNTED);
  // Not what was read when the run began: on Linux 7.2 the size is 0 up to the first service.
  io.stdout(headerText(ipvs.info()));
  print(io, tableText(entries, format));
}

/** Whether the layout is the plain one, in numbers. */
function isPlain({ layout, names }: Format): boolean {
  return layout === 'plain' && names === undefined;
}

/** The same text for tables that are mostly of IPv4, with less work. */
function listPlain(session: Run, format: Format): void {
  const { io, ipvs } = session;
  const dumps = ipvs.bulkListing(PLAIN_LINES);
  const count = dumps?.services();
  if (dumps === undefined || count === undefined) {
    listTable(session, format, true);
    return;
  }
  io.stdout(headerText(ipvs.info()) + titleText(format));
  const print = (text: string): void => io.stdout(text);
  for (let index = 0; index < count; index++) {
    const found = dumps.destinations(index);
    const others = found ? [] : otherDestinations(ipvs, dumps.service(index), found === 0);
    if (others === undefined) continue;
    const special = dumps.special(index);
    if (special === undefined) dumps.writeService(index, print);
    else print(dumps.lines() + serviceLine(special, format));
    if (found) dumps.writeDestinations(print);
    for (const destination of others)
      print(dumps.lines() + destinationLine(destination, nameOf(dumps.service(index)), format));
  }
  print(dumps.lines());
}

/** By the ordinary reading, the destinations of a service, of which `none` were found; undefined if it is gone. */
function otherDestinations(
  ipvs: IpvsVerbsSync,
  service: PlainService,
  none: boolean,
): readonly Uncounted<Destination>[] | undefined {
  const name = nameOf(service);
  return unlessGone(() => {
    if (!none) return sortDestinations(ipvs.destinations(name, UNCOUNTED));
    ipvs.service(name);
    return [];
  });
}

/** `-S`. */
export function save(request: CommandRequest, session: Run): void {
  print(
    session.io,
    rulesText(readTable(session.ipvs, true, UNCOUNTED), namesUnlessNumeric(request, session)),
    true,
  );
}

function namesUnlessNumeric({ given }: CommandRequest, { io }: Run): NameLookup | undefined {
  return given.has('numeric') ? undefined : io.names;
}

/**
 * The services at once, then the destinations of each as it is asked for: a long table is never held whole. A service
 * that goes while this reads is left out.
 */
function readTable(
  ipvs: IpvsVerbsSync,
  sort: boolean,
  options: ReadOptions,
): Generator<Entry, void, undefined> {
  const services = ipvs.services(options);
  return entries(ipvs, sort ? sortServices(services, (service) => service) : services, sort, options);
}

function* entries(
  ipvs: IpvsVerbsSync,
  services: readonly Service[],
  sort: boolean,
  options: ReadOptions,
): Generator<Entry, void, undefined> {
  for (const service of services) {
    const destinations = unlessGone(() => ipvs.destinations(service, options));
    if (destinations !== undefined) yield sorted({ service, destinations }, sort);
  }
}

function unlessGone<T>(read: () => T): T | undefined {
  try {
    return read();
  } catch (error) {
    if (IpvsError.is(error, 'ERR_IPVS_SERVICE_NOT_FOUND')) return undefined;
    throw error;
  }
}

function sorted(entry: Entry, sort: boolean): Entry {
  const { service, destinations } = entry;
  return sort ? { service, destinations: sortDestinations(destinations) } : entry;
}

/** Prints texts in large pieces. `backup`: as in `IpvsadmIo.stdout`. */
function print(io: Run['io'], texts: Iterable<string>, backup = false): void {
  const page = new Page((text) => io.stdout(text, backup));
  for (const text of texts) page.add(text);
  page.flush();
}

function readConnections({ io }: Run): string {
  let text: string;
  try {
    text = io.readFile(CONNECTIONS_FILE);
  } catch {
    throw new IpvsadmError(MESSAGES.cannotOpen(CONNECTIONS_FILE), EXIT.list);
  }
  if (text === '') throw new IpvsadmError(MESSAGES.unexpectedInput(CONNECTIONS_FILE), EXIT.list);
  return text;
}
