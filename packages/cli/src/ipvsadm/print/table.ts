/** The table of services and destinations as text. */
import type { Destination, Info, Service } from '@ipvs-ts/ipvs';
import { destinationName } from './destination-text.js';
import type { Format } from './format.js';
import { LAYOUTS } from './layouts.js';
import { serviceName } from './service-text.js';

/** A service with its destinations, both in the order in which to print them. */
export interface Entry {
  readonly service: Service;
  readonly destinations: readonly Destination[];
}

/** The line above a full listing. */
export function headerText({ version, connectionTableSize }: Info): string {
  return `IP Virtual Server version ${version} (size=${connectionTableSize})\n`;
}

/** Titles and entries in the asked layout. */
export function tableText(entries: readonly Entry[], format: Format): string {
  const { title, service, destination } = LAYOUTS[format.layout];
  let text = `${title[0]}\n${title[1]}\n`;
  for (const entry of entries) {
    text += `${service(serviceName(entry.service, format.names), entry.service, format)}\n`;
    for (const server of entry.destinations) {
      text += `${destinationName(server, entry.service, format.names)}${destination(server, format)}\n`;
    }
  }
  return text;
}
