/** The commands that show something. */
import type { IpvsVerbsSync } from '@ipvs-ts/ipvs';
import type { Session } from './io.js';
import { EXIT, Failure, MESSAGES } from './messages.js';
import type { OptionClass } from './options.js';
import { CONNECTIONS_FILE, connectionsText } from './print/connections.js';
import type { Format, Layout } from './print/format.js';
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
    io.stdout(tableText([sorted(entry, !given.has('nosort'))], format));
  } else if (given.has('timeout')) {
    io.stdout(timeoutText(ipvs.timeouts()));
  } else if (given.has('daemon')) {
    io.stdout(daemonsText(ipvs.daemons()));
  } else {
    const entries = readTable(ipvs, !given.has('nosort'));
    // Not what was read when the run began: on Linux 7.2 the size is 0 up to the first service.
    io.stdout(headerText(ipvs.info()) + tableText(entries, format));
  }
}

/** `-S`. */
export function save(request: Request, session: Session): void {
  session.io.stdout(rulesText(readTable(session.ipvs, true), namesUnlessNumeric(request, session)));
}

function namesUnlessNumeric({ given }: Request, { io }: Session): Names | undefined {
  return given.has('numeric') ? undefined : io.names;
}

function readTable(ipvs: IpvsVerbsSync, sort: boolean): Entry[] {
  const table = ipvs.table();
  const entries = sort ? sortServices(table, ({ service }) => service) : table;
  return sort ? entries.map((entry) => sorted(entry, sort)) : entries;
}

function sorted(entry: Entry, sort: boolean): Entry {
  const { service, destinations } = entry;
  return sort ? { service, destinations: sortDestinations(destinations) } : entry;
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
