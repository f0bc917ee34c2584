/** The documents that are made from the tables, by their paths in the package. */
import { bashCompletion } from './bash-completion.js';
import { fishCompletion } from './fish-completion.js';
import { manPage } from './man-page.js';
import { loadCommands, subcommandEntries } from './subcommands.js';
import { zshCompletion } from './zsh-completion.js';

const PROGRAM = 'ipvs-ts';

/** Every document: its path, from the package's directory on, and its text. */
export async function manualFiles(): Promise<Readonly<Record<string, string>>> {
  const commands = await loadCommands();
  const subcommands = subcommandEntries(commands);
  return {
    [`man/${PROGRAM}.8`]: manPage(commands),
    [`completions/${PROGRAM}.bash`]: bashCompletion(PROGRAM, subcommands),
    [`completions/_${PROGRAM}`]: zshCompletion(PROGRAM, subcommands),
    [`completions/${PROGRAM}.fish`]: fishCompletion(PROGRAM, subcommands),
  };
}
