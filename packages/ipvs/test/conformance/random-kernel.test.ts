import { release } from 'node:os';
import { expect } from 'chai';
import { LITTLE_ENDIAN, NetlinkSocket, type TransportSync } from '@ipvs-ts/netlink';
import { Messages, NLMSG } from '@ipvs-ts/netlink/testing';
import { OPERATIONS } from '@ipvs-ts/ipvs';
import { doubleTransportSync, IpvsKernel } from '@ipvs-ts/ipvs/testing';
import { Probe } from './probe.js';
import { Dice, type RandomRequest, randomSend } from './random-requests.js';
import { NEW_TCP } from './samples.js';
import { makeNamespace, needIpvs, removeNamespace, thisKernel } from './this-kernel.js';

const NAMESPACE = 'ipvs-ts-random';
const ROUNDS = Number(process.env['IPVS_TS_ROUNDS'] ?? 30);
const SEED = Number(process.env['IPVS_TS_SEED'] ?? 1);
const SENDS = 60;

function sleep(milliseconds: number): void {
  Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0, milliseconds);
}

/** The answers in a comparable form: family ids and port ids cleared, the entries of a dump sorted. */
function settled(datagrams: readonly Uint8Array[], familyId: number): string[] {
  return datagrams.map((datagram) => {
    const copy = datagram.slice();
    const view = new DataView(copy.buffer);
    const parts: string[] = [];
    for (const message = new Messages(datagram); message.next();) {
      copy.fill(0, message.at + 12, message.at + 16);
      if (message.type === familyId) view.setUint16(message.at + 4, 0);
      else if (message.type === NLMSG.ERROR && view.getUint16(message.start + 8, LITTLE_ENDIAN) === familyId)
        view.setUint16(message.start + 8, 0);
      parts.push(Buffer.from(copy.subarray(message.at, message.end)).toString('hex'));
    }
    return parts.sort().join(' ');
  });
}

// Sends the same random requests to the double and to this kernel, and compares every byte that comes back.
// Another run: IPVS_TS_SEED=2 IPVS_TS_ROUNDS=100.
describe(`random requests, the double and this kernel (${release()})`, function () {
  this.timeout(600_000);
  let netns = '';

  before(function () {
    needIpvs(this);
    netns = makeNamespace(NAMESPACE);
  });

  after(() => {
    if (netns !== '') removeNamespace(NAMESPACE);
  });

  for (let round = 0; round < ROUNDS; round++) {
    it(`seed ${SEED + round}`, () => {
      const { series, machine, thresholds } = thisKernel();
      const kernel = new IpvsKernel({
        kernel: series,
        machine,
        limitsThresholds: thresholds === 'limited',
        interfaces: { lo: 65536, dum0: 1500 },
      });
      const dice = new Dice(SEED + round);
      const probes = [
        () => doubleTransportSync(kernel),
        (): TransportSync => new NetlinkSocket({ netns }),
      ].map((open) => new Probe(open, sleep));
      // From 7.1 the connection table comes with the first service of a namespace and stays: both are to have it.
      for (const probe of probes) probe.send(probe.message('newService', [NEW_TCP]), probe.message('flush'));
      try {
        for (let send = 0; send < SENDS; send++) {
          const requests = randomSend(dice);
          // A daemon whose thread has not run yet is stopped without an answer.
          if (requests.some(stopsDaemon)) sleep(300);
          const [ours, theirs] = probes.map((probe) => {
            const messages = requests.map(({ name, attributes, oddity }) =>
              probe.message(name, attributes, oddity),
            );
            return settled(probe.datagrams(...messages), probe.familyId);
          });
          const what = `send ${send}: ${JSON.stringify(requests.map(({ name, oddity }) => [name, oddity]))} ${requests
            .flatMap(({ attributes }) => attributes.map((each) => Buffer.from(each).toString('hex')))
            .join(' ')}`;
          expect(ours, what).to.deep.equal(theirs);
        }
      } finally {
        clean(probes[1] as Probe);
        for (const probe of probes) probe.close();
      }
    });
  }
});

function stopsDaemon({ name, oddity }: RandomRequest): boolean {
  return name === 'deleteDaemon' || oddity.command === OPERATIONS.deleteDaemon.command;
}

function clean(probe: Probe): void {
  probe.do('flush');
  sleep(300);
  probe.api((ipvs) => {
    for (const { state } of ipvs.daemons()) ipvs.stopDaemon(state);
    ipvs.setTimeouts({ tcp: 900, tcpFin: 120, udp: 300 });
  });
}
