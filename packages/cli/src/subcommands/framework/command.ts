/** What a word of our own is: one record that reading the words, the help text and the manual page come from. */
import type { Arguments } from './arguments.js';
import type { CommandOption } from './command-option.js';
import type { CommandIo } from './io.js';

/** A word of our own. */
export interface Command {
  readonly name: string;
  /** What stands behind the word, by name: `['SERVICE', 'DESTINATION']`. `[X]` may be left out, `[X…]` may be several. */
  readonly operands: readonly string[];
  /** One line: the rest of a sentence, without a full stop. */
  readonly summary: string;
  /** Paragraphs of the help text: what is to be known before it is used. */
  readonly description: readonly string[];
  readonly options: Readonly<Record<string, CommandOption>>;
  /** Exit statuses and what they mean. */
  readonly statuses: Readonly<Record<number, string>>;
  /** The exit status when it cannot run: for errors of any kind, in its words too. */
  readonly failure: number;
  /** Does it, and gives the exit status. What it throws is printed, and {@link failure} is the status. */
  run(args: Arguments, io: CommandIo): Promise<number>;
}
