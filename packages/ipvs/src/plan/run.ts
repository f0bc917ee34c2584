import type { Calls } from '../calls/calls.js';
import { drain } from '../drain/drain.js';
import type { DrainHost } from '../drain/target.js';
import { run } from '../session/run.js';
import { type BatchResult, IpvsError } from '../errors.js';
import type { ProcFiles } from '../proc/proc-files.js';
import { type Step, type Work, workOf } from '../session/work.js';
import type { Change } from './change.js';
import { type Application, converge } from './converge.js';
import type { DesiredState } from '../document/state.js';
import { checkPlanOptions, type DrainingPlanOptions, type PlanOptions } from './options.js';
import { makePlan, Plan, planAgain, type Planned, PlanSync } from './plan.js';

/** What planning needs of an asynchronous client. */
export interface PlanHost {
  readonly session: {
    readonly calls: Calls;
    readonly files: ProcFiles;
    drive<T>(work: Work<T>, options?: { readonly signal?: AbortSignal | undefined }): Promise<T>;
  };
  readonly drains: DrainHost;
}

/** What planning needs of a synchronous client. */
export interface PlanHostSync {
  readonly calls: Calls;
  drive<T>(work: Work<T>): T;
}

/** Destinations to be drained, which takes time and no step of a session. */
interface DrainStep {
  readonly type: 'drain';
  readonly changes: readonly Change[];
}

/** `Ipvs.plan`. */
export async function plan(
  { session, drains }: PlanHost,
  desired: DesiredState,
  options: DrainingPlanOptions & { readonly signal?: AbortSignal | undefined },
): Promise<Plan> {
  const { signal: planning, ...others } = options;
  const checked = checkPlanOptions(others, true);
  const planned = await session.drive(workOf(makePlan(session.calls, desired, checked)), {
    signal: planning,
  });
  return new Plan(planned.changes, async ({ signal, onProgress }) => {
    const application: Application<DrainStep> = {
      calls: session.calls,
      signal,
      onProgress,
      plan: () => planAgain(session.calls, planned.document, checked),
      drain: drainStep,
    };
    const drainOne = ({ service = '', destination = '' }: Change): Promise<unknown> =>
      drain(drains, session.files, service, destination, { ...checked.drain, signal, evenLast: true });
    return run(converge(application, planned.changes), async (step) =>
      step.type === 'drain'
        ? Promise.all(step.changes.map((change) => resultOf(drainOne(change))))
        : session.drive(single(step), { signal }),
    );
  });
}

/** `IpvsSync.plan`. */
export function planSync(session: PlanHostSync, desired: DesiredState, options: PlanOptions): PlanSync {
  const checked = checkPlanOptions(options, false);
  const planned: Planned = session.drive(workOf(makePlan(session.calls, desired, checked)));
  return new PlanSync(planned.changes, () => {
    const application: Application<never> = {
      calls: session.calls,
      signal: undefined,
      onProgress: undefined,
      plan: () => planAgain(session.calls, planned.document, checked),
      drain: noDrain,
    };
    return session.drive(converge(application, planned.changes));
  });
}

/** One step as work of its own. */
function* single(step: Step): Work<unknown> {
  return yield step;
}

function* drainStep(changes: readonly Change[]): Generator<DrainStep, readonly BatchResult[], unknown> {
  return (yield { type: 'drain', changes }) as readonly BatchResult[];
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
