import { argumentsOf } from '../argument-checks.js';
import {
  type DesiredService,
  type DesiredState,
  DocumentError,
  type ReadDocumentOptions,
} from '@ipvs-ts/ipvs';
import { CHECK_TYPES } from '../check/check-type.js';
import type { Declared, DeclaredService } from './declared.js';
import { readDeclaredText } from './read-text.js';

/** A document of the agent as `plan` takes it. */
export interface DesiredDocument {
  /** With defaults filled in, without the agent's own fields, and with destinations in canonical order. */
  readonly state: DesiredState;
  /** Keys of services with checks, which may have changed the weights of their destinations. */
  readonly checked: readonly string[];
}

/**
 * Reads a document with the agent's fields from JSON or YAML as a desired state. Rejects with a DocumentError that has
 * all mistakes, including those in the agent's fields. `file`: its name in messages; `maxBytes`: as in `readDocument`.
 */
export async function readDesired(
  text: string,
  file: string,
  options: Pick<ReadDocumentOptions, 'maxBytes'> = {},
): Promise<DesiredDocument> {
  argumentsOf.is('file', file, 'text');
  argumentsOf.object('options', options);
  const { maxBytes } = options;
  const { declared, problems } = await readDeclaredText(text, file, '', CHECK_TYPES, 'file', maxBytes);
  if (declared === undefined) throw new DocumentError(`read the document ${file}`, problems, { file });
  return { state: stateOf(declared), checked: checkedServices(declared) };
}

function stateOf({ services, timeouts, daemons }: Declared): DesiredState {
  const all = [...services.values()].map((service) => [service.name, serviceOf(service)] as const);
  return {
    services: Object.fromEntries(all),
    ...(timeouts !== undefined && { timeouts }),
    ...(daemons !== undefined && { daemons }),
  };
}

function serviceOf({ options, destinations }: DeclaredService): DesiredService {
  if (destinations === undefined) return options;
  return {
    ...options,
    destinations: Object.fromEntries(destinations.map((each) => [each.name, each.options])),
  };
}

function checkedServices({ services }: Declared): string[] {
  return [...services.values()]
    .filter(({ destinations = [] }) => destinations.some(({ checks }) => checks.length > 0))
    .map(({ name }) => name);
}
