import { type Check, COMMON_FIELDS } from './check.js';
import type { CheckType } from './check-type.js';
import { readRecord, unknownField } from '../fields/field.js';
import { nearest } from '@ipvs-ts/ipvs';
import { at, type Problems } from '../fields/problems.js';

/** Fields of checks that are reserved for later versions. */
const LATER = ['via', 'source', 'device', 'mark', 'netns'];

/** The types of checks that a document can name. */
export type CheckTypes = Readonly<Record<string, CheckType>>;

/** Reads one check: an object with one type and the common fields. `name`: its name in reports. */
function readCheck(
  problems: Problems,
  path: string,
  value: unknown,
  types: CheckTypes,
  name?: string,
): Check | undefined {
  if (!problems.isRecord(path, value)) return undefined;
  const before = problems.found.length;
  const names = Object.keys(value);
  for (const later of names.filter((each) => LATER.includes(each)))
    problems.add(at(path, later), 'absent', `${at(path, later)} is not supported yet`);
  const common = Object.keys(COMMON_FIELDS);
  const present = names.filter((each) => Object.hasOwn(types, each));
  for (const each of names)
    if (!present.includes(each) && !common.includes(each) && !LATER.includes(each))
      unknownField(problems, path, each, [...Object.keys(types), ...common]);
  const [type, ...more] = present;
  if (type === undefined || more.length > 0) {
    const known = Object.keys(types).join(', ');
    const found = type === undefined ? 'has none' : `has ${present.join(' and ')}`;
    problems.add(path, `an object with one of ${known}`, `${path} ${found}; a check is one of ${known}`);
    return undefined;
  }
  const settings = readRecord(problems, at(path, type), value[type] ?? {}, (types[type] as CheckType).fields);
  const timing = readRecord(
    problems,
    path,
    Object.fromEntries(
      common.filter((each) => Object.hasOwn(value, each)).map((each) => [each, value[each]]),
    ),
    COMMON_FIELDS,
  );
  if (settings === undefined || timing === undefined || problems.found.length > before) return undefined;
  return {
    ...timing,
    downInterval: timing.downInterval ?? timing.interval,
    name: name ?? type,
    type,
    settings,
  };
}

/** Reads `checks`: checks by name. The result does not include those with mistakes. */
export function readNamedChecks(
  problems: Problems,
  path: string,
  value: unknown,
  types: CheckTypes,
): ReadonlyMap<string, Check | undefined> {
  const read = new Map<string, Check | undefined>();
  if (value === undefined || !problems.isRecord(path, value)) return read;
  for (const [name, each] of Object.entries(value)) {
    if (name === 'none') problems.add(at(path, name), 'another name', `${path}.none: none means no check`);
    read.set(name, readCheck(problems, at(path, name), each, types, name));
  }
  return read;
}

/** Reads the `check` of a service or a destination: a name, a check, a list of both, or `none`. */
export function readChecks(
  problems: Problems,
  path: string,
  value: unknown,
  named: ReadonlyMap<string, Check | undefined>,
  types: CheckTypes,
): readonly Check[] {
  if (value === 'none') return [];
  const list = Array.isArray(value) ? (value as unknown[]) : [value];
  const checks = list.map((each, index) => {
    const place = Array.isArray(value) ? at(path, index) : path;
    if (typeof each !== 'string') return readCheck(problems, place, each, types);
    if (named.has(each)) return named.get(each);
    const names = [...named.keys()];
    const close = nearest(each, names);
    const meant = close === undefined ? '' : `; did you mean ${close}?`;
    problems.add(
      place,
      'a name from checks, a check, a list of both, or none',
      `${place} names ${JSON.stringify(each)}, which is not in checks${meant}`,
    );
    return undefined;
  });
  return checks.filter((check) => check !== undefined);
}
