import type { AllDownMemory } from '../health/all-down.js';
import type { DestinationHealth } from '../health/destination-health.js';
import type { Doubt } from '../health/doubt.js';
import type { Verdict } from '../health/judge.js';
import type { LedgerData } from '../own/ledger.js';

/** The health of a destination with the identity of each check. */
export interface SavedHealth extends Omit<DestinationHealth, 'verdicts'> {
  readonly verdicts: readonly { readonly probe: string; readonly verdict: Verdict }[];
}

/** The saved state of a service. */
export interface SavedService {
  readonly firstSight: number;
  readonly memory?: AllDownMemory | undefined;
  readonly health: Readonly<Record<string, SavedHealth>>;
}

/**
 * The state of an agent as plain data. It is valid as long as the table: times are milliseconds since the host started.
 */
export interface SavedState {
  readonly version: 1;
  /** The document in force. */
  readonly revision: string | undefined;
  readonly ledger: LedgerData;
  readonly doubt?: Doubt | undefined;
  readonly services: Readonly<Record<string, SavedService>>;
}

/** Reads a saved state; undefined for anything else, so that a damaged file counts as none. */
export function readSavedState(text: string): SavedState | undefined {
  let value: unknown;
  try {
    value = JSON.parse(text);
  } catch {
    return undefined;
  }
  if (!isRecord(value) || value['version'] !== 1) return undefined;
  const { ledger, services } = value;
  if (
    !isRecord(ledger) ||
    !Object.values(ledger).every((each) => isRecord(each) && Object.values(each).every(isRecord))
  )
    return undefined;
  if (!isRecord(services) || !Object.values(services).every(isSavedService)) return undefined;
  return value as unknown as SavedState;
}

function isSavedService(value: unknown): boolean {
  if (!isRecord(value) || typeof value['firstSight'] !== 'number') return false;
  const { health, memory } = value;
  if (memory !== undefined && !(isRecord(memory) && Array.isArray(memory['kept']))) return false;
  return isRecord(health) && Object.values(health).every(isSavedHealth);
}

function isSavedHealth(value: unknown): boolean {
  if (!isRecord(value)) return false;
  const { verdicts, flaps, state } = value;
  return (
    ['up', 'down', 'unknown'].includes(state as string) &&
    isRecord(flaps) &&
    Array.isArray(flaps['downs']) &&
    Array.isArray(verdicts) &&
    (verdicts as unknown[]).every(
      (each) => isRecord(each) && typeof each['probe'] === 'string' && isRecord(each['verdict']),
    )
  );
}

function isRecord(value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}
