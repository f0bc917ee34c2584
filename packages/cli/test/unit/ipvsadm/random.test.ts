import { expect } from 'chai';
import { exclusionOf } from '../../comparison/random/exclusions.js';
import { drawCase, drawRestore } from '../../comparison/random/cases.js';
import { shrinkList } from '../../comparison/random/shrink.js';
import { Source } from '../../comparison/random/source.js';
import { drawTable } from '../../comparison/random/tables.js';

describe('random cases', () => {
  it('are the same from the same seed, and others from another', () => {
    const draw = (seed: string): unknown[] => {
      const source = new Source(seed);
      return [drawCase(source), drawRestore(source, 5), drawTable(source, { services: 3, destinations: 9 })];
    };
    expect(draw('1')).to.deep.equal(draw('1'));
    expect(draw('1')).not.to.deep.equal(draw('2'));
  });
  it('omit what crashes or hangs the reference', () => {
    const excluded = ['-A -f 1 -b ,', '-A -f 1 --sched-flags=,,', '-A -f 3000000000', '-l -s !#:+ -n'];
    const run = ['-A -f 1 -b flag-1,', '-A -f 4294967296', '-A -f 1 -s !#:+ rr', '-A -f 1 -s !#:+'];
    expect(excluded.filter((argv) => exclusionOf({ argv }) === undefined)).to.deep.equal([]);
    expect(run.filter((argv) => exclusionOf({ argv }) !== undefined)).to.deep.equal([]);
  });
});

describe('shrinking', () => {
  it('keeps what a failure needs', async () => {
    const items = Array.from({ length: 100 }, (_, index) => index);
    let tries = 0;
    const smallest = await shrinkList(items, (kept) => {
      tries++;
      return Promise.resolve(kept.includes(17) && kept.includes(18) && kept.includes(93));
    });
    expect(smallest).to.deep.equal([17, 18, 93]);
    expect(tries).to.be.below(150);
  });
  it('keeps nothing if nothing is needed', async () => {
    expect(await shrinkList([1, 2, 3], () => Promise.resolve(true))).to.deep.equal([]);
  });
});
