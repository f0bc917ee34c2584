/** The commands that print listings. */
import type { Run } from './library/io.js';
import { EXIT, IpvsadmError, MESSAGES } from './language/messages.js';
import type { OptionClass } from './language/options.js';
import { CONNECTIONS_FILE, connectionsText } from './print/connections.js';
import type { Layout } from './print/format.js';
import { layoutLines } from './print/layouts.js';
import { daemonsText, timeoutText } from './print/timeouts-and-daemons.js';
import { entryText, headerText } from './print/table.js';
import { printTable, sortedEntry } from './print-table.js';
import type { CommandRequest } from './request/request.js';
import type { NameLookup } from './language/names.js';
import { RULE_LINES } from './rules/rules.js';
import { serviceKey } from './library/to-library.js';

/** If there are several layouts, the first of these is used. */
const LAYOUT_OPTIONS: readonly (Layout & OptionClass)[] = [
  'stats',
  'rate',
  'thresholds',
  'persistent-conn',
  'tun-info',
];

/** `-l` in all its forms. */
export function list(request: CommandRequest, session: Run): void {
  const { given, service } = request;
  const { io, ipvs } = session;
  const layout = LAYOUT_OPTIONS.find((option) => given.has(option)) ?? 'plain';
  const lines = layoutLines(layout, given.has('exact'));
  const names = namesUnlessNumeric(request, session);
  const sorted = !given.has('nosort');
  if (given.has('connection')) {
    io.stdout(connectionsText(readConnections(session), given.has('persistent-conn'), names));
  } else if (given.has('service-address')) {
    const target = serviceKey(service);
    const entry = { service: ipvs.service(target), destinations: ipvs.destinations(target) };
    io.stdout(lines.title + entryText(sorted ? sortedEntry(entry) : entry, lines, names));
  } else if (given.has('timeout')) {
    io.stdout(timeoutText(ipvs.timeouts()));
  } else if (given.has('daemon')) {
    io.stdout(daemonsText(ipvs.daemons()));
  } else {
    // The header is read last: on Linux 7.2 the size is 0 up to the first service.
    printTable(session, lines, { names, sorted, header: () => headerText(ipvs.info()) });
  }
}

/** `-S`. */
export function save(request: CommandRequest, session: Run): void {
  printTable(session, RULE_LINES, {
    names: namesUnlessNumeric(request, session),
    sorted: true,
    backup: true,
  });
}

function namesUnlessNumeric({ given }: CommandRequest, { io }: Run): NameLookup | undefined {
  return given.has('numeric') ? undefined : io.names;
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
