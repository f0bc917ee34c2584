/** A subcommand: one record from which arguments are read, and the help text and the manual page are made. */
import type { Arguments } from './arguments.js';
import type { SubcommandOption } from './subcommand-option.js';
import type { SubcommandIo } from './io.js';

/** What a subcommand does for one word of its first operand. */
export interface Action {
  /** The operands behind it; `[X]` may be left out. None by default. */
  readonly operands?: readonly string[];
  /** Runs it, and returns the exit status. */
  run(args: Arguments, io: SubcommandIo): Promise<number>;
}

/** A subcommand. */
export interface Subcommand {
  readonly name: string;
  /** Its operands by name: `['SERVICE', 'DESTINATION']`. `[X]` may be left out, `[X…]` may be several. */
  readonly operands: readonly string[];
  /** The words that its first operand may be, and what each does. */
  readonly actions?: Readonly<Record<string, Action>>;
  /** Where completions take the names of services and destinations from: the table by default. */
  readonly names?: 'agent';
  /** One line: the rest of a sentence, without a full stop. */
  readonly summary: string;
  /** Paragraphs of the help text: what to know before using it. */
  readonly description: readonly string[];
  readonly options: Readonly<Record<string, SubcommandOption>>;
  /** Exit statuses and what they mean. */
  readonly statuses: Readonly<Record<number, string>>;
  /** The exit status when it cannot run: for errors of any kind, those in its arguments too. */
  readonly failure: number;
  /** What to add to an error in its arguments, if they look like a known mistake. */
  hint?(args: readonly string[], programName: string): string | undefined;
  /**
   * Runs it where no action is named, and returns the exit status; absent where an action must be named. What it throws is
   * printed, and {@link failure} is the status.
   */
  run?(args: Arguments, io: SubcommandIo): Promise<number>;
}
