/** The project's own words as completions need them. */
import { HELP } from '../commands/arguments.js';
import type { Command } from '../commands/command.js';
import type { CommandOption } from '../commands/command-option.js';
import { HELP_WORD, WORDS } from '../commands/words.js';
import type { Choices, Entry } from './vocabulary.js';

/** A word with what may stand behind it. */
export interface WordEntry {
  readonly word: string;
  readonly description: string;
  readonly options: readonly Entry[];
  /** What its operands may be, where that is known. */
  readonly operands: readonly string[] | undefined;
}

/** Loads the records of all words. */
export function loadCommands(): Promise<Command[]> {
  return Promise.all(Object.values(WORDS).map((load) => load()));
}

/** Every word, `help` among them. */
export function wordEntries(commands: readonly Command[]): WordEntry[] {
  const own = commands.map(({ name, summary, options }) => ({
    word: name,
    description: summary,
    options: Object.entries({ ...options, help: HELP }).map(([long, option]) => entry(long, option)),
    operands: undefined,
  }));
  const operands = commands.map(({ name }) => name);
  return [...own, { word: HELP_WORD, description: 'tell about a command', options: [], operands }];
}

function entry(long: string, { short, value, choices, help }: CommandOption): Entry {
  const known: Choices = choices ?? (value === 'FILE' ? 'file' : undefined);
  return {
    long,
    shorts: short === undefined ? [] : [short],
    description: help,
    ...(value !== undefined && { argument: { optional: false, choices: known } }),
  };
}
