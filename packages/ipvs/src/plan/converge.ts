import type { Calls } from '../calls/calls.js';
import { sendBatch } from '../calls/batch.js';
import { BatchError, type BatchResult } from '../calls/batch-error.js';
import { IpvsError } from '../errors.js';
import type { ChangeResult } from './apply-error.js';
import type { Procedure, Step } from '../calls/procedure.js';
import type { Change, ChangeKind } from './change.js';
import { destinationsOfNew, interleaved, noteTogether } from './interleave.js';
import { Ledger } from './ledger.js';

/** The result of applying a plan: the table matches the document. */
export interface ApplyReport {
  /** The outcome of each change: `done`, or `moved` if another writer changed the table first. */
  readonly changes: readonly ChangeResult[];
  /** How often the rest was planned again because others had changed the table. */
  readonly replans: number;
}

/** The progress of applying a plan. */
export interface ApplyProgress {
  /** How many changes of `total` the kernel has answered, successful or not. */
  readonly done: number;
  /** All changes of the plan; of the new one after planning again. */
  readonly total: number;
}

/** What applying a plan needs. */
export interface Application<D> {
  readonly calls: Calls;
  readonly signal: AbortSignal | undefined;
  readonly onProgress: ((progress: ApplyProgress) => void) | undefined;
  /** Plans the rest again. */
  readonly plan: () => Procedure<readonly Change[]>;
  /** Drains destinations concurrently; returns one result for each. */
  readonly drain: (changes: readonly Change[]) => Generator<D, readonly BatchResult[], unknown>;
}

/** The most times to plan again. Writers that declare the same state converge long before this. */
const MAX_REPLANS = 10;

const HELD = 'something that has to come before it failed';

/** The number of changes between two reports of progress. */
const MOST_AT_ONCE = 1000;

/** Destinations wait for their service, and removals for all additions. */
const STAGES: readonly (readonly ChangeKind[])[] = [
  ['stopDaemon', 'addService', 'editService'],
  ['addDestination'],
  ['deleteDestination', 'setTimeouts'],
  ['drainDestination'],
  ['deleteService', 'startDaemon'],
];

const STAGE_OF = Object.fromEntries(
  STAGES.flatMap((kinds, stage) => kinds.map((kind) => [kind, stage])),
) as Readonly<Record<ChangeKind, number>>;

/**
 * Makes changes, and plans the rest again if others have changed the table meanwhile. Throws ERR_IPVS_APPLY_FAILED and
 * ERR_IPVS_ABORTED with the outcome of each change.
 */
export function* converge<D>(
  application: Application<D>,
  changes: readonly Change[],
): Generator<Step | D, ApplyReport, unknown> {
  const ledger = new Ledger();
  let pending = changes;
  let replans = 0;
  while (yield* round(application, ledger, pending)) {
    if (replans === MAX_REPLANS)
      throw ledger.error(
        'ERR_IPVS_APPLY_FAILED',
        `another writer changed the table each of ${MAX_REPLANS + 1} times; apply again when there is less change`,
      );
    replans += 1;
    pending = ledger.withoutFailed(yield* planAnew(application, ledger));
  }
  if (ledger.hasFailed)
    throw ledger.error('ERR_IPVS_APPLY_FAILED', `not every change could be made; ${ledger.advice()}`);
  return { changes: ledger.results, replans };
}

/**
 * Runs all stages in order. Returns true if others have changed the table: unsent changes must be planned again then.
 */
function* round<D>(
  application: Application<D>,
  ledger: Ledger,
  changes: readonly Change[],
): Generator<Step | D, boolean, unknown> {
  let done = 0;
  const stages = STAGES.map((): Change[] => []);
  for (const change of changes) stages[stageOf(change)]?.push(change);
  const early = destinationsOfNew(stages[0] as Change[], stages[1] as Change[]);
  for (const [stage, all] of stages.entries()) {
    const due = stage === 1 && early.size > 0 ? all.filter((change) => !early.has(change)) : all;
    const held = new Set(due.filter((change) => isHeld(change, ledger)));
    ledger.leaveOut([...held], HELD);
    const sent = held.size === 0 ? due : due.filter((change) => !held.has(change));
    if (sent.length === 0) continue;
    const later = (): Change[] => changes.filter((change) => stageOf(change) > stage && !early.has(change));
    const drains = sent[0]?.kind === 'drainDestination';
    const tell = (count: number): void =>
      application.onProgress?.({ done: done + count, total: changes.length });
    if (stage === 0 && early.size > 0) {
      const together = interleaved(sent, early);
      if (noteTogether(ledger, together, yield* send(application, ledger, together, later, tell), HELD))
        return true;
      done += early.size;
    } else {
      const work = drains
        ? drainAll(application, ledger, sent, later)
        : send(application, ledger, sent, later, tell);
      if (ledger.note(sent, yield* work)) return true;
    }
    done += sent.length;
    tell(0);
  }
  return false;
}

function stageOf({ kind, from, to }: Change): number {
  if (kind === 'editDestination') return weightOf(to) < weightOf(from) ? 2 : 1;
  return STAGE_OF[kind];
}

function weightOf(settings: Change['to']): number {
  return settings !== undefined && 'weight' in settings ? settings.weight : 0;
}

/** Removals wait for the additions that replace them; whole services are removed only if everything else succeeded. */
function isHeld(change: Change, ledger: Ledger): boolean {
  if (stageOf(change) === 0) return false;
  return change.kind === 'deleteService' ? ledger.hasFailed : ledger.isBroken(change);
}

function* send<D>(
  { calls, signal }: Application<D>,
  ledger: Ledger,
  changes: readonly Change[],
  later: () => readonly Change[],
  tell: (count: number) => void,
): Procedure<readonly BatchResult[]> {
  const results: BatchResult[] = [];
  try {
    for (let from = 0; from < changes.length; from += MOST_AT_ONCE) {
      if (from > 0) tell(from);
      const some = changes.slice(from, from + MOST_AT_ONCE).map(({ call }) => call);
      results.push(...(yield* sendBatch(calls, some, signal)));
    }
    return results;
  } catch (error) {
    if (!IpvsError.is(error)) throw error;
    if (BatchError.is(error)) {
      results.push(...error.results);
      ledger.note(changes, results);
      throw aborted(ledger, [...changes.slice(results.length), ...later()], error.cause);
    }
    const failed: BatchResult = { ok: false, error };
    ledger.note(
      changes,
      changes.map((_, index) => results[index] ?? failed),
    );
    ledger.leaveOut(later(), 'the way to the kernel failed');
    throw ledger.error('ERR_IPVS_APPLY_FAILED', 'the way to the kernel failed', error);
  }
}

function* drainAll<D>(
  { signal, drain }: Application<D>,
  ledger: Ledger,
  changes: readonly Change[],
  later: () => readonly Change[],
): Generator<D, readonly BatchResult[], unknown> {
  const results = yield* drain(changes);
  if (signal?.aborted === true) {
    const isDrained = (_: Change, index: number): boolean => results[index]?.ok === true;
    const drained = changes.filter(isDrained);
    ledger.note(
      drained,
      drained.map(() => ({ ok: true, value: undefined })),
    );
    const left = changes.filter((change, index) => !isDrained(change, index));
    throw aborted(ledger, [...left, ...later()], signal.reason);
  }
  return results;
}

function* planAnew<D>({ plan, signal }: Application<D>, ledger: Ledger): Procedure<readonly Change[]> {
  try {
    return yield* plan();
  } catch (error) {
    if (signal?.aborted === true) throw aborted(ledger, [], signal.reason);
    if (!IpvsError.is(error)) throw error;
    throw ledger.error('ERR_IPVS_APPLY_FAILED', 'the table moved and could not be read again', error);
  }
}

function aborted(ledger: Ledger, unsent: readonly Change[], reason: unknown): IpvsError {
  ledger.leaveOut(unsent, 'aborted');
  return ledger.error('ERR_IPVS_ABORTED', 'it was aborted; apply again to finish', reason);
}
