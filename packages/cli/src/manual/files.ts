/** The documents that are generated from the tables, by their paths in the package. */
import { bashCompletion } from './bash-completion.js';
import { fishCompletion } from './fish-completion.js';
import { manPage } from './man-page.js';
import { allSubcommands, subcommandEntries } from './subcommands.js';
import { zshCompletion } from './zsh-completion.js';

const PROGRAM = 'ipvs-ts';

/** Every document: its path in the package, and its text. */
export async function manualFiles(): Promise<Readonly<Record<string, string>>> {
  const subcommands = await allSubcommands();
  const entries = subcommandEntries(subcommands);
  return {
    [`man/${PROGRAM}.8`]: manPage(subcommands),
    [`completions/${PROGRAM}.bash`]: bashCompletion(PROGRAM, entries),
    [`completions/_${PROGRAM}`]: zshCompletion(PROGRAM, entries),
    [`completions/${PROGRAM}.fish`]: fishCompletion(PROGRAM, entries),
  };
}
