/** Replaces weights that checks and operators have changed with those of the document. */
import type { Status } from '@ipvs-ts/agent';
import type { DesiredState } from '@ipvs-ts/ipvs';

/** A table with the weights of an agent's document, and the destinations of the document that are not in the table. */
export interface Declared {
  readonly state: DesiredState;
  /** `10.0.0.1:80 of tcp:192.0.2.10:80`: not in the table, so only its weight is known. */
  readonly absent: readonly string[];
}

/** Replaces the weights of destinations that the agent manages. */
export function withDeclaredWeights(state: DesiredState, { services }: Status): Declared {
  const absent: string[] = [];
  const replaced = { ...state.services };
  for (const { service, destinations } of services) {
    const found = replaced[service];
    if (found?.destinations === undefined) continue;
    const own = { ...found.destinations };
    for (const { destination, declaredWeight, state: health } of destinations) {
      // A destination that was removed from the document has no declared weight.
      if (health === 'draining' && declaredWeight === 0) continue;
      const settings = own[destination];
      if (settings === undefined) absent.push(`${destination} of ${service}`);
      else own[destination] = { ...settings, weight: declaredWeight };
    }
    replaced[service] = { ...found, destinations: own };
  }
  return { state: { ...state, services: replaced }, absent };
}
