/** Each of the two restores what the other saves: `ipvsadm -S | ipvs-ts -R` and `ipvs-ts -S | ipvsadm -R`. */
import { expect } from 'chai';
import { Arena } from './arena.js';
import { COUNT, SEED } from './random/settings.js';
import { Source } from './random/source.js';
import { drawTable } from './random/tables.js';
import type { Result } from './result.js';

/** One round trip for so many random command lines, at most 100 of them. */
const TRIPS = Math.min(100, Math.ceil(COUNT / 60));

describe(`round trips of random tables, seed ${SEED}`, function () {
  this.timeout(120_000);
  let arena: Arena;

  before(() => {
    arena = new Arena();
  });

  after(() => {
    arena.close();
  });

  for (let index = 0; index < TRIPS; index++) {
    const source = new Source(`${SEED} round trip ${index}`);
    const services = source.below(12);
    const destinations = source.below(40);
    // What a save leaves out cannot be restored; the texts show that it is left out.
    const lossy = source.chance(0.3);
    const words = source.chance(0.3) ? '-S' : '-Sn';

    it(`${words}, table ${index}: ${services} services, ${destinations} destinations`, async () => {
      await arena.prepare(drawTable(source, { services, destinations, lossy }).join('\n'));
      const [start] = arena.states();
      const saved = await referenceRun(words);
      const ownSaved = arena.own.run({ argv: words });
      expect(ownSaved.stdout).to.equal(saved);

      // Crosswise: each restores what the other one wrote.
      arena.reference.clear();
      arena.own.clear();
      expect(await referenceRun('-R', ownSaved.stdout)).to.equal('');
      expect(arena.own.run({ argv: '-R', stdin: saved })).to.deep.equal({
        status: 0,
        stdout: '',
        stderr: '',
      });
      const [reference, own] = arena.states();
      expect(own).to.equal(reference);
      expect(sorted(await referenceRun('-Sn'))).to.deep.equal(sorted(arena.own.run({ argv: '-Sn' }).stdout));
      if (words === '-Sn') expect(arena.own.run({ argv: words }).stdout).to.equal(saved);
      if (!lossy && words === '-Sn') expect(inOrder(own)).to.deep.equal(inOrder(start));
    });
  }

  async function referenceRun(argv: string, stdin?: string): Promise<string> {
    const item = stdin === undefined ? { argv } : { argv, stdin };
    const [{ status, stdout, stderr }] = (await arena.runReference([item])) as [Result];
    expect({ status, stderr }).to.deep.equal({ status: 0, stderr: '' });
    return stdout;
  }
});

function sorted(text: string): string[] {
  return text.split('\n').sort();
}

/** A state without the order of destinations, which a save does not keep: the kernel's is that of their making. */
function inOrder(state: string): string[] {
  let service = '';
  const lines = state.split('\n').map((line) => {
    if (line.startsWith('service')) service = line;
    return line.startsWith('  destination') ? `${service} ${line}` : line;
  });
  return lines.sort();
}
