import { wrongType } from '../argument-checks.js';
import { inside, type Place, placeText, stepsOf } from '../place.js';
import type { Problems } from './problems.js';

/**
 * Reports a mistake in an additional field. `steps`: names and indexes that lead from the field to the value; `[]` is
 * the field itself. `allowed`: the allowed values, as in `an integer from 1 to 10`. `message`: the sentence after the
 * path; `must be ALLOWED` by default.
 */
export type ReportMistake = (steps: readonly (string | number)[], allowed: string, message?: string) => void;

/**
 * How to check an additional field: not at all, or with a function that reports every mistake that it finds. `path`:
 * the names and indexes that lead to the field from the document: `['services', 'fwmark:1', 'check']`. A document with
 * mistakes may be checked more than once, and only in part at first.
 */
export type AdditionalField =
  'any' | ((value: unknown, report: ReportMistake, path: readonly (string | number)[]) => void);

/** Additional fields by name. */
export type AdditionalFields = Readonly<Record<string, AdditionalField>>;

/**
 * Fields that another program adds to documents, by level. They are checked and stay in the state that `readDocument`
 * returns; plans ignore them. Other unknown names remain mistakes.
 */
export interface DocumentExtensions {
  /** At the top level, beside `services`. */
  readonly document?: AdditionalFields | undefined;
  /** In each service. */
  readonly service?: AdditionalFields | undefined;
  /** In each destination. */
  readonly destination?: AdditionalFields | undefined;
  /** Whether `services` may be absent because another field says where they are; false by default. */
  readonly servicesOptional?: boolean | undefined;
}

const LEVELS = ['document', 'service', 'destination'] as const;

/** Throws unless `extensions` are valid. */
export function checkExtensions(path: string, extensions: unknown): void {
  if (typeof extensions !== 'object' || extensions === null) throw wrongType(path, 'an object', extensions);
  for (const [level, fields] of Object.entries(extensions) as [string, unknown][]) {
    if (level === 'servicesOptional') {
      if (fields !== undefined && typeof fields !== 'boolean')
        throw wrongType(`${path}.${level}`, 'true or false', fields);
      continue;
    }
    if (!(LEVELS as readonly string[]).includes(level))
      throw wrongType(`${path}.${level}`, `one of ${LEVELS.join(', ')}`, level);
    if (fields === undefined) continue;
    if (typeof fields !== 'object' || fields === null)
      throw wrongType(`${path}.${level}`, 'an object', fields);
    for (const [name, field] of Object.entries(fields) as [string, unknown][])
      if (field !== 'any' && typeof field !== 'function')
        throw wrongType(`${path}.${level}.${name}`, "'any' or a function", field);
  }
}

/** Calls the checks of additional fields. */
export function checkAdditional(
  problems: Problems,
  place: Place,
  value: unknown,
  fields: AdditionalFields | undefined,
): void {
  if (fields === undefined || typeof value !== 'object' || value === null) return;
  for (const [name, check] of Object.entries(fields)) {
    const each = (value as Record<string, unknown>)[name];
    if (check === 'any' || each === undefined || !Object.hasOwn(value, name)) continue;
    const field = inside(place, name);
    const report: ReportMistake = (steps, allowed, message = `must be ${allowed}`) => {
      const at = steps.reduce<Place>(inside, field);
      problems.note(
        at,
        false,
        () => allowed,
        () => `${placeText(at)} ${message}`,
      );
    };
    check(each, report, stepsOf(field));
  }
}

/** Fields that the agent adds to documents, by level. Knowing their names, a program finds typos in them. */
export const AGENT_FIELDS = {
  document: ['defaults', 'checks', 'agent'],
  service: ['check', 'health'],
  destination: ['check'],
} as const;

/** The levels of a document that have additional fields. */
export type FieldLevel = keyof typeof AGENT_FIELDS;

/** The agent's fields as `readDocument` takes them. `field`: how each is checked; not at all by default. */
export function agentExtensions(
  field: (level: FieldLevel, name: string) => AdditionalField = () => 'any',
): DocumentExtensions {
  const of = (level: FieldLevel): Record<string, AdditionalField> =>
    Object.fromEntries(AGENT_FIELDS[level].map((name) => [name, field(level, name)]));
  return { document: of('document'), service: of('service'), destination: of('destination') };
}
