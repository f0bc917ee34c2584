import {
  AGENT_FIELDS,
  agentExtensions,
  type AdditionalField,
  type DesiredState,
  type DocumentExtensions,
  type DocumentProblem,
  type FieldLevel,
  IpvsError,
  readDocument,
} from '@ipvs-ts/ipvs';
import type { CheckTypes } from '../check/read-check.js';
import { stepsOf } from '../fields/problems.js';
import type { DocumentOrigin } from './origin.js';
import { readDeclared, type ReadDeclared } from './read-declared.js';

/**
 * Reads a document with the agent's fields from JSON or YAML. Every mistake has its line and column. `file`: its name
 * in messages; `revision`: identifies this text; `maxBytes`: as in `readDocument`.
 */
export async function readDeclaredText(
  text: string,
  file: string,
  revision: string,
  types: CheckTypes,
  origin: DocumentOrigin = 'file',
  maxBytes?: number,
): Promise<ReadDeclared> {
  const read = await readWith(text, file, agentExtensions(), maxBytes);
  if ('problems' in read) return { declared: undefined, problems: read.problems };
  const declared = readDeclared(read.state, revision, types, origin);
  if (declared.declared !== undefined) return declared;
  return {
    declared: undefined,
    problems: await located(text, file, read.state, declared.problems, maxBytes),
  };
}

async function readWith(
  text: string,
  file: string,
  additional: DocumentExtensions,
  maxBytes: number | undefined,
): Promise<{ readonly state: DesiredState } | { readonly problems: readonly DocumentProblem[] }> {
  try {
    const extensions = { ...additional, servicesOptional: true };
    return { state: await readDocument(text, { file, extensions, maxBytes }) };
  } catch (error) {
    if (!IpvsError.is(error, 'ERR_IPVS_DOCUMENT')) throw error;
    return { problems: 'problems' in error ? (error.problems as readonly DocumentProblem[]) : [] };
  }
}

/**
 * Adds places in the text to problems. Mistakes inside an additional field depend on other fields, so the text is read
 * again, and each problem is reported at the field that contains it. Fields are checked in the order of the document.
 */
async function located(
  text: string,
  file: string,
  state: DesiredState,
  problems: readonly DocumentProblem[],
  maxBytes: number | undefined,
): Promise<readonly DocumentProblem[]> {
  const holders = holdersOf(state);
  const unplaced = new Set(problems);
  const relay = (level: FieldLevel, name: string): AdditionalField => {
    const paths = holders.get(`${level} ${name}`) ?? [];
    let calls = 0;
    return (_value, report) => {
      // A document with mistakes is checked more than once, each time from its beginning.
      const holder = paths[calls++ % paths.length];
      if (holder === undefined) return;
      for (const problem of problems) {
        const steps = stepsOf(problem.path);
        if (!holder.every((step, index) => steps[index] === step)) continue;
        unplaced.delete(problem);
        const { path, allowed, message } = problem;
        const sentence = message.startsWith(`${path} `) ? message.slice(path.length + 1) : message;
        report(steps.slice(holder.length), allowed, sentence);
      }
    };
  };
  const again = await readWith(text, file, agentExtensions(relay), maxBytes);
  return [...('problems' in again ? again.problems : []), ...unplaced];
}

/** The paths of additional fields in the order of the document, by level and name: `service check`. */
function holdersOf(state: DesiredState): Map<string, string[][]> {
  const holders = new Map<string, string[][]>();
  const note = (level: FieldLevel, value: object, path: readonly string[]): void => {
    for (const name of AGENT_FIELDS[level])
      if (Object.hasOwn(value, name) && (value as Record<string, unknown>)[name] !== undefined) {
        const key = `${level} ${name}`;
        holders.set(key, [...(holders.get(key) ?? []), [...path, name]]);
      }
  };
  note('document', state, []);
  // A file that names a store has no services.
  const { services = {} } = state as Partial<DesiredState>;
  for (const [service, value] of Object.entries(services)) {
    note('service', value, ['services', service]);
    for (const [destination, each] of Object.entries(value.destinations ?? {}))
      note('destination', each, ['services', service, 'destinations', destination]);
  }
  return holders;
}
