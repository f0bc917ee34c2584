/** The subcommands: each is loaded when it is used. A new one is a file with its record, and a line here. */
import type { Subcommand } from './framework/subcommand.js';

/** Loads the record of a subcommand. */
export const SUBCOMMANDS: Readonly<Record<string, () => Promise<Subcommand>>> = {
  apply: async () => (await import('./state/apply.js')).APPLY,
  doctor: async () => (await import('./doctor/doctor.js')).DOCTOR,
  drain: async () => (await import('./drain/drain.js')).DRAIN,
  export: async () => (await import('./state/export.js')).EXPORT,
  import: async () => (await import('./import/import.js')).IMPORT,
  plan: async () => (await import('./state/plan.js')).PLAN,
  top: async () => (await import('./top/top.js')).TOP,
  validate: async () => (await import('./state/validate.js')).VALIDATE,
  version: async () => (await import('./version.js')).VERSION,
  watch: async () => (await import('./watch/watch.js')).WATCH,
};

/** Lists the subcommands, or explains one. */
export const HELP = 'help';

/** Whether `name` is a subcommand, and not ipvsadm's language. */
export function isSubcommand(name: string | undefined): name is string {
  return name !== undefined && (name === HELP || Object.hasOwn(SUBCOMMANDS, name));
}
