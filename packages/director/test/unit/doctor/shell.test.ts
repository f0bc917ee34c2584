import { execFileSync } from 'node:child_process';
import { expect } from 'chai';
import fc from 'fast-check';
import { examine } from '@ipvs-ts/director';
import { command } from '../../../dist/doctor/facts/shell.js';
import { healthy, link } from './director.js';

/** The words of a command as a shell splits them. */
const words = (text: string): string[] =>
  execFileSync('sh', ['-c', text], { encoding: 'utf8', env: { PATH: process.env['PATH'] } })
    .split('\0')
    .slice(0, -1);

describe('values in commands', () => {
  it('are one argument each, whatever they contain', () => {
    const text = fc
      .string({ unit: fc.constantFrom(...Array.from('$(){}`\'"\\;&|<> *?[]#~!%=abc\u001b\u0007é\u202e')) })
      .filter((each) => each !== '');
    fc.assert(
      fc.property(fc.array(text, { minLength: 1, maxLength: 4 }), (values) => {
        const printed = command`printf '%s\\0' ${values}`;
        expect(printed).not.to.match(/[\u0000-\u001f\u007f-\u009f\u202e]/);
        expect(words(printed)).to.deep.equal(values);
      }),
      { numRuns: 50 },
    );
  });

  it('are quoted in findings: interfaces may have any name', async () => {
    const name = '$(touch${IFS}x)';
    const facts = await healthy({
      links: [link(1, 'lo'), link(2, name, { up: false, running: false }), link(3, 'eth1')],
    });
    const [finding] = examine(facts);
    expect(finding?.fix).to.deep.equal([`ip link set '${name}' up`]);
    expect(finding?.found).to.include(name);
  });
});
