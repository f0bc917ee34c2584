/** The options of the subcommands that read a desired state and compare it with the table. */
import { type DrainingPlanOptions, MAX_DOCUMENT_BYTES, type Prune } from '@ipvs-ts/ipvs';
import type { Arguments } from '../framework/arguments.js';
import type { SubcommandOption } from '../framework/subcommand-option.js';

/** A limit that prevents a wrong FILE, such as a device or a disk image, from being read whole. */
export const MAX_BYTES_OPTION: SubcommandOption = {
  value: 'BYTES',
  help: `read no FILE longer than BYTES; ${MAX_DOCUMENT_BYTES} (64 MiB) by default`,
};

/** The common options of `plan` and `apply`. */
export const STATE_OPTIONS = {
  file: { short: 'f', value: 'FILE', help: 'read FILE, JSON or YAML; - is standard input' },
  'from-rules': { help: 'FILE holds rules as ipvsadm -S writes them; names are looked up' },
  prune: {
    value: 'WHAT',
    choices: ['destinations', 'none', 'all'],
    help: 'what to remove if FILE does not list it; destinations of the services in FILE by default',
  },
  'keep-weights': {
    help: 'leave the weights of existing destinations as they are; those of services with a check always are',
  },
  drain: { help: 'let destinations that are removed finish their connections first' },
  'max-bytes': MAX_BYTES_OPTION,
  json: { help: 'print JSON' },
} as const satisfies Record<string, SubcommandOption>;

/** The common description for the help text. */
export const STATE_DESCRIPTION = [
  'Equal entries are left alone, and different ones are edited in place, so counters and connections survive. Only the services in FILE are changed, unless --prune all is set. A FILE with mistakes changes nothing; all mistakes are printed with line and column.',
  'FILE may have the fields of the agent: defaults are filled in, and services with a check keep their current weights.',
] as const;

/** The options of a plan. `checked`: services whose weights checks decide on. */
export function planOptions(args: Arguments, checked: readonly string[]): DrainingPlanOptions {
  const prune = args.value('prune') as Prune | undefined;
  return {
    ...(prune !== undefined && { prune }),
    keepWeights: args.has('keep-weights') || checked,
    drain: args.has('drain'),
  };
}
