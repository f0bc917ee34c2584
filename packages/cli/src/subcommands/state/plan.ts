/** `plan`: what `apply` would change. */
import type { Subcommand } from '../framework/subcommand.js';
import { showPlan, withPlan } from './planning.js';
import { STATE_DESCRIPTION, STATE_OPTIONS } from './state-options.js';

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
    withPlan(args, io, async (plan) => {
      await showPlan(plan, args, io);
      return plan.length === 0 ? 0 : 2;
    }),
};
