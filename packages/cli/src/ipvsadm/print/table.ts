/** The table of services and destinations as text, from objects. */
import type { Destination, Info, Service, Uncounted } from '@ipvs-ts/ipvs';
import { lineText } from '@ipvs-ts/ipvs/verbs-sync';
import type { NameLookup } from '../language/names.js';
import type { TableLines } from './format.js';
import { destinationValues, type EndpointFormat, serviceName, serviceValues } from './values.js';

/** A service with its destinations in the order of printing; with counters if the lines show them. */
export interface Entry {
  readonly service: Uncounted<Service>;
  readonly destinations: readonly Uncounted<Destination>[];
}

/** The line above a full listing. */
export function headerText({ version, connectionTableSize }: Info): string {
  return `IP Virtual Server version ${version} (size=${connectionTableSize})\n`;
}

/** The lines of a service and its destinations. Without `names`, addresses and ports stay numbers. */
export function entryText(
  { service, destinations }: Entry,
  lines: TableLines,
  names: NameLookup | undefined,
): string {
  const format: EndpointFormat = { names, width: lines.endpointWidth, counted: lines.counted };
  let text = lineText(lines.service, serviceValues(service, format));
  const name = serviceName(service, format);
  for (const destination of destinations)
    text += lineText(lines.destination, destinationValues(destination, service.protocol, name, format));
  return text;
}
