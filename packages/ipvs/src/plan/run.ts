import type { Calls } from '../calls/calls.js';
import { drain } from '../drain/drain.js';
import type { DrainHost } from '../drain/target.js';
import { run } from '../session/run.js';
import type { BatchResult } from '../calls/batch-error.js';
import type { Procedure, Step } from '../calls/procedure.js';
import { IpvsError } from '../errors.js';
import type { ProcFiles } from '../proc/proc-files.js';
import type { Change } from './change.js';
import { type Application, converge } from './converge.js';
import { DocumentError, type DocumentProblem } from '../document/document-error.js';
import { originOf, withPositions } from '../document/origin.js';
import type { PlacedProblem } from '../document/problems.js';
import type { DesiredState } from '../document/state.js';
import { checkPlanOptions, type DrainingPlanOptions, type PlanOptions } from './options.js';
import { makePlan, Plan, planAgain, type Planned, PlanSync } from './plan.js';

interface Wait {
  readonly signal?: AbortSignal | undefined;
}

/** What planning needs of an asynchronous client. */
export interface PlanHost {
  readonly session: {
    readonly calls: Calls;
    readonly files: ProcFiles;
    run<T>(procedure: Procedure<T>, options?: Wait): Promise<T>;
    perform(step: Step, options?: Wait): unknown;
  };
  readonly drains: DrainHost;
}

/** What planning needs of a synchronous client. */
export interface PlanHostSync {
  readonly calls: Calls;
  readonly files: ProcFiles;
  run<T>(procedure: Procedure<T>): T;
}

/** Destinations to drain, which takes time and is not a step of a session. */
interface DrainStep {
  readonly drain: readonly Change[];
}

function isDrain(step: Step | DrainStep): step is DrainStep {
  return typeof step === 'object' && 'drain' in step;
}

/** `Ipvs.plan`. */
export async function plan(
  { session, drains }: PlanHost,
  desired: DesiredState,
  options: DrainingPlanOptions & Wait,
): Promise<Plan> {
  const { signal: planning, ...others } = options;
  const checked = checkPlanOptions(others, true);
  const planned = await session.run(makePlan(session.calls, session.files, desired, checked), {
    signal: planning,
  });
  if (planned.problems.length > 0) throw await impossible(desired, planned.problems);
  return new Plan(planned.changes, planned.doubts, async ({ signal, onProgress }) => {
    const application: Application<DrainStep> = {
      calls: session.calls,
      signal,
      onProgress,
      plan: () => planAgain(session.calls, planned.document, checked),
      drain: drainStep,
    };
    const drainOne = ({ service = '', destination = '' }: Change): Promise<unknown> =>
      drain(drains, session.files, service, destination, { ...checked.drain, signal, evenLast: true });
    return run(converge(application, planned.changes), (step) =>
      isDrain(step)
        ? Promise.all(step.drain.map((change) => resultOf(drainOne(change))))
        : session.perform(step, { signal }),
    );
  });
}

/** `IpvsSync.plan`. */
export function planSync(session: PlanHostSync, desired: DesiredState, options: PlanOptions): PlanSync {
  const checked = checkPlanOptions(options, false);
  const planned: Planned = session.run(makePlan(session.calls, session.files, desired, checked));
  if (planned.problems.length > 0) throw impossibleError(planned.problems.map(({ problem }) => problem));
  return new PlanSync(planned.changes, planned.doubts, () => {
    const application: Application<never> = {
      calls: session.calls,
      signal: undefined,
      onProgress: undefined,
      plan: () => planAgain(session.calls, planned.document, checked),
      drain: noDrain,
    };
    return session.run(converge(application, planned.changes));
  });
}

function* drainStep(changes: readonly Change[]): Generator<DrainStep, readonly BatchResult[], unknown> {
  return (yield { drain: changes }) as readonly BatchResult[];
}

/** Plans of `IpvsSync` have no drains. */
function* noDrain(): Generator<never, readonly BatchResult[], unknown> {
  return [];
}

async function resultOf(work: Promise<unknown>): Promise<BatchResult> {
  try {
    return { ok: true, value: await work };
  } catch (error) {
    if (IpvsError.is(error)) return { ok: false, error };
    const words = error instanceof Error ? error.message : String(error);
    const operation = 'drain a destination';
    return {
      ok: false,
      error: new IpvsError('ERR_IPVS_ABORTED', `cannot ${operation}: ${words}`, { operation, cause: error }),
    };
  }
}

/** The error for what the kernel would reject, with the places in the text that the state was read from. */
async function impossible(desired: DesiredState, problems: readonly PlacedProblem[]): Promise<DocumentError> {
  return impossibleError(await withPositions(desired, problems), originOf(desired)?.file);
}

function impossibleError(problems: readonly DocumentProblem[], file?: string): DocumentError {
  return new DocumentError('plan the desired state', problems, { file });
}
