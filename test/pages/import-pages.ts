import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { CHECKOUT } from '../source-files.js';
import { withGenerated } from './command-pages.js';
import { code, table } from './table.js';

/** What happens to a word. */
interface Word {
  readonly fate: string;
  readonly about: string;
}

type Words = Readonly<Record<string, Word>>;

/** The tables are imported by their paths, since they are not part of the package's public interface. */
const from = async (path: string): Promise<Record<string, unknown>> =>
  (await import(join(CHECKOUT, 'packages/agent/dist/import', path))) as Record<string, unknown>;
const root = (await from('keepalived/words/root-words.js')) as Record<'ROOT' | 'GLOBAL' | 'SSL', Words>;
const server = (await from('keepalived/words/server-words.js')) as Record<
  'VIRTUAL_SERVER' | 'REAL_SERVER',
  Words
>;
const checker = (await from('keepalived/words/checker-words.js')) as Record<
  'CHECKER_BLOCKS' | 'SMTP_HOST' | 'URL',
  Words
> & {
  readonly CHECKERS: Readonly<Record<string, Words>>;
};
const keys = (await from('ldirectord/keys.js')) as Record<'GLOBAL_KEYS' | 'VIRTUAL_KEYS', Words>;

/** The pages about files of other programs, with the tables of their keywords. */
export function importPages(): Record<string, string> {
  const page = (
    path: string,
    parts: readonly (readonly [heading: string, words: Words])[],
  ): [string, string] => {
    const text = parts.map(([heading, words]) => `### ${heading}\n\n${wordTable(words)}`).join('\n');
    return [path, withGenerated(readFileSync(join(CHECKOUT, path), 'utf8'), text)];
  };
  const checkers = Object.entries(checker.CHECKERS).map(([name, words]) => [code(name), words] as const);
  return Object.fromEntries([
    page('docs/from-keepalived.md', [
      ['Outside of blocks', root.ROOT],
      [`In ${code('global_defs')}`, root.GLOBAL],
      [`In ${code('SSL')}`, root.SSL],
      [`In ${code('virtual_server')}`, server.VIRTUAL_SERVER],
      [`In ${code('real_server')}`, { ...server.REAL_SERVER, ...checker.CHECKER_BLOCKS }],
      ...checkers,
      [`In ${code('url')}`, checker.URL],
      [`In ${code('host')} of ${code('SMTP_CHECK')}`, checker.SMTP_HOST],
    ]),
    page('docs/from-ldirectord.md', [
      ['Before the services', keys.GLOBAL_KEYS],
      [`In ${code('virtual')}`, keys.VIRTUAL_KEYS],
    ]),
  ]);
}

function wordTable(words: Words): string {
  return table(
    ['word', 'fate', 'in the document, or instead'],
    Object.entries(words).map(([name, { fate, about }]) => [code(name), fate, about]),
  );
}
