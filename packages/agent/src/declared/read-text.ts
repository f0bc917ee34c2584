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
import { clippedNames, stepsOf } from '../fields/problems.js';
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
    problems: await located(text, file, declared.problems, maxBytes),
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
 * again, and each problem is reported at the field that contains it.
 */
async function located(
  text: string,
  file: string,
  problems: readonly DocumentProblem[],
  maxBytes: number | undefined,
): Promise<readonly DocumentProblem[]> {
  const unplaced = new Set(problems);
  const byField = problemsByField(problems);
  const relay: AdditionalField = (_value, report, path) => {
    for (const { problem, steps } of byField.get(JSON.stringify(path)) ?? []) {
      unplaced.delete(problem);
      const { path: whole, allowed, message } = problem;
      const sentence = message.startsWith(`${whole} `) ? message.slice(whole.length + 1) : message;
      report(steps, allowed, clippedNames(sentence));
    }
  };
  const again = await readWith(
    text,
    file,
    agentExtensions(() => relay),
    maxBytes,
  );
  const rest = [...unplaced].map((problem) => ({
    ...problem,
    path: clippedNames(problem.path),
    message: clippedNames(problem.message),
  }));
  return [...('problems' in again ? again.problems : []), ...rest];
}

/** A problem, and the steps that lead to it from its field. */
interface InField {
  readonly problem: DocumentProblem;
  readonly steps: readonly (string | number)[];
}

/** The problems inside additional fields, by the path of the field as JSON. */
function problemsByField(problems: readonly DocumentProblem[]): Map<string, InField[]> {
  const found = new Map<string, InField[]>();
  for (const problem of problems) {
    const steps = stepsOf(problem.path);
    const length = fieldLength(steps);
    if (length === undefined) continue;
    const field = JSON.stringify(steps.slice(0, length));
    const each = { problem, steps: steps.slice(length) };
    const others = found.get(field);
    if (others === undefined) found.set(field, [each]);
    else others.push(each);
  }
  return found;
}

/** How many steps lead to the additional field that contains a place; undefined outside of additional fields. */
function fieldLength(steps: readonly (string | number)[]): number | undefined {
  const isField = (level: FieldLevel, step: string | number | undefined): boolean =>
    (AGENT_FIELDS[level] as readonly unknown[]).includes(step);
  if (isField('document', steps[0])) return 1;
  if (steps[0] !== 'services') return undefined;
  if (isField('service', steps[2])) return 3;
  return steps[2] === 'destinations' && isField('destination', steps[4]) ? 5 : undefined;
}
