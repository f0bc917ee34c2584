import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect } from 'chai';
import { PLACES } from './matrix/places.js';
import { readResults } from './matrix/results.js';
import { matrixTables, withTables } from './matrix/table.js';
import { CHECKOUT } from './source-files.js';

describe('the tables of tested versions', () => {
  it('match the results of the runs', () => {
    const page = readFileSync(join(CHECKOUT, 'docs/testing.md'), 'utf8');
    expect(withTables(page, readResults())).to.equal(page);
  });

  it('have the kernels and the versions of Node that README names', () => {
    const readme = readFileSync(join(CHECKOUT, 'README.md'), 'utf8');
    const [, kernels = '', nodes = ''] = /Tested on kernels (.*) and on Node (.*): /.exec(readme) ?? [];
    const versions = (text: string): string[] => text.split(/, | and /);
    const tested = PLACES.filter(({ node }) => node === undefined).map(
      ({ name }) => name.split(' ')[1] ?? '',
    );
    expect(versions(kernels)).to.have.members([...new Set(tested)]);
    expect(versions(nodes)).to.have.members(
      PLACES.flatMap(({ node }) => (node === undefined ? [] : [`${node}`])),
    );
  });

  it('say what failed, what was skipped and what was not run', () => {
    const result = { failed: 2, passed: 3, date: '2026-01-01', version: '6.12.1' };
    const skipping = { ...result, failed: 0, skipped: 4 };
    const text = matrixTables({
      'uml 6.12': { 'the library on a real kernel': result, 'kernel and test double agree': skipping },
    });
    expect(text).to.match(
      /^\| 6\.12, one CPU \(UML\) +\| 2 of 5 failed +\| 3 passed, 4 skipped +\| not run +\|$/m,
    );
  });
});
