/** Makes a document from services. Settings that many of them share are written once. */
import type { ImportedDestination, ImportedService, Plain } from './imported.js';

/** Makes a document. `others`: its fields besides services and checks. */
export function documentOf(services: ReadonlyMap<string, ImportedService>, others: Plain): Plain {
  const shapes = [...services].map(([name, service]) => ({ name, service, common: commonChecks(service) }));
  const names = namedChecks(shapes.flatMap(({ service, common }) => usedChecks(service, common)));
  const written = shapes.map(({ name, service, common }) => [name, writeService(service, common, names)]);
  const checks = Object.fromEntries([...names].map(([key, name]) => [name, JSON.parse(key) as Plain]));
  return {
    services: Object.fromEntries(written) as Plain,
    ...(names.size > 0 && { checks }),
    ...others,
  };
}

type Names = ReadonlyMap<string, string>;

/** The checks that most destinations of a service have. */
function commonChecks({ destinations }: ImportedService): readonly Plain[] {
  const counts = new Map<string, number>();
  for (const { checks } of destinations.values()) {
    if (checks.length === 0) continue;
    const key = JSON.stringify(checks);
    counts.set(key, (counts.get(key) ?? 0) + 1);
  }
  const [most] = [...counts].sort(([, one], [, other]) => other - one);
  return most === undefined ? [] : (JSON.parse(most[0]) as Plain[]);
}

/** Every check in the places where the document writes it. */
function usedChecks({ destinations }: ImportedService, common: readonly Plain[]): readonly Plain[] {
  const own = [...destinations.values()].filter(({ checks }) => !same(checks, common));
  return [...common, ...own.flatMap(({ checks }) => checks)];
}

/** Names the checks that are used more than once: by their type, with a number from the second on. */
function namedChecks(used: readonly Plain[]): Names {
  const counts = new Map<string, number>();
  for (const check of used) {
    const key = JSON.stringify(check);
    counts.set(key, (counts.get(key) ?? 0) + 1);
  }
  const names = new Map<string, string>();
  const numbers = new Map<string, number>();
  for (const [key, count] of counts) {
    if (count < 2) continue;
    const [type = 'check'] = Object.keys(JSON.parse(key) as Plain);
    const number = (numbers.get(type) ?? 0) + 1;
    numbers.set(type, number);
    names.set(key, number === 1 ? type : `${type}-${number}`);
  }
  return names;
}

function writeService(service: ImportedService, common: readonly Plain[], names: Names): Plain {
  const destinations = [...service.destinations].map(([name, destination]) => [
    name,
    writeDestination(destination, common, names),
  ]);
  return {
    ...service.settings,
    ...(common.length > 0 && { check: writeChecks(common, names) }),
    ...(service.health !== undefined && { health: service.health }),
    destinations: Object.fromEntries(destinations) as Plain,
  };
}

function writeDestination(
  { settings, checks }: ImportedDestination,
  common: readonly Plain[],
  names: Names,
): Plain {
  return { ...settings, ...(!same(checks, common) && { check: writeChecks(checks, names) }) };
}

function writeChecks(checks: readonly Plain[], names: Names): unknown {
  const written = checks.map((check) => names.get(JSON.stringify(check)) ?? check);
  return written.length === 0 ? 'none' : written.length === 1 ? written[0] : written;
}

function same(one: readonly Plain[], other: readonly Plain[]): boolean {
  return JSON.stringify(one) === JSON.stringify(other);
}
