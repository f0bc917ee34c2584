import type { Ledger } from './ledger.js';
import { differingOptions, differingSettings, type SeenService } from './seen.js';

/** A change that somebody else made to a service that the agent owns. */
export interface Drift {
  readonly kind:
    | 'service missing'
    | 'service edited'
    | 'destination missing'
    | 'destination edited'
    /** A manual weight of 0. */
    | 'weight zero'
    /** A weight above 0 where a manual weight of 0 was respected. */
    | 'weight raised'
    /** A destination that the agent does not own. */
    | 'foreign';
  readonly service: string;
  readonly destination?: string;
  /** The names of the settings that changed. */
  readonly fields: readonly string[];
}

/** What the agent expects of a service. */
export interface Expectation {
  readonly service: string;
  /** The service after the agent's last change or reading; undefined if it did not exist or was never seen. */
  readonly known: SeenService | undefined;
  /** Whether the agent has read or applied it since it started. */
  readonly wasSeen: boolean;
  readonly ledger: Ledger;
}

/** The changes by others between the known service and the one in the table, in the order of the table. */
export function driftOf(expectation: Expectation, seen: SeenService | undefined): Drift[] {
  const { service, known, wasSeen, ledger } = expectation;
  if (seen === undefined)
    return wasSeen && known !== undefined ? [{ kind: 'service missing', service, fields: [] }] : [];
  const drifts: Drift[] = [];
  const fields = known === undefined ? [] : differingOptions(known, seen);
  if (fields.length > 0) drifts.push({ kind: 'service edited', service, fields });
  for (const [destination, found] of seen.destinations) {
    const entry = ledger.get(service, destination);
    const before = known?.destinations.get(destination);
    if (entry === undefined) {
      if (before === undefined && ledger.hasService(service))
        drifts.push({ kind: 'foreign', service, destination, fields: [] });
      continue;
    }
    if (entry.leavingSince !== undefined) continue;
    if (entry.zero === 'manual') {
      if (found.weight > 0) drifts.push({ kind: 'weight raised', service, destination, fields: ['weight'] });
      continue;
    }
    const changed = before === undefined ? [] : differingSettings(before, found);
    if (found.weight === 0 && entry.zero !== 'own') {
      drifts.push({ kind: 'weight zero', service, destination, fields: ['weight'] });
      changed.splice(0, changed.length, ...changed.filter((name) => name !== 'weight'));
    }
    if (changed.length > 0)
      drifts.push({ kind: 'destination edited', service, destination, fields: changed });
  }
  for (const destination of known?.destinations.keys() ?? []) {
    const entry = ledger.get(service, destination);
    if (entry !== undefined && entry.leavingSince === undefined && !seen.destinations.has(destination))
      drifts.push({ kind: 'destination missing', service, destination, fields: [] });
  }
  return drifts;
}
