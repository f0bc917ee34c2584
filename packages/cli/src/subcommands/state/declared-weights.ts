/** The weights of a document in the place of those that checks and operators made of them. */
import type { Status } from '@ipvs-ts/agent';
import type { DesiredState } from '@ipvs-ts/ipvs';

/** A table as an agent's document declares its weights, and what the document has and the table does not. */
export interface Declared {
  readonly state: DesiredState;
  /** `10.0.0.1:80 of tcp:192.0.2.10:80`: out of the table, so nothing but its weight is known. */
  readonly absent: readonly string[];
}

/** Replaces the weights of what the agent keeps. */
export function withDeclaredWeights(state: DesiredState, { services }: Status): Declared {
  const absent: string[] = [];
  const replaced = { ...state.services };
  for (const { service, destinations } of services) {
    const found = replaced[service];
    if (found?.destinations === undefined) continue;
    const own = { ...found.destinations };
    for (const { destination, declaredWeight, state: health } of destinations) {
      // What leaves the document has no declared weight any more.
      if (health === 'draining' && declaredWeight === 0) continue;
      const settings = own[destination];
      if (settings === undefined) absent.push(`${destination} of ${service}`);
      else own[destination] = { ...settings, weight: declaredWeight };
    }
    replaced[service] = { ...found, destinations: own };
  }
  return { state: { ...state, services: replaced }, absent };
}
