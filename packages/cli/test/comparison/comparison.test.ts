/** The reference and this package on the same words from the same table: text, status and table are equal. */
import { expect } from 'chai';
import { Arena } from './arena.js';
import { asCase, type Group, nameOf } from './case.js';
import { ADDRESSES } from './cases/addresses.js';
import { CONNECTIONS } from './cases/connections.js';
import { DAEMONS } from './cases/daemons.js';
import { LISTINGS } from './cases/listings.js';
import { MATRIX } from './cases/matrix.js';
import { NAMES } from './cases/names.js';
import { RULES } from './cases/rules.js';
import { SERVERS } from './cases/servers.js';
import { SERVICES } from './cases/services.js';
import { SORTING } from './cases/sorting.js';
import { VALUES } from './cases/values.js';
import { WORDS } from './cases/words.js';
import { type Result, resultText } from './result.js';

const GROUPS: readonly Group[] = [
  ...WORDS,
  ...MATRIX,
  ...VALUES,
  ...ADDRESSES,
  ...SERVICES,
  ...SERVERS,
  ...LISTINGS,
  ...SORTING,
  ...NAMES,
  ...RULES,
  ...DAEMONS,
  ...CONNECTIONS,
];

describe('comparison with ipvsadm', function () {
  this.timeout(60_000);
  let arena: Arena;

  before(() => {
    arena = new Arena();
  });

  after(() => {
    arena.close();
  });

  for (const group of GROUPS) {
    if (group.thorough && process.env['IPVS_TS_COMPARISON'] !== 'thorough') continue;
    describe(group.name, () => {
      if (group.changing === undefined) compareTogether(group);
      else compareEach(group);
    });
  }

  function compareEach({ rules = '', changing, cases }: Group): void {
    let start = '';

    before(async () => {
      await arena.prepare(rules);
      [start] = arena.states();
    });

    for (const item of cases.map(asCase)) {
      it(nameOf(item), async () => {
        const { reference, own } = await arena.compare(item);
        if (changing === 'each' && arena.states().some((state) => state !== start)) arena.remake(rules);
        expect(own).to.equal(reference);
      });
    }

    it('leaves equal states', compareStates);
  }

  function compareTogether({ rules = '', cases }: Group): void {
    const items = cases.map(asCase);
    let results: readonly Result[] = [];

    before(async function () {
      this.timeout(600_000); // the shell is the one that loses patience
      await arena.prepare(rules);
      results = await arena.runReference(items);
    });

    for (const [index, item] of items.entries()) {
      it(nameOf(item), () => {
        const result = results[index] as Result;
        expect(resultText(arena.reference.run(item))).to.equal(resultText(result));
      });
    }

    it('leaves equal states', compareStates);
  }

  function compareStates(): void {
    const [reference, own] = arena.states();
    expect(own).to.equal(reference);
  }
});
