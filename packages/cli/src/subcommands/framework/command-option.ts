/** An option of a subcommand. */

/** An option of a command, by its long name in the command's record. */
export interface CommandOption {
  /** One letter. */
  readonly short?: string;
  /** What its value is called in the help text, for instance `FILE`; an option that has none takes no value. */
  readonly value?: string;
  /** The words that its value may be; anything if absent. */
  readonly choices?: readonly string[];
  /** What it does: the rest of a sentence, without a full stop. */
  readonly help: string;
}
