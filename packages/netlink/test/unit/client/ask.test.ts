import { getEventListeners } from 'node:events';
import { setImmediate } from 'node:timers/promises';
import { expect } from 'chai';
import {
  attribute,
  attributeSet,
  type Family,
  NetlinkClient,
  type NetlinkError,
  operation,
  request,
  type Transport,
  u32,
  Writer,
} from '@ipvs-ts/netlink';
import { writeRequest } from '@ipvs-ts/netlink/bulk';
import {
  doubleTransportSync,
  type KernelDouble,
  Messages,
  NLM_F,
  transportOf,
} from '@ipvs-ts/netlink/testing';

const TOY: Family = { name: 'TOY', id: 40, version: 1 };
const NUMBER = attributeSet('number', { value: attribute(1, 'VALUE', u32, 'a number') });
const reply = { command: 1, attributes: NUMBER } as const;
const GET = operation({ name: 'GET', command: 2, mode: 'do', request: NUMBER, reply, doc: '' });
const ANSWER = operation({ name: 'ANSWER', command: 1, mode: 'do', request: NUMBER, doc: '' });
const SLOW = operation({ ...GET, slow: true });
const LIST = operation({ ...GET, name: 'LIST', mode: 'dump' });

const get = (value: number) => request(TOY, GET, { value }, (window) => window.need('value'));
const slow = (value: number) => request(TOY, SLOW, { value }, (window) => window.need('value'));
const list = (parts: number) => request(TOY, LIST, { value: parts }, (window) => window.need('value'));

/** Keeps the processor busy for longer than a slice of the event loop lasts. */
function work(): void {
  for (const start = performance.now(); performance.now() - start < 1.5;);
}

/** Answers a number with itself, EEXIST to 99, and a dump of so many datagrams with their numbers. */
class ToyKernel implements KernelDouble {
  readonly asked: number[] = [];

  handle(bytes: Uint8Array): Uint8Array[] {
    const message = new Messages(bytes);
    message.next();
    const value = message.view.getUint32(message.start + 8, true);
    this.asked.push(value);
    if ((message.flags & NLM_F.DUMP) === NLM_F.DUMP)
      return [
        ...Array.from({ length: value }, (_, index) => data(message.seq, index)),
        status(3, message.seq, 0),
      ];
    return [value === 99 ? status(2, message.seq, 17) : data(message.seq, value)];
  }
}

function data(seq: number, value: number): Uint8Array {
  const writer = new Writer();
  writeRequest(writer, TOY, ANSWER, { value }, { seq });
  writer.view.setUint16(6, 0, true);
  return writer.written().slice();
}

function status(type: number, seq: number, errno: number): Uint8Array {
  const bytes = Buffer.alloc(type === 2 ? 36 : 20);
  bytes.writeUInt32LE(bytes.length, 0);
  bytes.writeUInt16LE(type, 4);
  bytes.writeUInt32LE(seq, 8);
  bytes.writeInt32LE(-errno, 16);
  return bytes;
}

/**
 * A client of a kernel, and which sends were marked as slow. If it is `lazy`, each datagram takes longer than a slice.
 */
function opened(lazy = false) {
  const kernel = new ToyKernel();
  const inner = transportOf(doubleTransportSync(kernel));
  const announced: boolean[] = [];
  const transport: Transport = {
    ...inner,
    send: (bytes, isSlow) => {
      announced.push(isSlow === true);
      return isSlow === true ? setImmediate().then(() => inner.send(bytes)) : inner.send(bytes);
    },
    receive: (working) => {
      if (lazy) work();
      return inner.receive(working);
    },
  };
  return { kernel, announced, client: new NetlinkClient(transport) };
}

async function failure(promise: unknown): Promise<NetlinkError> {
  return Promise.resolve(promise).then(
    () => expect.fail('it succeeded'),
    (error: unknown) => error as NetlinkError,
  );
}

/**
 * What `ask` returns or throws at once. Repeats the call until it does: code that V8 has not compiled may use up a
 * slice.
 */
async function atOnce(ask: () => unknown): Promise<unknown> {
  for (let tries = 0; tries < 1000; tries++) {
    await setImmediate();
    try {
      const answer = ask();
      if (!(answer instanceof Promise)) return answer;
      await answer.catch(() => undefined);
    } catch (error) {
      return error;
    }
  }
  return expect.fail('it always returned a promise');
}

describe('NetlinkClient.ask', () => {
  it('returns values at once, and throws errors at once', async () => {
    const { client } = opened();
    expect(await atOnce(() => client.ask(get(8)))).to.equal(8);
    expect(await atOnce(() => client.ask(list(3)))).to.deep.equal([0, 1, 2]);
    expect(await atOnce(() => client.ask(get(99))))
      .to.be.an('error')
      .with.property('message')
      .that.matches(/EEXIST/);
    expect(await atOnce(() => client.ask(get(4)))).to.equal(4);
  });

  it('returns a promise while another call has its turn, and keeps the order of the calls', async () => {
    const { client, kernel } = opened();
    const first = client.ask(slow(1));
    const others = [client.ask(get(2)), client.do(get(3)), client.ask(get(4)), client.dump(list(5))];
    for (const each of [first, ...others]) expect(each).to.be.an.instanceOf(Promise);
    expect(await Promise.all([first, ...others])).to.deep.equal([1, 2, 3, 4, [0, 1, 2, 3, 4]]);
    expect(kernel.asked).to.deep.equal([1, 2, 3, 4, 5]);
    expect(await atOnce(() => client.ask(get(6))), 'free again').to.equal(6);
  });

  it('marks as slow what may take the kernel long: slow operations and large batches', async () => {
    const { client, announced } = opened();
    await client.ask(slow(1));
    await client.do(get(1));
    await client.batch(Array.from({ length: 3 }, () => get(1)));
    await client.batch([get(1), slow(1)]);
    await client.batch(Array.from({ length: 100 }, () => get(1)));
    expect(announced).to.deep.equal([true, false, false, true, true]);
  });

  it('lets the event loop run during a long dump, and delays other calls meanwhile', async () => {
    const { client, kernel } = opened(true);
    let turns = 0;
    const timer = setInterval(() => (turns += 1), 0);
    const dump = client.ask(list(60));
    expect(dump).to.be.an.instanceOf(Promise);
    const other = client.ask(get(7));
    expect(await dump).to.have.length(60);
    clearInterval(timer);
    expect(turns).to.be.at.least(5);
    expect(await other).to.equal(7);
    expect(kernel.asked).to.deep.equal([60, 7]);
  });

  it('lets the event loop run between consecutive calls', async () => {
    const { client } = opened(true);
    let turns = 0;
    const timer = setInterval(() => (turns += 1), 0);
    for (let call = 0; call < 30; call++) await client.do(get(call));
    clearInterval(timer);
    expect(turns).to.be.at.least(5);
  });

  it('rejects with the reason of a signal in the middle of a long dump, and continues with the other calls', async () => {
    const { client, kernel } = opened(true);
    const controller = new AbortController();
    const dump = failure(client.ask(list(60), { signal: controller.signal }));
    const other = client.do(get(7));
    await setImmediate();
    const reason = new Error('enough');
    controller.abort(reason);
    expect(await dump).to.equal(reason);
    expect(await other, 'what was left of the dump is not in the way').to.equal(7);
    expect(kernel.asked).to.deep.equal([60, 7]);
    expect(await failure(client.do(get(1), { signal: controller.signal }))).to.equal(reason);
    expect(await atOnce(() => client.ask(get(1), { signal: controller.signal }))).to.equal(reason);
  });

  it('rejects with ERR_NETLINK_CLOSED in the middle of a long dump', async () => {
    const { client } = opened(true);
    const pending = [client.ask(list(60)), client.ask(get(1)), client.do(get(2))].map(failure);
    await setImmediate();
    const closed = client.close();
    for (const error of await Promise.all(pending)) expect(error.code).to.equal('ERR_NETLINK_CLOSED');
    await closed;
    expect(await atOnce(() => client.ask(get(1)))).to.have.property('code', 'ERR_NETLINK_CLOSED');
  });

  it('adds no listener to a signal for calls that are made at once, and one for calls that wait', async () => {
    const { client } = opened();
    const { signal } = new AbortController();
    await atOnce(() => client.ask(get(1)));
    await atOnce(() => {
      const answer = client.ask(get(1), { signal });
      if (!(answer instanceof Promise)) expect(getEventListeners(signal, 'abort')).to.have.length(0);
      return answer;
    });
    await Promise.all(Array.from({ length: 20 }, async (_, call) => client.ask(slow(call), { signal })));
    expect(getEventListeners(signal, 'abort')).to.have.length(1);
    await client.close();
    expect(getEventListeners(signal, 'abort')).to.have.length(0);
  });

  it('takes a call that is made inside another', async () => {
    const { client } = opened();
    let inner: unknown;
    const outer = request(TOY, GET, { value: 1 }, (window) => {
      inner = client.ask(get(2));
      return window.need('value');
    });
    expect(await client.ask(outer)).to.equal(1);
    expect(await inner).to.equal(2);
    expect(await atOnce(() => client.ask(get(3)))).to.equal(3);
  });
});
