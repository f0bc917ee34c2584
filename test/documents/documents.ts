import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { CHECKOUT } from '../source-files.js';

/** A Markdown document by its path in the checkout. */
export interface Document {
  readonly path: string;
  readonly text: string;
}

/** Directories whose documents are tested; of the checkout itself, those with commands. */
const DIRECTORIES = ['docs', 'docs/commands', 'examples', 'test-vm'];
const AT_THE_TOP = ['README.md', 'CONTRIBUTING.md', 'SECURITY.md'];

/** Documents whose blocks another test runs, and which. */
export const TRIED_ELSEWHERE: Readonly<Record<string, string>> = {
  'docs/doctor.md': 'the scenarios of test-vm, which break and fix what it is about',
  'docs/modes.md': 'the scenarios of test-vm, of which its blocks are parts',
};

/** All documents of the checkout whose blocks are tested. */
export function documents(): Document[] {
  const paths = [
    ...AT_THE_TOP,
    ...DIRECTORIES.flatMap((directory) =>
      readdirSync(join(CHECKOUT, directory))
        .filter((name) => name.endsWith('.md'))
        .sort()
        .map((name) => `${directory}/${name}`),
    ),
  ].filter((path) => existsSync(join(CHECKOUT, path)));
  return paths
    .filter((path) => TRIED_ELSEWHERE[path] === undefined)
    .map((path) => ({ path, text: readFileSync(join(CHECKOUT, path), 'utf8') }));
}
