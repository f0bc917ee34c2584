import { argumentsOf } from '../argument-checks.js';
import type { Declared, DeclaredDestination, DeclaredService } from './declared.js';

/** A difference between two documents. */
export interface DocumentDifference {
  readonly kind: 'added' | 'changed' | 'removed';
  /** The object and its differing fields: `destination 10.0.0.1:80 of service tcp:192.0.2.10:80: weight 1 -> 3`. */
  readonly text: string;
}

/** The differences from `before` to `next`: services sorted by name, each before its destinations. */
export function compareDeclared(before: Declared | undefined, next: Declared): DocumentDifference[] {
  if (before !== undefined) argumentsOf.object('before', before, { services: 'object' });
  argumentsOf.object('next', next, { services: 'object' });
  for (const { services } of [before ?? next, next])
    if (!(services instanceof Map)) throw argumentsOf.error('services', 'a map of services', services);
  const names = new Set([...(before?.services.keys() ?? []), ...next.services.keys()]);
  return [
    ...[...names]
      .sort()
      .flatMap((name) => compareServices(before?.services.get(name), next.services.get(name))),
    ...settingDifferences(before, next),
  ];
}

function compareServices(
  before: DeclaredService | undefined,
  next: DeclaredService | undefined,
): DocumentDifference[] {
  const subject = `service ${(next ?? before)?.name ?? ''}`;
  const destinations = compareDestinations(subject, before?.destinations ?? [], next?.destinations ?? []);
  if (before === undefined) return [{ kind: 'added', text: subject }, ...destinations];
  if (next === undefined) return [...destinations, { kind: 'removed', text: subject }];
  const fields = [
    ...fieldDifferences(before.options, next.options),
    ...named('health', before.health, next.health),
  ];
  return [...changed(subject, fields), ...destinations];
}

function compareDestinations(
  service: string,
  before: readonly DeclaredDestination[],
  next: readonly DeclaredDestination[],
): DocumentDifference[] {
  const old = new Map(before.map((each) => [each.name, each]));
  const fresh = new Map(next.map((each) => [each.name, each]));
  return [...new Set([...old.keys(), ...fresh.keys()])].flatMap((name): DocumentDifference[] => {
    const from = old.get(name);
    const to = fresh.get(name);
    const subject = `destination ${name} of ${service}`;
    if (from === undefined) return [{ kind: 'added', text: subject }];
    if (to === undefined) return [{ kind: 'removed', text: subject }];
    return changed(subject, [
      ...fieldDifferences(from.options, to.options),
      ...named('check', from.checks, to.checks),
    ]);
  });
}

function settingDifferences(before: Declared | undefined, next: Declared): DocumentDifference[] {
  return (['timeouts', 'daemons'] as const).flatMap((name) => {
    if (same(before?.[name], next[name])) return [];
    const kind = before?.[name] === undefined ? 'added' : next[name] === undefined ? 'removed' : 'changed';
    return [{ kind, text: name }];
  });
}

function changed(subject: string, fields: readonly string[]): DocumentDifference[] {
  return fields.length === 0 ? [] : [{ kind: 'changed', text: `${subject}: ${fields.join(', ')}` }];
}

function fieldDifferences(before: object, next: object): string[] {
  const from = before as Readonly<Record<string, unknown>>;
  const to = next as Readonly<Record<string, unknown>>;
  return [...new Set([...Object.keys(from), ...Object.keys(to)])]
    .filter((name) => !same(from[name], to[name]))
    .map((name) => `${name} ${shown(from[name])} -> ${shown(to[name])}`);
}

function named(name: string, before: unknown, next: unknown): string[] {
  return same(before, next) ? [] : [name];
}

function same(one: unknown, other: unknown): boolean {
  return JSON.stringify(one) === JSON.stringify(other);
}

function shown(value: unknown): string {
  if (value === undefined) return 'by default';
  return typeof value === 'string' ? value : JSON.stringify(value);
}
