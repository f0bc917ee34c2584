import type { CheckedDocument, DesiredState } from './state.js';

/** States that have no mistakes. They are frozen, so that remains true. */
const CHECKED = new WeakMap<DesiredState, CheckedDocument>();

/** Freezes a state and stores the result of its check, so that it is not checked again. */
export function keepChecked(state: DesiredState, document: CheckedDocument): DesiredState {
  freeze(state);
  CHECKED.set(state, document);
  return state;
}

/** The result of the check of a state; undefined if it was not checked yet. */
export function checkedBefore(state: DesiredState): CheckedDocument | undefined {
  return CHECKED.get(state);
}

function freeze(value: unknown): void {
  if (typeof value !== 'object' || value === null || Object.isFrozen(value)) return;
  Object.freeze(value);
  const record = value as Readonly<Record<string, unknown>>;
  for (const name of Object.keys(record)) {
    const each = record[name];
    if (typeof each === 'object') freeze(each);
  }
}
