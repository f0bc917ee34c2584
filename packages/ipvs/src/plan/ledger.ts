import type { BatchResult } from '../calls/batch-error.js';
import type { IpvsError, IpvsErrorCode } from '../errors.js';
import { ApplyError, type ChangeResult } from './apply-error.js';
import type { Change } from './change.js';

/** Errors that mean that the table has changed since the plan was made. */
const MOVED: readonly IpvsErrorCode[] = [
  'ERR_IPVS_SERVICE_EXISTS',
  'ERR_IPVS_SERVICE_NOT_FOUND',
  'ERR_IPVS_DESTINATION_EXISTS',
  'ERR_IPVS_DESTINATION_NOT_FOUND',
  'ERR_IPVS_DAEMON_EXISTS',
  'ERR_IPVS_DAEMON_NOT_FOUND',
];

/** Errors that remain until somebody changes the document or the host. */
const LASTING: readonly IpvsErrorCode[] = [
  'ERR_IPVS_SCHEDULER_NOT_FOUND',
  'ERR_IPVS_SCHEDULER_OR_ENGINE_NOT_FOUND',
  'ERR_IPVS_INTERFACE_NOT_FOUND',
  'ERR_IPVS_INVALID',
  'ERR_IPVS_FAMILY_UNSUPPORTED',
  'ERR_IPVS_PERMISSION',
  'ERR_IPVS_USER_NAMESPACE',
];

/** The most changes that an error lists. */
const MOST_TOLD = 20;

/** The outcome of each change so far. */
export class Ledger {
  readonly results: ChangeResult[] = [];
  readonly #failed = new Set<string>();
  readonly #unsent = new Set<string>();
  /** Services and daemons with a failed change: by the text of the service, or by the state of the daemon. */
  readonly #broken = new Set<string>();
  /** Services that could not be added or read, so their destinations cannot be changed. */
  readonly #missing = new Set<string>();

  /** Whether anything failed. */
  get hasFailed(): boolean {
    return this.#failed.size > 0;
  }

  /** Records the results of changes that were sent, or of some of them. Returns whether the table had changed. */
  note(
    changes: readonly Change[],
    results: readonly BatchResult[],
    isNoted: (change: Change) => boolean = () => true,
  ): boolean {
    // First the causes of other failures: the destinations of a service that could not be added fail too.
    for (let index = 0; index < changes.length; index++) {
      const change = changes[index] as Change;
      const result = results[index];
      if (change.kind === 'addService' && result?.ok === false && !hasMoved(result.error))
        this.#missing.add(subjectOf(change));
    }
    let moved = false;
    for (let index = 0; index < changes.length; index++) {
      const change = changes[index] as Change;
      const result = results[index];
      if (result === undefined || !isNoted(change)) continue;
      if (result.ok) this.results.push({ change, outcome: 'done' });
      else if (hasMoved(result.error) && !this.#missing.has(subjectOf(change))) {
        moved = true;
        this.results.push({ change, outcome: 'moved', error: result.error });
      } else this.#fail(change, result.error);
    }
    return moved;
  }

  /** Records changes that were not sent, each once. */
  leaveOut(changes: readonly Change[], reason: string): void {
    for (const change of changes) {
      if (this.#unsent.has(identity(change))) continue;
      this.#unsent.add(identity(change));
      this.results.push({ change, outcome: 'unsent', reason });
    }
  }

  /** The changes of a new plan that the kernel has not rejected before. */
  withoutFailed(changes: readonly Change[]): Change[] {
    return changes.filter(
      (change) => !this.#failed.has(identity(change)) && !this.#missing.has(subjectOf(change)),
    );
  }

  /** Whether another change of the same service or daemon failed. */
  isBroken(change: Change): boolean {
    return this.#broken.has(subjectOf(change));
  }

  /** What to do about the changes that failed. */
  advice(): string {
    return this.#isRetryable()
      ? 'apply again to finish'
      : 'applying again cannot help before what the kernel refused is changed';
  }

  /** Whether the same changes can succeed later; false if the kernel rejects one of them for its content. */
  #isRetryable(): boolean {
    return this.results.every((each) => each.outcome !== 'failed' || !LASTING.includes(each.error.code));
  }

  /** The error that reports all outcomes. */
  error(code: 'ERR_IPVS_APPLY_FAILED' | 'ERR_IPVS_ABORTED', sentence: string, cause?: unknown): ApplyError {
    const operation = 'apply the declared state';
    const { results } = this;
    const count = (outcome: ChangeResult['outcome']): number =>
      results.filter((result) => result.outcome === outcome).length;
    const told = results.filter(({ outcome }) => outcome === 'failed' || outcome === 'unsent');
    const lines = told.slice(0, MOST_TOLD).map((result) => `\n  ${resultText(result)}`);
    if (told.length > MOST_TOLD) lines.push(`\n  and ${told.length - MOST_TOLD} more`);
    const counts = `${count('done')} done, ${count('failed')} failed, ${count('unsent')} not sent`;
    return new ApplyError(code, `cannot ${operation}: ${sentence} (${counts})${lines.join('')}`, {
      operation,
      changes: results,
      isRetryable: this.#isRetryable(),
      cause,
    });
  }

  #fail(change: Change, error: IpvsError): void {
    this.#failed.add(identity(change));
    this.#broken.add(subjectOf(change));
    this.results.push({ change, outcome: 'failed', error });
  }
}

function hasMoved({ code }: IpvsError): boolean {
  return MOVED.includes(code);
}

function resultText(result: ChangeResult): string {
  if (result.outcome === 'failed') return `failed: ${String(result.change)}: ${result.error.message}`;
  if (result.outcome === 'unsent') return `not sent: ${String(result.change)}: ${result.reason}`;
  return `${result.outcome}: ${String(result.change)}`;
}

/** Identifies a change, in this plan and the next. */
function identity({ kind, service, destination, daemon }: Change): string {
  return [kind, service, destination, daemon].join(' ');
}

function subjectOf({ service, daemon, kind }: Change): string {
  return service ?? daemon ?? kind;
}
