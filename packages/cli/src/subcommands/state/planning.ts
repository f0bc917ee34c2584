/** The common part of `plan` and `apply`: reads the desired state, compares it with the table, and prints doubts. */
import type { Plan } from '@ipvs-ts/ipvs';
import type { Arguments } from '../framework/arguments.js';
import type { SubcommandIo } from '../framework/io.js';
import type { ProgressLine } from '../framework/progress-line.js';
import { changesText, summary } from './plan-text.js';
import { cleared, jsonText, planJson, progressOf, showComparison, showDoubts } from './report.js';
import { readState } from './state-file.js';
import { planOptions } from './state-options.js';

/** Calls `use` with the plan and the services of its document while IPVS is open, and returns its exit status. */
export async function withPlan(
  args: Arguments,
  io: SubcommandIo,
  use: (plan: Plan, progress: ProgressLine | undefined, services: () => readonly string[]) => Promise<number>,
): Promise<number> {
  const { state, checked } = await readState(args, io);
  await using ipvs = await io.open();
  const progress = progressOf(io);
  const onProgress = showComparison(progress);
  const { drain, ...options } = planOptions(args, checked);
  const planning = ipvs.plan(state, {
    ...options,
    drain: drain === true && {
      onProgress: ({ destination, activeConnections, inactiveConnections, persistentConnections }) =>
        progress?.show(
          `draining ${destination}: ${activeConnections} active, ${inactiveConnections} inactive, ${persistentConnections} persistent`,
        ),
    },
    onProgress,
    signal: io.signal,
  });
  const plan = await cleared(progress, planning);
  await showDoubts(plan.doubts, args, io);
  return await use(plan, progress, () => Object.keys(state.services));
}

/** Prints a plan: its changes and how many there are, or JSON. */
export async function showPlan(plan: Plan, args: Arguments, { stdout }: SubcommandIo): Promise<void> {
  await stdout.write(
    args.has('json')
      ? jsonText(planJson(plan))
      : `${changesText(plan.changes, stdout.colour)}${summary(plan.changes)}\n`,
  );
}
