/** The commands that show something. */
import type { IpvsVerbsSync, ReadOptions, Service } from '@ipvs-ts/ipvs';
import { IpvsError } from '@ipvs-ts/ipvs/verbs-sync';
import type { Session } from './io.js';
import { EXIT, Failure, MESSAGES } from './messages.js';
import type { OptionClass } from './options.js';
import { CONNECTIONS_FILE, connectionsText } from './print/connections.js';
import type { Format, Layout } from './print/format.js';
import { LAYOUTS } from './print/layouts.js';
import { daemonsText, timeoutText } from './print/settings.js';
import { sortDestinations, sortServices } from './print/sort.js';
import { headerText, tableText, type Entry } from './print/table.js';
import type { Request } from './request.js';
import type { Names } from './resolve.js';
import { rulesText } from './rules.js';
import { serviceKey } from './target.js';

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

/** Characters of output that are gathered before they are printed. */
const PIECE = 16_384;

/** `-l` in all its forms. */
export function list(request: Request, session: Session): void {
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
  } else {
    const { counted } = LAYOUTS[format.layout];
    const entries = readTable(ipvs, !given.has('nosort'), counted ? {} : UNCOUNTED);
    // Not what was read when the run began: on Linux 7.2 the size is 0 up to the first service.
    io.stdout(headerText(ipvs.info()));
    print(io, tableText(entries, format));
  }
}

/** `-S`. */
export function save(request: Request, session: Session): void {
  print(
    session.io,
    rulesText(readTable(session.ipvs, true, UNCOUNTED), namesUnlessNumeric(request, session)),
  );
}

function namesUnlessNumeric({ given }: Request, { io }: Session): Names | undefined {
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

/** Prints texts in large pieces. */
function print(io: Session['io'], texts: Iterable<string>): void {
  let piece = '';
  for (const text of texts) {
    piece += text;
    if (piece.length < PIECE) continue;
    io.stdout(piece);
    piece = '';
  }
  io.stdout(piece);
}

function readConnections({ io }: Session): string {
  let text: string;
  try {
    text = io.readFile(CONNECTIONS_FILE);
  } catch {
    throw new Failure(MESSAGES.cannotOpen(CONNECTIONS_FILE), EXIT.list);
  }
  if (text === '') throw new Failure(MESSAGES.unexpectedInput(CONNECTIONS_FILE), EXIT.list);
  return text;
}
