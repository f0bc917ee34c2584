/** The subcommands, each loaded when it is used. A new one needs a file with its record, and a line here. */
import type { Subcommand } from './framework/subcommand.js';

/** Loads the record of a subcommand. */
export const SUBCOMMANDS: Readonly<Record<string, () => Promise<Subcommand>>> = {
  agent: async () => (await import('./agent/agent.js')).AGENT,
  apply: async () => (await import('./state/apply.js')).APPLY,
  doctor: async () => (await import('./doctor/doctor.js')).DOCTOR,
  drain: async () => (await import('./drain/drain.js')).DRAIN,
  events: async () => (await import('./status/events.js')).EVENTS,
  explain: async () => (await import('./status/explain.js')).EXPLAIN,
  export: async () => (await import('./state/export.js')).EXPORT,
  fleet: async () => (await import('./fleet/fleet.js')).FLEET,
  import: async () => (await import('./import/import.js')).IMPORT,
  maintenance: async () => (await import('./status/maintenance.js')).MAINTENANCE,
  metrics: async () => (await import('./metrics/metrics.js')).METRICS_COMMAND,
  plan: async () => (await import('./state/plan.js')).PLAN,
  status: async () => (await import('./status/status.js')).STATUS,
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
