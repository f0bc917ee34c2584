/**
 * A subcommand: a record by which arguments are read, and from which the help text and the manual page are generated.
 */
import type { Arguments } from './arguments.js';
import type { SubcommandOption } from './subcommand-option.js';
import type { SubcommandIo } from './io.js';

/** An action of a subcommand, for one word of its first operand. */
export interface Action {
  /** The operands after it; `[X]` is optional. None by default. */
  readonly operands?: readonly string[];
  /** Runs it, and returns the exit status. */
  run(args: Arguments, io: SubcommandIo): Promise<number>;
}

/** A subcommand. */
export interface Subcommand {
  readonly name: string;
  /** Its operands by name: `['SERVICE', 'DESTINATION']`. `[X]` is optional, `[X…]` may be repeated. */
  readonly operands: readonly string[];
  /** The allowed words of its first operand, with their actions. */
  readonly actions?: Readonly<Record<string, Action>>;
  /** The source of names of services and destinations for completions: the table by default. */
  readonly names?: 'agent';
  /** One line: the rest of a sentence, without a full stop. */
  readonly summary: string;
  /** Paragraphs of the help text: what to know before using it. */
  readonly description: readonly string[];
  readonly options: Readonly<Record<string, SubcommandOption>>;
  /** Exit statuses and what they mean. */
  readonly statuses: Readonly<Record<number, string>>;
  /** The exit status for all errors, including those in its arguments. */
  readonly failure: number;
  /** What to add to an error in its arguments, if they look like a known mistake. */
  hint?(args: readonly string[], programName: string): string | undefined;
  /**
   * Runs it without an action, and returns the exit status; absent if an action is required. An error is printed, and
   * {@link failure} is the status.
   */
  run?(args: Arguments, io: SubcommandIo): Promise<number>;
}
