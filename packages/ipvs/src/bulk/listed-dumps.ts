/** The dumps of services and destinations for `@ipvs-ts/netlink/bulk`. */
import type { Family as NetlinkFamily } from '@ipvs-ts/netlink';
import {
  type DumpForm,
  type DumpLister,
  type DumpRecords,
  keptPart,
  type Place,
  type RecordValue,
} from '@ipvs-ts/netlink/bulk';
import { makeCalls } from '../calls/calls.js';
import type { LinePattern } from '../format/line-pattern.js';
import type { ServiceNameValue } from '../format/rules.js';
import { AF, type Family } from '../model/address.js';
import type { DESTINATION } from '../schema/destination.js';
import { MESSAGE } from '../schema/message.js';
import { DESTINATIONS, SERVICES } from '../schema/operations.js';
import type { SERVICE } from '../schema/service.js';
import { STATS64 } from '../schema/stats.js';
import {
  type DestinationValue,
  destinationLineValues,
  serviceLineValues,
  type ServiceValue,
} from './document-values.js';
import { lineParts, valuesOf } from './line-parts.js';
import {
  DESTINATION_KEY_WORDS,
  DESTINATION_WORDS,
  destinationKeyReads,
  formFamily,
  type ListedDestinationValue,
  type ListedServiceValue,
  type ListedValues,
  SERVICE_FORMS,
  SERVICE_KEY_WORDS,
  SERVICE_WORDS,
  type ServiceForm,
  serviceKeyReads,
  serviceNameValue,
} from './listed-values.js';
import { Template } from './template.js';

/** The lines of a listing. */
export interface ListedLines {
  readonly service: LinePattern<ListedServiceValue>;
  /** Values of the service must be at its beginning. */
  readonly destination: LinePattern<ListedDestinationValue>;
}

/** The lines of a listing or of a document. */
export interface DumpLines {
  readonly service: LinePattern<ServiceValue>;
  readonly destination: LinePattern<DestinationValue>;
}

const CALLS = makeCalls('kernel');
const FAMILIES: readonly Family[] = ['ipv4', 'ipv6'];

/** A service of each form, whose request is a template for all others. */
const EXAMPLES: Readonly<Record<ServiceForm, string>> = {
  ipv4: 'tcp:192.0.2.1:1',
  ipv6: 'tcp:[2001:db8::1]:1',
  fwmark: 'fwmark:1',
  fwmark6: 'fwmark6:1',
};

/** The dump of services, with the dumps of destinations that answer its requests. */
export function serviceDump(
  lister: DumpLister,
  family: NetlinkFamily,
  { service, destination }: DumpLines,
): DumpRecords {
  const { kept, own } = split(destination);
  const used = valuesOf(service);
  const answers = new Map<Family, DumpRecords>();
  const answer = (of: Family): DumpRecords => {
    const known = answers.get(of) ?? destinationDump(lister, of, kept, own);
    answers.set(of, known);
    return known;
  };
  const forms = SERVICE_FORMS.map((form) => (): DumpForm<(typeof SERVICE)['attributes']> => {
    const values = serviceLineValues(form);
    const marked = form === 'fwmark' || form === 'fwmark6';
    return {
      values: [...serviceKeyReads(form), ...readsOf(used, values)],
      wanted: [{ name: 'family', bytes: 2 }],
      absent: marked ? [] : ['fwmark'],
      only: { family: AF[formFamily(form)] },
      whole: wholeOf(used),
      lines: () => ({
        line: lineParts(service, values),
        kept: lineParts<DestinationValue>(kept, nameValues(form)),
        request: { ...requestOf(form, family), answer: answer(formFamily(form)) },
      }),
    };
  });
  return lister.dump({
    command: SERVICES.command,
    nest: MESSAGE.attributes.service,
    words: wordsOf(used, serviceLineValues('ipv4'), SERVICE_KEY_WORDS),
    key: SERVICE_KEY_WORDS,
    form: SERVICE_WORDS.form,
    forms,
  });
}

/** The dump of the destinations of services of `family`. Destinations of two families have no common order. */
function destinationDump(
  lister: DumpLister,
  family: Family,
  kept: LinePattern<DestinationValue>,
  own: LinePattern<DestinationValue>,
): DumpRecords {
  const used = valuesOf(own);
  // No name of a service is longer.
  const prefix = kept.length === 0 ? [] : [keptPart(lineParts<DestinationValue>(kept, nameValues('ipv6')))];
  const families = [family, ...FAMILIES.filter((each) => each !== family)];
  const forms = families.map((each) => (): DumpForm<(typeof DESTINATION)['attributes']> => {
    const values: ListedValues<DestinationValue> = destinationLineValues(each);
    return {
      values: [...destinationKeyReads(each), ...readsOf(used, values)],
      // Kernels before 3.18 do not send it: it is the family of the service then.
      wanted: [{ name: 'family', bytes: 2, optional: each === family }],
      only: { family: AF[each] },
      whole: wholeOf(used),
      lines: () => ({ line: [...prefix, ...lineParts(own, values)] }),
    };
  });
  return lister.dump({
    command: DESTINATIONS.command,
    nest: MESSAGE.attributes.destination,
    words: wordsOf<DestinationValue>(used, destinationLineValues('ipv4'), DESTINATION_WORDS.form + 1),
    key: DESTINATION_KEY_WORDS,
    form: DESTINATION_WORDS.form,
    uniform: true,
    forms,
  });
}

const SERVICE_NAMES: readonly string[] = [
  'protocol',
  'service',
  'fwmark',
  'ipv6',
] satisfies readonly ServiceNameValue[];

/** The values of a service of a form that lines of its destinations repeat. */
function nameValues(form: ServiceForm): ListedValues<DestinationValue> {
  return (name) => (isServiceName(name) ? serviceNameValue(form, name) : undefined);
}

function isServiceName(name: string): name is ServiceNameValue {
  return SERVICE_NAMES.includes(name);
}

/** Splits the line of a destination into what all lines of its service share, and its own values. */
function split(pattern: LinePattern<DestinationValue>): {
  kept: LinePattern<DestinationValue>;
  own: LinePattern<DestinationValue>;
} {
  const ofService = pattern.map((part) => valuesOf([part]).map((value) => isServiceName(value)));
  let end = ofService.findLastIndex((values) => values.includes(true)) + 1;
  while (end > 0 && typeof pattern[end] === 'string') end += 1;
  if (ofService.slice(0, end).some((values) => values.includes(false)))
    throw new TypeError('what a line says of a service has to stand in front of what is of the destination');
  return { kept: pattern.slice(0, end), own: pattern.slice(end) };
}

/** How values are read into records, each once. */
function readsOf<Value extends string>(used: readonly Value[], values: ListedValues<Value>): RecordValue[] {
  const reads = used.flatMap((name) => {
    const value = values(name);
    return typeof value === 'object' ? value.read : [];
  });
  return [...new Map(reads.map((read) => [read.word, read])).values()];
}

/** The ordinary reading checks both kinds of counters if it reads any. */
function wholeOf(used: readonly string[]): readonly ('stats' | 'stats64')[] {
  const counted = COUNTER_NAMES.some((name) => used.includes(name));
  return counted ? ['stats', 'stats64'] : [];
}

const COUNTER_NAMES = Object.keys(STATS64.attributes);

/** How many words records have, the same in all forms, and at least `least`. */
function wordsOf<Value extends string>(
  used: readonly Value[],
  values: ListedValues<Value>,
  least: number,
): number {
  const ends = readsOf(used, values).map(
    ({ word, as }) => word + (as === 'address' || as === 'text' ? 4 : as === 'u64' ? 2 : 1),
  );
  return Math.max(least, ...ends);
}

/** The request for the destinations of services of a form, and the places of a service's words in it. */
function requestOf(form: ServiceForm, family: NetlinkFamily): { message: Uint8Array; places: Place[][] } {
  const template = new Template(family, CALLS.destinations(EXAMPLES[form]));
  const places: Place[][] = Array.from({ length: SERVICE_KEY_WORDS }, () => []);
  const put = (word: number, place: Place): void => void places[word]?.push(place);
  if (form === 'fwmark' || form === 'fwmark6') {
    const [fwmark] = template.places(['fwmark']);
    put(SERVICE_WORDS.fwmark, fwmark as Place);
  } else {
    const [protocol, address, port] = template.places(['protocol', 'address', 'port']) as [
      Place,
      Place,
      Place,
    ];
    put(SERVICE_WORDS.protocol, protocol);
    for (let word = 0; word < (form === 'ipv6' ? 4 : 1); word++)
      put(SERVICE_WORDS.address + word, { as: address.as, at: address.at + word * 4 });
    put(SERVICE_WORDS.port, port);
  }
  return { message: template.message, places };
}
