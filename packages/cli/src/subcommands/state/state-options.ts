/** The options of the words that read a declared state and compare it with what is. */
import type { DrainingPlanOptions, Prune } from '@ipvs-ts/ipvs';
import type { Arguments } from '../framework/arguments.js';
import type { CommandOption } from '../framework/command-option.js';

/** What `plan` and `apply` have in common. */
export const STATE_OPTIONS = {
  file: { short: 'f', value: 'FILE', help: 'read FILE, JSON or YAML; - is standard input' },
  'from-rules': { help: 'FILE holds rules as ipvsadm -S writes them; names are looked up' },
  prune: {
    value: 'WHAT',
    choices: ['destinations', 'none', 'all'],
    help: 'what goes though FILE does not name it; destinations of the services in FILE by default',
  },
  'keep-weights': { help: 'leave the weights of destinations that are there as they are' },
  drain: { help: 'let destinations that go finish their connections first' },
  json: { help: 'print JSON' },
} as const satisfies Record<string, CommandOption>;

/** What is touched and how, in the words of the manual. */
export const STATE_DESCRIPTION = [
  'What is equal is not touched, and what differs is edited in place: counters and connections survive. Only the ' +
    'services that FILE names are touched, unless --prune all says otherwise. A FILE with mistakes changes nothing; ' +
    'all of them are shown, with line and column.',
] as const;

/** The options of a plan. */
export function planOptions(args: Arguments): DrainingPlanOptions {
  const prune = args.value('prune') as Prune | undefined;
  return {
    ...(prune !== undefined && { prune }),
    keepWeights: args.has('keep-weights'),
    drain: args.has('drain'),
  };
}
