/** The table of services and destinations as text. */
import type { Destination, Info, Service, Uncounted } from '@ipvs-ts/ipvs';
import { destinationName } from './destination-text.js';
import type { Format } from './format.js';
import { LAYOUTS } from './layouts.js';
import { serviceName } from './service-text.js';

/** A service with its destinations, in the order in which to print them; with counters where the layout shows some. */
export interface Entry {
  readonly service: Uncounted<Service>;
  readonly destinations: readonly Uncounted<Destination>[];
}

/** The line above a full listing. */
export function headerText({ version, connectionTableSize }: Info): string {
  return `IP Virtual Server version ${version} (size=${connectionTableSize})\n`;
}

/** Titles and entries in the asked layout, an entry at a time. */
export function* tableText(entries: Iterable<Entry>, format: Format): Generator<string, void, undefined> {
  yield titleText(format);
  for (const entry of entries) yield entryText(entry, format);
}

/** The lines above the entries of a table. */
export function titleText({ layout }: Format): string {
  const { title } = LAYOUTS[layout];
  return `${title[0]}\n${title[1]}\n`;
}

function entryText({ service, destinations }: Entry, format: Format): string {
  let text = serviceLine(service, format);
  for (const server of destinations) text += destinationLine(server, service, format);
  return text;
}

/** The line of a service. */
export function serviceLine(service: Uncounted<Service>, format: Format): string {
  return `${LAYOUTS[format.layout].service(serviceName(service, format.names), service, format)}\n`;
}

/** The line of a destination. */
export function destinationLine(
  server: Uncounted<Destination>,
  service: Pick<Service, 'protocol'>,
  format: Format,
): string {
  return `${destinationName(server, service, format.names)}${LAYOUTS[format.layout].destination(server, format)}\n`;
}
