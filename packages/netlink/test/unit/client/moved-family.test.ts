import { expect } from 'chai';
import type { NetlinkError } from '@ipvs-ts/netlink';
import {
  type FamilyHandle,
  NetlinkClient,
  NetlinkClientSync,
  operation,
  type Outcome,
  Writer,
} from '@ipvs-ts/netlink';
import { writeRequest } from '@ipvs-ts/netlink/bulk';
import { CONTROLLER, FAMILY, Messages, NLM_F, NLMSG } from '@ipvs-ts/netlink/testing';
import { doubleTransport, doubleTransportSync, type KernelDouble } from '@ipvs-ts/netlink/testing';
import { dataMessage, SET, statusMessage, toyRequests, withoutFlags } from './toy.js';

const TOY: FamilyHandle = { name: 'TOY' };
const { set, get, dump } = toyRequests(TOY);

/** A kernel with one family, whose number changes. It knows no value 404: ENOENT, as for a family that is not there. */
class MovingKernel implements KernelDouble {
  id = 40;
  isLoaded = true;
  lookUps = 0;
  /** The values that were set, in order. */
  readonly values: number[] = [];
  /** Changes the number after so many requests to the family. */
  moveAfter = Infinity;

  handle(bytes: Uint8Array): Uint8Array[] {
    const answers: Uint8Array[] = [];
    for (const message = new Messages(bytes); message.next();) answers.push(...this.#answer(message));
    return answers;
  }

  #answer(message: Messages): Uint8Array[] {
    const { seq, type, view, start, flags } = message;
    if (type === CONTROLLER.id) {
      this.lookUps += 1;
      if (!this.isLoaded) return [statusMessage(NLMSG.ERROR, seq, 2)];
      return [this.#reply(seq, CONTROLLER.id, { id: this.id, name: 'TOY', version: 1 })];
    }
    if (this.moveAfter-- === 0) this.id += 1;
    if (type !== this.id || !this.isLoaded) return [statusMessage(NLMSG.ERROR, seq, 2)];
    const value = message.end - start > 4 ? view.getUint32(start + 8, true) : 0;
    if (value === 404) return [statusMessage(NLMSG.ERROR, seq, 2)];
    if ((flags & NLM_F.DUMP) === NLM_F.DUMP)
      return [1, 2].map((each) => this.#data(seq, each)).concat(statusMessage(NLMSG.DONE, seq, 0));
    if (view.getUint8(start) === 2) return [this.#data(seq, value)];
    this.values.push(value);
    return (flags & NLM_F.ACK) === 0 ? [] : [statusMessage(NLMSG.ERROR, seq, 0)];
  }

  #data(seq: number, value: number): Uint8Array {
    return dataMessage({ name: 'TOY', id: this.id, version: 1 }, seq, value);
  }

  #reply(seq: number, type: number, values: { id: number; name: string; version: number }): Uint8Array {
    const writer = new Writer();
    const answer = operation({ name: 'ANSWER', command: 1, mode: 'do', request: FAMILY, doc: '' });
    writeRequest(writer, { name: '', id: type, version: 1 }, answer, values, { seq });
    return withoutFlags(writer);
  }
}

function short(outcomes: readonly Outcome[]): unknown[] {
  return outcomes.map((outcome) => (outcome.ok ? 'ok' : outcome.error.code));
}

async function codeOf(work: Promise<unknown>): Promise<string | undefined> {
  return work.then(
    () => undefined,
    (error: unknown) => (error as NetlinkError).code,
  );
}

type Face = Pick<NetlinkClient, 'do' | 'dump' | 'batch' | 'family'>;

const faces: Record<string, (kernel: KernelDouble, capacity?: number) => Face> = {
  NetlinkClient: (kernel, capacity) => new NetlinkClient(doubleTransport(kernel, capacity)),
  NetlinkClientSync: (kernel, capacity) => {
    const client = new NetlinkClientSync(doubleTransportSync(kernel, capacity));
    return {
      do: async (each) => Promise.resolve().then(() => client.do(each)),
      dump: async (each) => Promise.resolve().then(() => client.dump(each)),
      batch: async (each) => Promise.resolve().then(() => client.batch(each)),
      family: async (name, options) => Promise.resolve().then(() => client.family(name, options)),
    };
  },
};

for (const [name, open] of Object.entries(faces)) {
  describe(`${name}: requests to the handle of a family`, () => {
    it('look it up once, before the first of them', async () => {
      const kernel = new MovingKernel();
      const client = open(kernel);
      expect(await client.do(get(7))).to.equal(7);
      expect(await client.dump(dump())).to.deep.equal([1, 2]);
      expect(short(await client.batch([set(1), get(2)]))).to.deep.equal(['ok', 'ok']);
      expect(kernel.lookUps).to.equal(1);
    });

    it('are repeated once after the family has moved, each of them executed once', async () => {
      const kernel = new MovingKernel();
      const client = open(kernel);
      await client.do(set(1));
      kernel.id = 41;
      expect(await client.do(get(7))).to.equal(7);
      kernel.id = 42;
      expect(await client.dump(dump())).to.deep.equal([1, 2]);
      kernel.id = 43;
      expect(short(await client.batch([2, 3, 404, 4].map(set)))).to.deep.equal([
        'ok',
        'ok',
        'ERR_NETLINK_KERNEL',
        'ok',
      ]);
      expect(kernel.values).to.deep.equal([1, 2, 3, 4]);
    });

    it('are repeated when the family moves in the middle of a batch of several sends', async () => {
      for (const moveAfter of [1, 3, 4, 5, 9]) {
        const kernel = new MovingKernel();
        const client = open(kernel, 4);
        await client.do(set(0));
        kernel.moveAfter = moveAfter;
        const values = Array.from({ length: 10 }, (_, index) => index + 1);
        expect(short(await client.batch(values.map(set)))).to.deep.equal(values.map(() => 'ok'));
        expect([...kernel.values].sort((left, right) => left - right)).to.deep.equal([0, ...values]);
      }
    });

    it('fail with the ENOENT of the kernel where the family has not moved', async () => {
      const kernel = new MovingKernel();
      const client = open(kernel);
      expect(await codeOf(client.do(set(404)))).to.equal('ERR_NETLINK_KERNEL');
      expect(short(await client.batch([set(1), set(404)]))).to.deep.equal(['ok', 'ERR_NETLINK_KERNEL']);
      expect(kernel.values).to.deep.equal([1]);
    });

    it('say that the family is gone, and find it when it is back', async () => {
      const kernel = new MovingKernel();
      const client = open(kernel);
      await client.do(set(1));
      kernel.isLoaded = false;
      expect(await codeOf(client.do(set(2)))).to.equal('ERR_NETLINK_FAMILY_NOT_FOUND');
      expect(short(await client.batch([set(2), set(3)]))).to.deep.equal([
        'ERR_NETLINK_FAMILY_NOT_FOUND',
        'ERR_NETLINK_FAMILY_NOT_FOUND',
      ]);
      kernel.isLoaded = true;
      kernel.id = 50;
      await client.do(set(4));
      expect(kernel.values).to.deep.equal([1, 4]);
    });

    it('fail where the family is not there at all, again and again', async () => {
      const kernel = new MovingKernel();
      kernel.isLoaded = false;
      const client = open(kernel);
      expect(await codeOf(client.do(set(1)))).to.equal('ERR_NETLINK_FAMILY_NOT_FOUND');
      expect(await codeOf(client.batch([set(1)]))).to.equal('ERR_NETLINK_FAMILY_NOT_FOUND');
      kernel.isLoaded = true;
      await client.do(set(1));
    });
  });
}

describe('a buffer of requests to a family that has moved', () => {
  it('is sent again, as far as it failed, and each request is executed once', () => {
    const kernel = new MovingKernel();
    const client = new NetlinkClientSync(doubleTransportSync(kernel));
    const family = client.family('TOY');
    const buffer = client.sendBuffer();
    for (const value of [1, 404, 3])
      buffer.add((writer, seq) => {
        writeRequest(writer, family, SET, { value }, { seq });
      });
    kernel.moveAfter = 1;
    const failures = client.sendBuffered(buffer, family);
    expect([...failures].map(([index, { error }]) => [index, error.errnoName])).to.deep.equal([
      [1, 'ENOENT'],
    ]);
    expect(kernel.values).to.deep.equal([1, 3]);
    expect(client.family('TOY').id).to.equal(41);
  });
});
