import type { Declared } from '../declared/declared.js';

/** What a document removes from the state in force. */
export interface Removal {
  readonly services: readonly string[];
  /** Destinations of all services, including those of removed services. */
  readonly destinations: number;
  /** Destinations in force. */
  readonly of: number;
}

/** Destinations in force, by service. */
export type InForce = ReadonlyMap<string, readonly string[]>;

/** The destinations of a document, by service. */
export function inForceOf({ services }: Declared): InForce {
  return new Map(
    [...services.values()].map(({ name, destinations = [] }) => [
      name,
      destinations.map((each) => each.name),
    ]),
  );
}

/** What `next` would remove from the state in force. */
export function removalOf(inForce: InForce, next: Declared): Removal {
  const services: string[] = [];
  let destinations = 0;
  let of = 0;
  for (const [service, names] of inForce) {
    const after = next.services.get(service);
    if (after === undefined) services.push(service);
    const kept =
      after?.destinations === undefined && after !== undefined
        ? undefined
        : new Set(after?.destinations?.map(({ name }) => name));
    for (const name of names) {
      of += 1;
      if (kept?.has(name) === false) destinations += 1;
    }
  }
  return { services, destinations, of };
}

/**
 * Whether a removal is so large that it must be accepted: more than `maxRemoval` and more than two destinations, or at
 * least two services.
 */
export function isLargeRemoval({ services, destinations, of }: Removal, maxRemoval: number): boolean {
  return services.length > 1 || (destinations > 2 && destinations > maxRemoval * of);
}

/** The removal as text: `4 of 9 destinations and 1 service`. */
export function removalText({ services, destinations, of }: Removal): string {
  const gone = `${destinations} of ${of} destinations`;
  if (services.length === 0) return gone;
  return `${gone} and ${services.length} service${services.length === 1 ? '' : 's'} (${services.slice(0, 5).join(', ')}${services.length > 5 ? ', …' : ''})`;
}
