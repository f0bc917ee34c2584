import { expect } from 'chai';
import { LITTLE_ENDIAN } from '@ipvs-ts/netlink';
import { IpvsKernel, type KernelSeries, type Machine } from '@ipvs-ts/ipvs/testing';
import {
  bytesOf,
  extras,
  hexOf,
  KERNELS,
  MACHINES,
  type Recording,
  RECORDINGS,
  renumbered,
  repliesOf,
  sortedMessages,
} from './recordings.js';

/** The machine that the recordings were made on had a dummy interface. */
const MACHINE = { interfaces: { lo: 65536, dum0: 1500 }, portId: 4242 };

/** 6.12 and 7.2 with user-mode Linux answered the DEL_DAEMON that was lost on older ones: a race everywhere. */
function losesDaemonAnswers(kernel: KernelSeries, machine: Machine): boolean {
  const lost = RECORDINGS.find(({ name }) => name === 'del-daemon-lost-ack') as Recording;
  return repliesOf(kernel, machine, lost).length === 0;
}

function expectedReplies(
  kernel: KernelSeries,
  machine: Machine,
  recording: Recording,
  id: number,
): Uint8Array[] {
  return repliesOf(kernel, machine, recording).map((hex) => renumbered(bytesOf(hex), id));
}

/** CONN_TAB_SIZE of an info reply made 0. */
function withoutTableSize(datagrams: readonly Uint8Array[], id: number): Uint8Array[] {
  return datagrams.map((datagram) => {
    const copy = datagram.slice();
    const view = new DataView(copy.buffer);
    if (view.getUint16(4, LITTLE_ENDIAN) === id && view.getUint8(16) === 14) view.setUint32(32, 0);
    return copy;
  });
}

// Bytes are compared as they are. What may differ: the number of the family, which is each kernel's own and replaced in
// request and replies; the order of the services of a dump; CONN_TAB_SIZE on 7.2, which was not recorded in this run.
// Sequence numbers and port ids are equal, since the double was given the recorded ones.
for (const kernel of KERNELS) {
  for (const machine of MACHINES) {
    describe(`the double of ${kernel} on ${machine} answers recorded requests byte for byte`, () => {
      const double = new IpvsKernel({ ...MACHINE, kernel, machine });
      const id = double.familyId ?? 0;
      const losing = new IpvsKernel({ ...MACHINE, kernel, machine, loseDaemonAnswers: true });

      for (const recording of RECORDINGS) {
        const { name = '', request, socket_options: options = [] } = recording;
        it(name, () => {
          const bytes = renumbered(bytesOf(request?.hex ?? ''), id);
          const answers = [double, losing].map((each) => {
            Object.assign(each.socket, {
              capAck: options.includes('CAP_ACK'),
              extAck: options.includes('EXT_ACK'),
            });
            return each.handle(bytes) as Uint8Array[];
          });
          const lost = name === 'del-daemon-lost-ack' && losesDaemonAnswers(kernel, machine);
          const got = answers[lost ? 1 : 0] as Uint8Array[];
          const due = expectedReplies(kernel, machine, recording, id);
          const settle = (datagrams: Uint8Array[]): Uint8Array[] =>
            kernel === '7.2' ? withoutTableSize(datagrams, id) : datagrams;
          if (name === 'dump-services') {
            expect(got.map(({ length }) => length)).to.deep.equal(due.map(({ length }) => length));
            expect(sortedMessages(got)).to.deep.equal(sortedMessages(due));
          } else expect(settle(got).map(hexOf)).to.deep.equal(settle(due).map(hexOf));
        });
      }

      it('has met every recording', () => {
        expect(RECORDINGS.length).to.equal(134);
        expect(double.requests.length).to.be.at.least(134);
      });
    });
  }
}

// These were recorded in a run of their own; a double is brought to the state that they need.
for (const kernel of KERNELS) {
  for (const machine of MACHINES) {
    const before: Record<string, (double: IpvsKernel) => void> = {
      'x-getfamily-after-modprobe': (double) => double.modprobe(),
      'x-get-info-no-service': (double) => double.modprobe(),
      'x-get-info-one-service': addService,
      'x-get-info-flushed': (double) => {
        addService(double);
        double.handle(own(double, bytesOf('1400000020000500010000000000000011010000')));
      },
      'x-new-service-twos': (double) => double.modprobe(),
      'x-new-dest-uthresh-over-int-max': addDestination,
      'x-set-dest-uthresh-over-int-max': addDestination,
      'x-new-dest-lthresh-over-int-max': addDestination,
    };
    describe(`the double of ${kernel} on ${machine} answers as that kernel where kernels differ`, () => {
      for (const { name = '', request, replies } of extras(kernel, machine)) {
        if (request === undefined) continue;
        it(name, () => {
          const double = new IpvsKernel({ ...MACHINE, kernel, machine, module: 'unloaded' });
          Object.assign(double.socket, { capAck: false });
          before[name]?.(double);
          const got = double.handle(bytesOf(request.hex)) as Uint8Array[];
          expect(got.map(hexOf)).to.deep.equal(replies.map(({ hex }) => hex));
        });
      }
    });
  }
}

function own(double: IpvsKernel, bytes: Uint8Array): Uint8Array {
  return renumbered(bytes, double.familyId ?? 0);
}

function replay(double: IpvsKernel, names: readonly string[]): void {
  double.modprobe();
  for (const { name = '', request } of RECORDINGS)
    if (names.includes(name)) double.handle(own(double, bytesOf(request?.hex ?? '')));
}

function addService(double: IpvsKernel): void {
  replay(double, ['new-service-tcp-v4']);
}

/** 10.0.0.1:80 with the destination 10.1.0.1:80. */
function addDestination(double: IpvsKernel): void {
  addService(double);
  const { request } = RECORDINGS.find(({ name }) => name === 'batch-3') as Recording;
  // The second request of three, its service 10.0.1.1 made 10.0.0.1.
  const bytes = bytesOf(request?.hex ?? '').slice(104, 104 + 140);
  bytes[46] = 0;
  double.handle(own(double, bytes));
}
