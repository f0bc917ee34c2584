/** Random command lines, right and wrong, one after the other on one table; and random inputs of a restore. */
import { Arena } from './arena.js';
import { nameOf } from './case.js';
import { drawCase, drawRestore } from './random/cases.js';
import { COUNT, SEED } from './random/settings.js';
import { Source } from './random/source.js';
import { drawTable } from './random/tables.js';
import { Trial } from './random/trial.js';
import { drawUsualTable } from './random/usual.js';

/** So many command lines start from one table. */
const BLOCK = 50;

/** One input of a restore for so many command lines. */
const RESTORES_IN = 25;

const SMALL = { services: 4, destinations: 6, lossy: true };

describe('random command lines', function () {
  this.timeout(120_000);
  let arena: Arena;

  before(() => {
    arena = new Arena();
  });

  after(() => {
    arena.close();
  });

  for (let first = 0; first < COUNT; first += BLOCK) {
    describe(`from seed ${SEED}, from line ${first} on`, () => {
      const source = new Source(`${SEED} command lines ${first}`);
      const table = drawTable(source, {
        services: source.below(6),
        destinations: source.below(12),
        lossy: true,
      });
      let trial: Trial;

      before(() => {
        trial = new Trial(arena, table);
      });

      for (let count = Math.min(BLOCK, COUNT - first); count > 0; count--) {
        const item = drawCase(source);
        it(nameOf(item), () => trial.run(item));
      }
    });
  }

  describe(`restores from seed ${SEED}`, () => {
    for (let index = 0; index < COUNT / RESTORES_IN; index++) {
      const source = new Source(`${SEED} restores ${index}`);
      const item = drawRestore(source, 1 + source.below(40));
      const table = source.chance(0.5) ? drawUsualTable(source) : drawTable(source, SMALL);
      it(nameOf(item), () => new Trial(arena, table).run(item));
    }
  });
});
