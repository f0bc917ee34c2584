import type { DocumentProblem } from './document-error.js';
import { Locator } from './locate.js';
import { placed, type PlacedProblem } from './problems.js';
import { positionsOf } from './source/positions.js';
import { type DocumentFormat, readSource } from './source/text.js';
import type { CheckedDocument, DesiredState } from './state.js';

/** The text that a state was read from. */
export interface Origin {
  readonly text: string;
  readonly format: DocumentFormat;
  readonly file: string | undefined;
}

const ORIGINS = new WeakMap<DesiredState, Origin>();

/** Stores the text of a state, for mistakes that are found when it is planned. */
export function keepOrigin(state: DesiredState, origin: Origin): void {
  ORIGINS.set(state, origin);
}

/** The text that a state was read from; undefined if it was not. */
export function originOf(state: DesiredState): Origin | undefined {
  return ORIGINS.get(state);
}

/** Problems with line and column, if the state was read from a text. */
export async function withPositions(
  state: DesiredState,
  problems: readonly PlacedProblem[],
): Promise<DocumentProblem[]> {
  const origin = originOf(state);
  const source = origin === undefined ? undefined : await readSource(origin.text, origin.format);
  if (origin === undefined || source?.node === undefined) return problems.map(({ problem }) => problem);
  const locator = new Locator(source.node);
  const positions = positionsOf(origin.text);
  return problems.map((each) => placed(each, () => positions(locator.offsetOf(each))));
}

/** States that have no mistakes. They are frozen, so that remains true. */
const CHECKED = new WeakMap<DesiredState, CheckedDocument>();

/** Freezes a state and stores the result of its check, so that it is not checked again. */
export function keepChecked(state: DesiredState, document: CheckedDocument): DesiredState {
  freeze(state);
  CHECKED.set(state, document);
  return state;
}

/** The same for a state that only its maker can change. */
export function keepCheckedTable(state: DesiredState, document: CheckedDocument): void {
  CHECKED.set(Object.freeze(state), document);
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
