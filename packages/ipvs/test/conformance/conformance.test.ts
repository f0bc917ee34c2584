import { expect } from 'chai';
import { doubleTransportSync, IpvsKernel, type KernelSeries, type Machine } from '@ipvs-ts/ipvs/testing';
import { Probe } from './probe.js';
import { compared } from './scenario.js';
import { SCENARIOS } from './scenarios.js';

const SERIES: readonly KernelSeries[] = ['5.10', '6.1', '6.12', '7.2'];
const MACHINES: readonly Machine[] = ['x86-64', 'uml'];
const INTERFACES = { lo: 65536, dum0: 1500 };

for (const series of SERIES) {
  for (const machine of MACHINES) {
    describe(`conformance of the double of ${series} on ${machine}`, () => {
      let observations = 0;
      const limited = series === '7.2' || (machine === 'x86-64' && series !== '5.10');
      const thresholds = limited ? 'limited' : 'unlimited';

      for (const { title, run, namespace } of SCENARIOS) {
        it(title, () => {
          const kernel = new IpvsKernel({
            kernel: series,
            machine,
            interfaces: INTERFACES,
            addresses: namespace !== 'bare',
          });
          const probe = new Probe(
            () => doubleTransportSync(kernel),
            () => undefined,
          );
          const seen = run(probe);
          observations += seen.length;
          const { got, due } = compared(seen, { series, machine, thresholds });
          expect(got).to.deep.equal(due);
        });
      }

      it('answers as point releases with the other limit of thresholds, by option', () => {
        for (const { title, run, namespace } of SCENARIOS) {
          const kernel = new IpvsKernel({
            kernel: series,
            machine,
            interfaces: INTERFACES,
            limitsThresholds: !limited,
            addresses: namespace !== 'bare',
          });
          const probe = new Probe(
            () => doubleTransportSync(kernel),
            () => undefined,
          );
          const other = limited ? 'unlimited' : 'limited';
          const { got, due } = compared(run(probe), { series, machine, thresholds: other });
          expect(got, title).to.deep.equal(due);
        }
      });

      it('has seen enough', () => {
        expect(observations).to.be.at.least(120);
      });
    });
  }
}
