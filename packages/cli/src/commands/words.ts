/** The project's own words: each is loaded when it is used. A new one is a file with its record, and a line here. */
import type { Command } from './command.js';

/** Loads the record of a word. */
export const WORDS: Readonly<Record<string, () => Promise<Command>>> = {
  apply: async () => (await import('./apply.js')).APPLY,
  doctor: async () => (await import('./doctor.js')).DOCTOR,
  drain: async () => (await import('./drain.js')).drainCommand,
  export: async () => (await import('./export.js')).EXPORT,
  plan: async () => (await import('./plan.js')).PLAN,
  top: async () => (await import('./top.js')).topCommand,
  version: async () => (await import('./version.js')).VERSION,
  watch: async () => (await import('./watch.js')).watchCommand,
};

/** Lists the words, or tells about one. */
export const HELP_WORD = 'help';

/** Whether `word` is the project's own, and not ipvsadm's language. */
export function isOwnWord(word: string | undefined): word is string {
  return word !== undefined && (word === HELP_WORD || Object.hasOwn(WORDS, word));
}
