import type { Calls } from '../calls/calls.js';
import type { Procedure } from '../calls/procedure.js';
import type { Change } from './change.js';
import type { ApplyProgress, ApplyReport } from './converge.js';
import { readCurrent } from './current.js';
import { diff } from './diff.js';
import { checkDocument } from '../document/check.js';
import type { PlacedProblem } from '../document/problems.js';
import type { ProcFiles } from '../proc/proc-files.js';
import { findImpossible } from './possible.js';
import type { CheckedDocument, DesiredState } from '../document/state.js';
import type { CheckedPlanOptions } from './options.js';

/** The checked document, and the changes that lead to it. */
export interface Planned {
  readonly document: CheckedDocument;
  readonly changes: readonly Change[];
  /** Problems that only the kernel knows about. If there are any, there are no changes. */
  readonly problems: readonly PlacedProblem[];
  /** What is not known before it is tried, a sentence each. */
  readonly doubts: readonly string[];
}

/** Checks a desired state, reads the table, checks whether the kernel has what it does not use yet, and compares. */
export function* makePlan(
  calls: Calls,
  files: ProcFiles,
  desired: DesiredState,
  options: CheckedPlanOptions,
): Procedure<Planned> {
  const document = yield* checkDocument(desired);
  const current = yield* readCurrent(calls, document, options);
  const { problems, doubts } = yield* findImpossible(calls, files, current, document);
  const changes = problems.count > 0 ? [] : yield* diff(current, document, options);
  return { document, changes, problems: problems.found, doubts };
}

/** The changes from the current state to a document. */
export function* planAgain(
  calls: Calls,
  document: CheckedDocument,
  options: CheckedPlanOptions,
): Procedure<readonly Change[]> {
  return yield* diff(yield* readCurrent(calls, document, options), document, options);
}

/** An ordered list of changes. If it is empty, the table matches. */
class ChangeList implements Iterable<Change> {
  /** In the order in which they are sent, except that each of many new services is followed by its destinations. */
  readonly changes: readonly Change[];
  /**
   * What is not known before the plan is applied, a sentence each: for instance whether the kernel has a third-party
   * scheduler. `apply` makes changes of services before all others.
   */
  readonly doubts: readonly string[];

  constructor(changes: readonly Change[], doubts: readonly string[]) {
    this.changes = changes;
    this.doubts = doubts;
  }

  /** How many changes there are. */
  get length(): number {
    return this.changes.length;
  }

  /** The changes, in the order in which they are made. */
  [Symbol.iterator](): Iterator<Change> {
    return this.changes[Symbol.iterator]();
  }

  /** One line for each change; an empty text without any. */
  toString(): string {
    return this.changes.join('\n');
  }

  /** The changes as plain data. */
  toJSON(): readonly object[] {
    return this.changes.map((change) => change.toJSON());
  }
}

/** Options of applying a plan. */
export interface ApplyOptions {
  /** Stops between two sends. */
  readonly signal?: AbortSignal | undefined;
  /** Called with the progress, for long plans after every thousand changes. */
  readonly onProgress?: ((progress: ApplyProgress) => void) | undefined;
}

/** The result of `Ipvs.plan`: an ordered list of changes that can be shown, stored as JSON, and applied. */
export class Plan extends ChangeList {
  readonly #apply: (options: ApplyOptions) => Promise<ApplyReport>;

  /** Plans are made by `Ipvs.plan`. */
  constructor(
    changes: readonly Change[],
    doubts: readonly string[],
    apply: (options: ApplyOptions) => Promise<ApplyReport>,
  ) {
    super(changes, doubts);
    this.#apply = apply;
  }

  /**
   * Makes the changes, in few system calls. If another writer has changed the table since it was planned, the rest is
   * planned again (counted by `replans` in the report). It can be repeated: after an abort, a failure or a crash,
   * applying again completes the changes.
   *
   * * * * Nothing is removed from a service where an addition or an edit failed, and whole services are removed only
   * when all else succeeded. Rejects with ERR_IPVS_APPLY_FAILED, whose `changes` report what was done, what failed and
   * why, and what was not sent; with ERR_IPVS_ABORTED, which has the same, when `signal` is aborted.
   */
  async apply(options: ApplyOptions = {}): Promise<ApplyReport> {
    return this.#apply(options);
  }
}

/** The result of `IpvsSync.plan`; see {@link Plan}. */
export class PlanSync extends ChangeList {
  readonly #apply: () => ApplyReport;

  /** Plans are made by `IpvsSync.plan`. */
  constructor(changes: readonly Change[], doubts: readonly string[], apply: () => ApplyReport) {
    super(changes, doubts);
    this.#apply = apply;
  }

  /** Makes the changes. Throws as {@link Plan.apply} rejects. */
  apply(): ApplyReport {
    return this.#apply();
  }
}
