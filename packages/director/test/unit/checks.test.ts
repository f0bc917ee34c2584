import { expect } from 'chai';
import { CHECKS, examine } from '@ipvs-ts/director';
import { healthy } from './director.js';
import { examples } from './examples.js';

describe('the checks', () => {
  it('find nothing on a healthy director', async () => {
    expect(examine(await healthy())).to.deep.equal([]);
  });

  it('have an example each', () => {
    expect(Object.keys(examples)).to.deep.equal(CHECKS.map(({ id }) => id));
  });

  for (const { id, severity } of CHECKS) {
    it(`find ${id}, and nothing else, in its example`, async () => {
      const facts = await examples[id]?.();
      if (facts === undefined) throw new Error(`no example of ${id}`);
      const findings = examine(facts);
      expect(
        [...new Set(findings.map((finding) => finding.id))],
        JSON.stringify(findings, null, 1),
      ).to.deep.equal([id]);
      for (const finding of findings) {
        expect(finding.severity).to.equal(severity);
        expect(finding.mend.length > 0 || finding.advice !== undefined, 'a way to mend it').to.equal(true);
        expect(
          finding.safe && !finding.mend.every((command) => command.startsWith('sysctl -w ')),
          'safe mends are sysctls',
        ).to.equal(false);
      }
    });
  }
});
