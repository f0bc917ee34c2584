import { fileURLToPath } from 'node:url';
import { expect } from 'chai';
import { WAYS, printedBy } from '../../ways.js';
import type { Ran } from '../fake-subcommand-io.js';

const PROGRAM = fileURLToPath(new URL('state-program.js', import.meta.url));

interface Result {
  readonly fast: boolean;
  readonly results: readonly (readonly [words: string, result: Ran])[];
}

describe('apply, plan and export of many services', function () {
  this.timeout(120_000);
  let usual: Result;

  before(() => {
    usual = printedBy(PROGRAM) as Result;
  });

  it('run with WebAssembly where it is', () => {
    expect(usual.fast).to.equal(true);
    expect(usual.results.map(([words, { status }]) => `${words}: ${status}`)).to.deep.equal([
      'apply --from-rules rules: 0',
      'plan --from-rules rules: 0',
      'export: 0',
      'export --json: 0',
      'plan yaml: 0',
      'plan changed: 2',
      'apply changed: 0',
      'plan json: 2',
      'export: 0',
    ]);
    for (const [, { stderr }] of usual.results) expect(stderr).to.equal('');
    expect(usual.results[0]?.[1].stdout).to.match(/\nDone: 282 changes\.\n$/);
    expect(usual.results[5]?.[1].stdout).to.include('weight 259 -> 66051');
    expect(usual.results[8]?.[1].stdout).to.include('weight: 66051');
  });

  for (const [name, way] of Object.entries(WAYS)) {
    it(`are the same ${name}`, () => {
      expect(printedBy(PROGRAM, way)).to.deep.equal({ fast: way.fast === true, results: usual.results });
    });
  }
});
