import { existsSync, readdirSync, readFileSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { expect } from 'chai';
import { CHECKOUT } from './source-files.js';

/** A test that docs/features.md names: a file or folder of tests, and the title that is quoted after it. */
interface Proof {
  readonly path: string;
  readonly title?: string;
}

const PAGE = readFileSync(join(CHECKOUT, 'docs/features.md'), 'utf8');

/** Stands for any text: `…` on the page, `${…}` in a title. */
const ANYTHING = '\0';

/** The tests that the last column of each row names; “the same” is that of the row before. */
function proofs(): Proof[] {
  const found: Proof[] = [];
  let path = '';
  for (const row of PAGE.split('\n').filter((line) => line.startsWith('|'))) {
    const last = row.split('|').at(-2) ?? '';
    for (const [, code, title] of last.matchAll(/`([^`]+)`|“([^”]+)”/g)) {
      if (title !== undefined) found.push({ path, title });
      else if (code !== undefined && /^(kernel|unit|conformance|packages|test)\//.test(code)) {
        path = /^(packages|test)\//.test(code) ? code : `packages/ipvs/test/${code}`;
        found.push({ path });
      }
    }
  }
  return found;
}

/** The files of tests at a path: a folder, or a file without `.test.ts`. */
function files(path: string): string[] {
  const file = join(CHECKOUT, path.endsWith('.test') ? `${path}.ts` : `${path}.test.ts`);
  if (existsSync(file)) return [file];
  const folder = join(CHECKOUT, path);
  if (!existsSync(folder) || !statSync(folder).isDirectory()) return [];
  return readdirSync(folder, { recursive: true, encoding: 'utf8' })
    .filter((name) => name.endsWith('.ts'))
    .map((name) => join(folder, name));
}

/** The titles of the tests in a file, with {@link ANYTHING} for what is filled in. */
function titles(file: string): string[] {
  const text = readFileSync(file, 'utf8');
  const calls = text.matchAll(/\b(?:it|describe)\(\s*(?:'((?:[^'\\]|\\.)*)'|"([^"]*)"|`([^`]*)`)/g);
  return [...calls].map(([, single, double, template]) =>
    (single ?? double ?? template ?? '').replaceAll(/\$\{[^}]*\}/g, ANYTHING),
  );
}

/** Whether there is a text that both patterns stand for. */
function overlap(left: string, right: string): boolean {
  if (left === '' || right === '') return (left + right).replaceAll(ANYTHING, '') === '';
  if (left.startsWith(ANYTHING)) return overlap(left.slice(1), right) || overlap(left, right.slice(1));
  if (right.startsWith(ANYTHING)) return overlap(right, left);
  return right.startsWith(left.charAt(0)) && overlap(left.slice(1), right.slice(1));
}

describe('docs/features.md', () => {
  it('names tests that exist', () => {
    const missing = proofs().filter(({ path }) => files(path).length === 0);
    expect(missing).to.deep.equal([]);
  });

  it('quotes titles that those tests have', () => {
    const quoted = proofs().filter(({ title }) => title !== undefined);
    expect(quoted.length).to.be.above(15);
    const missing = quoted.filter(({ path, title = '' }) => {
      // A quote may leave out how a title ends.
      const pattern = title.replaceAll(/ ?…/g, ANYTHING) + ANYTHING;
      return !files(path).some((file) => titles(file).some((each) => overlap(pattern, each)));
    });
    expect(missing).to.deep.equal([]);
  });
});
