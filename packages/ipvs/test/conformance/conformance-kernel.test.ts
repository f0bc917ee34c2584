import { release } from 'node:os';
import { expect } from 'chai';
import { NetlinkSocket } from '@ipvs-ts/netlink';
import { Probe } from './probe.js';
import { compared } from './scenario.js';
import { SCENARIOS } from './scenarios.js';
import { makeBareNamespace, makeNamespace, needIpvs, removeNamespace, thisKernel } from './this-kernel.js';

const NAMESPACE = 'ipvs-ts-conformance';
const BARE = 'ipvs-ts-conformance-bare';

/** Waits without releasing the thread, so that nothing else happens meanwhile. */
function sleep(milliseconds: number): void {
  Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0, milliseconds);
}

// On a real kernel: `test-vm/run -- node_modules/.bin/mocha packages/ipvs/dist-test/conformance/conformance-kernel.test.js`.
describe(`conformance of this kernel (${release()})`, function () {
  this.timeout(120_000);
  let netns = '';
  let bare = '';
  let observations = 0;

  before(function () {
    needIpvs(this);
    netns = makeNamespace(NAMESPACE);
    bare = makeBareNamespace(BARE);
  });

  after(() => {
    if (netns !== '') removeNamespace(NAMESPACE);
    if (bare !== '') removeNamespace(BARE);
  });

  for (const { title, run, namespace } of SCENARIOS) {
    it(title, () => {
      const probe = new Probe(() => new NetlinkSocket({ netns: namespace === 'bare' ? bare : netns }), sleep);
      try {
        const seen = run(probe);
        observations += seen.length;
        const { got, due } = compared(seen, thisKernel());
        expect(got).to.deep.equal(due);
      } finally {
        clean(probe);
        probe.close();
      }
    });
  }

  it('has seen enough', () => {
    expect(observations).to.be.at.least(120);
  });
});

/** Removes what a scenario left: services, daemons, timeouts. */
function clean(probe: Probe): void {
  probe.do('flush');
  probe.api((ipvs) => {
    for (const { state } of ipvs.daemons()) {
      probe.wait(300);
      ipvs.stopDaemon(state);
    }
    ipvs.setTimeouts({ tcp: 900, tcpFin: 120, udp: 300 });
  });
}
