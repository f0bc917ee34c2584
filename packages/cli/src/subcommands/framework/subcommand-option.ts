/** An option of a subcommand. */

/** An option of a subcommand, by its long name in the subcommand's record. */
export interface SubcommandOption {
  /** One letter. */
  readonly short?: string;
  /** The name of its value in the help text, such as `FILE`; without it, the option takes no value. */
  readonly value?: string;
  /** The allowed values; anything by default. */
  readonly choices?: readonly string[];
  /** The actions that accept it, which may be none; all by default. */
  readonly actions?: readonly string[];
  /** What it does: the rest of a sentence, without a full stop. */
  readonly help: string;
}
