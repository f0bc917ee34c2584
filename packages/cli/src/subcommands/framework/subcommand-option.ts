/** An option of a subcommand. */

/** An option of a subcommand, by its long name in the subcommand's record. */
export interface SubcommandOption {
  /** One letter. */
  readonly short?: string;
  /** What its value is called in the help text, for instance `FILE`; an option that has none takes no value. */
  readonly value?: string;
  /** The words that its value may be; anything if absent. */
  readonly choices?: readonly string[];
  /** The actions that it is for; none: it is for no action. Absent: it is always allowed. */
  readonly actions?: readonly string[];
  /** What it does: the rest of a sentence, without a full stop. */
  readonly help: string;
}
