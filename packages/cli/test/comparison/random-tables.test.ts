/** Listings of random tables, of all sizes, and with traffic: the reference and this package list one namespace. */
import { SCHEDULERS } from '@ipvs-ts/ipvs';
import { expect } from 'chai';
import { Arena } from './arena.js';
import { SEED } from './random/settings.js';
import { Source } from './random/source.js';
import { drawTable } from './random/tables.js';
import { drawTrafficTable, trafficScript } from './random/traffic.js';
import { type Result, resultText } from './result.js';

const LAYOUTS = ['', '--stats', '--rate', '--thresholds', '--persistent-conn', '--tun-info'];

/** Of big tables with names as well: every address is looked up, in a file. */
const VIEWS = [...LAYOUTS.flatMap((layout) => [`-ln ${layout}`, `-ln ${layout} -X`, `-l ${layout}`]), '-S'];
const NUMERIC_VIEWS = [...LAYOUTS.map((layout) => `-ln ${layout}`), '-ln --nosort', '-ln --stats -X', '-Sn'];

const SIZES: readonly (readonly [services: number, destinations: number])[] = [
  ...([
    [0, 0],
    [1, 0],
    [1, 1],
    [1, 2],
    [2, 3],
    [3, 10],
    [10, 30],
    [25, 75],
    [1, 200],
  ] as const),
  ...([
    [100, 400],
    [500, 500],
    [20, 1500],
    [200, 5000],
    [2000, 8000],
  ] as const),
];

/** The kernel adds up counters every two seconds. */
const ESTIMATOR_MS = 2_500;

describe('listings of random tables', function () {
  this.timeout(120_000);
  let arena: Arena;
  let schedulers: string[];

  before(async () => {
    arena = new Arena();
    arena.reference.clear();
    const tried = await arena.runReference(
      SCHEDULERS.map((name, at) => ({ argv: `-A -f ${at + 1} -s ${name}` })),
    );
    schedulers = ['none', ...SCHEDULERS.filter((_, index) => tried[index]?.status === 0)];
  });

  after(() => {
    arena.close();
  });

  for (const [services, destinations] of SIZES) {
    describe(`seed ${SEED}, ${services} services, ${destinations} destinations`, () => {
      before(() => {
        const source = new Source(`${SEED} table ${services} ${destinations}`);
        const options = { services, destinations, schedulers, anyAddress: true, lossy: true };
        arena.reference.make(drawTable(source, options).join('\n'));
      });

      for (const words of destinations <= 30 ? [...VIEWS, ...NUMERIC_VIEWS] : NUMERIC_VIEWS) compare(words);
    });
  }

  describe(`with traffic, seed ${SEED}`, () => {
    before(async () => {
      const table = drawTrafficTable(new Source(`${SEED} traffic`));
      arena.reference.make(table.rules.join('\n'));
      await arena.reference.shell.run(trafficScript(table.targets));
      await new Promise((resolve) => setTimeout(resolve, ESTIMATOR_MS));
    });

    it('counts', () => {
      expect(arena.reference.run({ argv: '-ln --stats' }).stdout).to.match(/ [1-9][0-9]+ /);
      expect(arena.reference.run({ argv: '-lcn' }).stdout.split('\n').length).to.be.above(20);
    });

    for (const words of [...VIEWS, ...NUMERIC_VIEWS]) compare(words, 10);
    // The remaining time of connections differs in every reading: both are shown the same reading.
    for (const words of ['-lc', '-lcn', '-lc --persistent-conn', '-lcn --persistent-conn']) {
      compare(words, 3, () => arena.reference.connections());
    }
    for (const words of ['-Z', '-ln --stats']) compare(words, 10);
  });

  /**
   * Rates fall between two looks, and newer kernels put services into another order when the table has grown: what
   * is seen has to be what the reference sees, then or later.
   */
  function compare(words: string, tries = 3, connections?: () => string): void {
    it(words.trim(), async () => {
      const item = { argv: words.trim(), ...(connections && { connections: connections() }) };
      for (let left = tries; ; left--) {
        const [reference] = (await arena.runReference([item])) as [Result];
        const own = arena.reference.run(item);
        if (left > 1 && resultText(own) !== resultText(reference)) continue;
        expect(resultText(own)).to.equal(resultText(reference));
        return;
      }
    });
  }
});
