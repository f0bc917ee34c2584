import { getEventListeners } from 'node:events';
import { expect } from 'chai';
import { type Family, NetlinkClient, NetlinkClientSync, NetlinkError, type Outcome } from '@ipvs-ts/netlink';
import {
  doubleTransport,
  doubleTransportSync,
  type KernelDouble,
  Messages,
  NLM_F,
  NLMSG,
  OVERRUN,
  ScriptedKernel,
} from '@ipvs-ts/netlink/testing';
import { vectors } from '../../vectors.js';
import { dataMessage, statusMessage, toyRequests } from './toy.js';

const TOY: Family = { name: 'TOY', id: 40, version: 1 };
const { set, get, dump } = toyRequests(TOY);

/** A kernel that refuses odd numbers with EEXIST, echoes even ones, and lists 1 to 3. */
class ToyKernel implements KernelDouble {
  readonly sizes: number[] = [];
  overrunAt = -1;
  sends = 0;

  handle(bytes: Uint8Array): (Uint8Array | typeof OVERRUN)[] {
    const answers: (Uint8Array | typeof OVERRUN)[] = [];
    let size = 0;
    if (this.sends++ === this.overrunAt) answers.push(OVERRUN);
    for (const message = new Messages(bytes); message.next(); size++) {
      const command = message.view.getUint8(message.start);
      const value = message.end - message.start > 4 ? message.view.getUint32(message.start + 8, true) : 0;
      if ((message.flags & NLM_F.DUMP) === NLM_F.DUMP) {
        answers.push(
          ...[1, 2, 3].map((each) => dataMessage(TOY, message.seq, each)),
          statusMessage(NLMSG.DONE, message.seq, 0),
        );
      } else if (value % 2 === 1) answers.push(statusMessage(NLMSG.ERROR, message.seq, 17));
      else if (command === 2) answers.push(dataMessage(TOY, message.seq, value));
      else if ((message.flags & NLM_F.ACK) !== 0) answers.push(statusMessage(NLMSG.ERROR, message.seq, 0));
    }
    this.sizes.push(size);
    return answers;
  }
}

function short(outcomes: readonly Outcome[]): unknown[] {
  return outcomes.map((outcome) =>
    outcome.ok ? outcome.value : (outcome.error.errnoName ?? outcome.error.code),
  );
}

/** What both clients must do, through one face. */
interface Face {
  open(
    kernel: KernelDouble,
    capacity?: number,
  ): {
    do(request: ReturnType<typeof get> | ReturnType<typeof set>): Promise<unknown>;
    dump(request: ReturnType<typeof dump>): Promise<number[]>;
    batch(requests: Parameters<NetlinkClientSync['batch']>[0]): Promise<Outcome[]>;
    family(name: string, options?: { autoload?: boolean }): Promise<Family>;
    close(): Promise<void>;
  };
}

const faces: Record<string, Face> = {
  NetlinkClient: { open: (kernel, capacity) => new NetlinkClient(doubleTransport(kernel, capacity)) },
  NetlinkClientSync: {
    open: (kernel, capacity) => {
      const client = new NetlinkClientSync(doubleTransportSync(kernel, capacity));
      // Promises around synchronous calls, so that one suite serves both.
      return {
        do: async (each) => Promise.resolve().then(() => client.do<unknown>(each)),
        dump: async (each) => Promise.resolve().then(() => client.dump(each)),
        batch: async (each) => Promise.resolve().then(() => client.batch(each)),
        family: async (name, options) => Promise.resolve().then(() => client.family(name, options)),
        close: async () =>
          Promise.resolve().then(() => {
            client.close();
          }),
      };
    },
  },
};

async function failure(promise: Promise<unknown>): Promise<NetlinkError> {
  return promise.then(
    () => expect.fail('it succeeded'),
    (error: unknown) => error as NetlinkError,
  );
}

for (const [name, face] of Object.entries(faces)) {
  describe(name, () => {
    it('answers questions and lists', async () => {
      const client = face.open(new ToyKernel());
      expect(await client.do(get(8))).to.equal(8);
      expect(await client.do(set(8))).to.equal(undefined);
      expect(await client.dump(dump())).to.deep.equal([1, 2, 3]);
    });

    it('throws the errno of the kernel', async () => {
      const error = await failure(face.open(new ToyKernel()).do(set(3)));
      expect(NetlinkError.is(error, 'ERR_NETLINK_KERNEL')).to.equal(true);
      expect(error.errno).to.equal(17);
      expect(error.message).to.equal('the kernel answered EEXIST (File exists)');
    });

    it('returns one outcome for each request of a batch, in order, and continues after failures', async () => {
      const client = face.open(new ToyKernel());
      expect(short(await client.batch([set(2), set(3), get(4), set(5), get(7), set(6)]))).to.deep.equal([
        undefined,
        'EEXIST',
        4,
        'EEXIST',
        'EEXIST',
        undefined,
      ]);
      expect(await client.batch([])).to.deep.equal([]);
    });

    it('never has more answers unread than the transport holds', async () => {
      const kernel = new ToyKernel();
      const outcomes = await face.open(kernel, 7).batch(Array.from({ length: 30 }, (_, index) => get(index)));
      expect(short(outcomes)).to.deep.equal(
        Array.from({ length: 30 }, (_, index) => (index % 2 === 0 ? index : 'EEXIST')),
      );
      expect(kernel.sizes).to.deep.equal([7, 7, 7, 7, 2]);
    });

    it('never sends more bytes than a socket takes', async () => {
      const kernel = new ToyKernel();
      const outcomes = await face.open(kernel, 1_000_000).batch(Array.from({ length: 10_000 }, () => set(2)));
      expect(outcomes.every(({ ok }) => ok)).to.equal(true);
      expect(kernel.sizes.length).to.equal(3);
      expect(Math.max(...kernel.sizes) * 28).to.be.at.most(212_960);
    });

    it('refuses dumps and bad values in a batch before anything is sent', async () => {
      const kernel = new ToyKernel();
      const client = face.open(kernel);
      expect(await failure(client.batch([set(2), dump()])))
        .to.be.an.instanceOf(TypeError)
        .with.property('message')
        .that.matches(/LIST/);
      expect(await failure(client.batch([set(2), set(-1)]))).to.be.an.instanceOf(RangeError);
      expect(kernel.sends).to.equal(0);
    });

    it('reports lost results, and works afterwards', async () => {
      const kernel = new ToyKernel();
      const client = face.open(kernel);
      kernel.overrunAt = 0;
      expect(short(await client.batch([set(2), set(3), set(4)]))).to.deep.equal([
        'ERR_NETLINK_OVERRUN',
        'EEXIST',
        undefined,
      ]);
      expect(await client.dump(dump())).to.deep.equal([1, 2, 3]);
    });

    it('works after an answer that cannot be read', async () => {
      const toy = new ToyKernel();
      let bad = true;
      const client = face.open({
        handle: (bytes) => {
          const answers = toy.handle(bytes);
          return bad ? [Uint8Array.of(1, 2, 3), ...answers] : answers;
        },
      });
      expect((await failure(client.dump(dump()))).code).to.equal('ERR_NETLINK_MALFORMED');
      bad = false;
      expect(await client.dump(dump())).to.deep.equal([1, 2, 3]);
    });

    it('reports that no answer came', async () => {
      const client = face.open({ handle: () => [] });
      expect((await failure(client.do(set(2)))).code).to.equal('ERR_NETLINK_NO_ANSWER');
      expect((await failure(client.do(get(2)))).code).to.equal('ERR_NETLINK_NO_ANSWER');
    });

    it('looks a family up once, as recorded, and reports one that is missing', async () => {
      const recorded = (wanted: string) => {
        const found = vectors().find((vector) => vector.name === wanted);
        return { name: wanted, request: found?.request as Uint8Array, replies: found?.replies ?? [] };
      };
      const kernel = new ScriptedKernel([recorded('ctrl-getfamily')]);
      const client = face.open(kernel);
      expect(await client.family('IPVS')).to.deep.equal({ id: 32, name: 'IPVS', version: 1 });
      expect(await client.family('IPVS')).to.deep.equal({ id: 32, name: 'IPVS', version: 1 });
      expect(kernel.finished).to.equal(true);

      const unknown = face.open(
        new ScriptedKernel([
          { replies: recorded('ctrl-getfamily-unknown').replies.map((bytes) => withSeq(bytes, 1)) },
        ]),
      );
      const error = await failure(unknown.family('NOPE'));
      expect(error.code).to.equal('ERR_NETLINK_FAMILY_NOT_FOUND');
      expect(error.message).to.equal('the kernel has no generic netlink family NOPE');
    });

    it('searches only the loaded families when it must not load one', async () => {
      const asked: number[] = [];
      const client = face.open({
        handle: (bytes) => {
          const message = new Messages(bytes);
          message.next();
          asked.push(message.flags & NLM_F.DUMP);
          return [statusBytes(3, message.seq)];
        },
      });
      expect((await failure(client.family('IPVS', { autoload: false }))).code).to.equal(
        'ERR_NETLINK_FAMILY_NOT_FOUND',
      );
      expect(asked).to.deep.equal([NLM_F.DUMP]);
    });

    it('does nothing once closed', async () => {
      const client = face.open(new ToyKernel());
      await client.close();
      await client.close();
      expect((await failure(client.do(get(2)))).code).to.equal('ERR_NETLINK_CLOSED');
    });
  });
}

describe('NetlinkClient, overlapping calls', () => {
  it('answers each to its own caller', async () => {
    const client = new NetlinkClient(doubleTransport(new ToyKernel()));
    const warnings: Error[] = [];
    process.on('warning', (warning) => warnings.push(warning));
    const { signal } = new AbortController();
    const results = await Promise.all([
      ...Array.from({ length: 100 }, async (_, index) => client.do(get(index * 2), { signal })),
      client.dump(dump()),
      failure(client.do(set(1))),
    ]);
    expect(results.slice(0, 100)).to.deep.equal(Array.from({ length: 100 }, (_, index) => index * 2));
    expect(results[100]).to.deep.equal([1, 2, 3]);
    expect((results[101] as NetlinkError).errnoName).to.equal('EEXIST');
    expect(warnings).to.deep.equal([]);
  });

  it('rejects waiting calls when it is closed', async () => {
    const client = new NetlinkClient(doubleTransport(new ToyKernel()));
    const waiting = [client.do(get(2)), client.dump(dump())].map(failure);
    const closed = client.close();
    for (const error of await Promise.all(waiting)) expect(error.code).to.equal('ERR_NETLINK_CLOSED');
    await closed;
  });

  it('rejects with the reason of a signal, and continues with the other calls', async () => {
    const kernel = new ToyKernel();
    const client = new NetlinkClient(doubleTransport(kernel));
    const controller = new AbortController();
    const first = client.do(get(2));
    const aborted = failure(client.do(get(4), { signal: controller.signal }));
    const last = client.do(get(6));
    const reason = new Error('enough');
    controller.abort(reason);
    expect(await aborted).to.equal(reason);
    expect(await first).to.equal(2);
    expect(await last).to.equal(6);
    expect(kernel.sends, 'the aborted request was not sent').to.equal(2);
    expect(await failure(client.do(get(2), { signal: controller.signal }))).to.equal(reason);
  });

  it('adds one listener to a signal, however many calls have it, and removes it for the next signal', async () => {
    const client = new NetlinkClient(doubleTransport(new ToyKernel()));
    const [one, other] = [new AbortController(), new AbortController()];
    const listeners = (): number[] =>
      [one, other].map(({ signal }) => getEventListeners(signal, 'abort').length);
    let added = 0;
    const addEventListener = one.signal.addEventListener.bind(one.signal);
    one.signal.addEventListener = (...args: Parameters<typeof addEventListener>): void => {
      added += 1;
      addEventListener(...args);
    };
    for (let call = 0; call < 20; call++) await client.do(get(2), { signal: one.signal });
    await Promise.all(Array.from({ length: 20 }, async () => client.do(get(2), { signal: one.signal })));
    expect([added, ...listeners()]).to.deep.equal([1, 1, 0]);
    await client.do(get(2), { signal: other.signal });
    expect(listeners()).to.deep.equal([0, 1]);
    const both = [one, other].map(async ({ signal }) => client.do(get(2), { signal }));
    expect(listeners()).to.deep.equal([1, 1]);
    await Promise.all(both);
    one.abort(new Error('over'));
    other.abort(new Error('over'));
    expect(await client.do(get(4))).to.equal(4);
    await client.close();
    expect(listeners()).to.deep.equal([0, 0]);
  });

  it('stops a batch between two sends, with the outcomes of what ran', async () => {
    const kernel = new ToyKernel();
    const controller = new AbortController();
    const client = new NetlinkClient(
      doubleTransport(
        {
          handle: (bytes) => {
            if (kernel.sends === 1) controller.abort();
            return kernel.handle(bytes);
          },
        },
        5,
      ),
    );
    const outcomes = await client.batch(
      Array.from({ length: 30 }, () => set(2)),
      { signal: controller.signal },
    );
    expect(outcomes.length).to.equal(10);
    expect(kernel.sizes).to.deep.equal([5, 5]);
  });
});

function withSeq(bytes: Uint8Array, seq: number): Uint8Array {
  const copy = Buffer.from(bytes);
  copy.writeUInt32LE(seq, 8);
  return copy;
}

function statusBytes(type: number, seq: number): Uint8Array {
  const bytes = Buffer.alloc(20);
  bytes.writeUInt32LE(20, 0);
  bytes.writeUInt16LE(type, 4);
  bytes.writeUInt32LE(seq, 8);
  return bytes;
}
