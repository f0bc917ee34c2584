import { fileURLToPath } from 'node:url';
import { expect } from 'chai';
import { WAYS, printedBy } from '../ways.js';

const PROGRAM = fileURLToPath(new URL('listing-program.js', import.meta.url));

interface Result {
  readonly fast: boolean;
  readonly texts: readonly string[];
}

describe('a listing', function () {
  this.timeout(60_000);
  let usual: Result;

  before(() => {
    usual = printedBy(PROGRAM) as Result;
  });

  it('is made by the fast maker of lines where WebAssembly runs', () => {
    expect(usual.fast).to.equal(true);
    expect(usual.texts).to.have.length(4);
    for (const text of usual.texts) expect(text).to.match(/^0 .*192\.0\.2\.10:443/s);
    expect(usual.texts[2]).to.include(' 10000000000000001 ');
  });

  for (const [name, way] of Object.entries(WAYS)) {
    it(`is the same ${name}`, () => {
      expect(printedBy(PROGRAM, way)).to.deep.equal({ fast: way.fast === true, texts: usual.texts });
    });
  }
});
