import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect } from 'chai';
import { readResults } from './matrix/results.js';
import { matrixTables, withTables } from './matrix/table.js';
import { CHECKOUT } from './source-files.js';

describe('the table of what works where', () => {
  it('in README is made from the results of the runs', () => {
    const readme = readFileSync(join(CHECKOUT, 'README.md'), 'utf8');
    expect(withTables(readme, readResults())).to.equal(readme);
  });

  it('says what failed, what was skipped and what was not run', () => {
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
