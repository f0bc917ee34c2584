/** The documents that are made from the tables, by their paths in the package. */
import { bashCompletion } from './bash-completion.js';
import { fishCompletion } from './fish-completion.js';
import { manPage } from './man-page.js';
import { zshCompletion } from './zsh-completion.js';

const PROGRAM = 'ipvs-ts';

/** Every document: its path, from the package's directory on, and its text. */
export function documents(): Readonly<Record<string, string>> {
  return {
    [`man/${PROGRAM}.8`]: manPage(),
    [`completions/${PROGRAM}.bash`]: bashCompletion(PROGRAM),
    [`completions/_${PROGRAM}`]: zshCompletion(PROGRAM),
    [`completions/${PROGRAM}.fish`]: fishCompletion(PROGRAM),
  };
}
