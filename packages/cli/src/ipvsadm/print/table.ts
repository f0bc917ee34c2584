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
  const { title } = LAYOUTS[format.layout];
  yield `${title[0]}\n${title[1]}\n`;
  for (const entry of entries) yield entryText(entry, format);
}

function entryText({ service, destinations }: Entry, format: Format): string {
  const { names, layout } = format;
  const texts = LAYOUTS[layout];
  let text = `${texts.service(serviceName(service, names), service, format)}\n`;
  for (const server of destinations)
    text += `${destinationName(server, service, names)}${texts.destination(server, format)}\n`;
  return text;
}
