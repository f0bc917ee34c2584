/** `plan`: what would be changed. */
import type { Subcommand } from '../framework/subcommand.js';
import { changesText, summary } from './plan-text.js';
import {
  cleared,
  jsonText,
  planJson,
  progressOf,
  showComparison,
  showDoubts,
  withJsonErrors,
} from './report.js';
import { readState } from './state-file.js';
import { planOptions, STATE_DESCRIPTION, STATE_OPTIONS } from './state-options.js';

/** The record of `plan`. */
export const PLAN: Subcommand = {
  name: 'plan',
  operands: ['[FILE]'],
  summary: 'show what apply would change, and change nothing',
  description: [
    'One change a line, in the order in which they are made: + is added, ~ is edited, - is removed.',
    ...STATE_DESCRIPTION,
  ],
  options: STATE_OPTIONS,
  statuses: {
    0: 'no changes',
    1: 'FILE has mistakes, or the kernel was not reached',
    2: 'there are changes',
  },
  failure: 1,
  run: (args, io) =>
    withJsonErrors(args, io, async () => {
      const state = await readState(args, io);
      await using ipvs = await io.open();
      const progress = progressOf(io);
      const onProgress = showComparison(progress);
      const options = { ...planOptions(args), onProgress, signal: io.signal };
      const plan = await cleared(progress, ipvs.plan(state, options));
      await showDoubts(plan.doubts, args, io);
      if (args.has('json')) await io.stdout.write(jsonText(planJson(plan)));
      else await io.stdout.write(`${changesText(plan.changes, io.stdout.colour)}${summary(plan.changes)}\n`);
      return plan.length === 0 ? 0 : 2;
    }),
};
