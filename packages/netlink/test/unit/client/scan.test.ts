import { setImmediate } from 'node:timers/promises';
import { expect } from 'chai';
import { NetlinkClient, NetlinkError, type Transport } from '@ipvs-ts/netlink';
import type { DatagramReader } from '@ipvs-ts/netlink/bulk';
import { type Answer, answering, OVERRUN } from './answering.js';

/** Takes numbers, one a datagram; 0 is the end, and 99 anything unexpected. */
class Numbers implements DatagramReader {
  readonly found: number[] = [];
  readonly seqs = new Set<number>();

  read([value = 99]: Uint8Array, seq: number): 'more' | 'whole' | 'unexpected' {
    this.seqs.add(seq);
    if (value === 0) return 'whole';
    if (value === 99) return 'unexpected';
    this.found.push(value);
    return 'more';
  }
}

function request(): { message: Uint8Array; view: DataView } {
  const message = new Uint8Array(20);
  return { message, view: new DataView(message.buffer) };
}

interface Scanned {
  readonly whole: boolean;
  readonly found: readonly number[];
  readonly left: number;
}

async function scanned(answers: readonly Answer[], changes: Partial<Transport> = {}): Promise<Scanned> {
  const { transport, left } = answering(answers);
  const client = new NetlinkClient({ ...transport, ...changes });
  const reader = new Numbers();
  const whole = await client.scan(request(), reader);
  expect([...reader.seqs].length).to.be.at.most(1);
  return { whole, found: reader.found, left: left() };
}

describe('NetlinkClient.scan', () => {
  it('passes the datagrams of a dump, at once or after waits', async () => {
    expect(await scanned([1, 2, 3, 0])).to.deep.equal({ whole: true, found: [1, 2, 3], left: 0 });
    const { transport, left } = answering([1, 2, 0]);
    const lazy = {
      send: async () => setImmediate(),
      receive: async (working: boolean) => setImmediate().then(() => transport.receive(working)),
    };
    expect(await scanned([], lazy)).to.deep.equal({
      whole: true,
      found: [1, 2],
      left: 0,
    });
    expect(left()).to.equal(0);
  });

  it('is false for anything unexpected, and leaves nothing for the next call', async () => {
    for (const answers of [[1, 99, 2, 0], [1], [], [1, OVERRUN, 2, 0]] satisfies Answer[][]) {
      const { whole, left } = await scanned(answers);
      expect([whole, left]).to.deep.equal([false, 0]);
      const { transport } = answering(answers);
      const late = { receive: async (working: boolean) => transport.receive(working) };
      expect((await scanned([], late)).whole).to.equal(false);
    }
  });

  it('lets the event loop run in between where a dump is long', async () => {
    const { transport } = answering([...Array.from({ length: 40 }, () => 1), 0]);
    const loop: { turns: number; isOver: boolean } = { turns: 0, isOver: false };
    const counting = (async () => {
      for (; !loop.isOver; loop.turns++) await setImmediate();
    })();
    const slow = {
      receive: (working: boolean) => {
        for (const start = performance.now(); performance.now() - start < 0.4;);
        return transport.receive(working);
      },
    };
    expect((await scanned([], slow)).whole).to.equal(true);
    loop.isOver = true;
    await counting;
    expect(loop.turns).to.be.greaterThan(2);
  });

  it('takes its turn among other calls', async () => {
    const order: string[] = [];
    const { transport } = answering([0, 0]);
    const client = new NetlinkClient({
      ...transport,
      send: async () => {
        order.push('sent');
        return setImmediate();
      },
      receive: (working) => {
        order.push('received');
        return transport.receive(working);
      },
    });
    const scan = (inTurn: boolean): unknown => client.scan(request(), new Numbers(), { inTurn });
    expect(await Promise.all([scan(true), scan(true), scan(false)])).to.deep.equal([true, true, false]);
    expect(order.slice(0, 5)).to.deep.equal(['sent', 'received', 'sent', 'received', 'sent']);
  });

  it('rejects when its signal is aborted, and when the client is closed', async () => {
    const never = new Promise<undefined>(() => undefined);
    const waiting = (): NetlinkClient =>
      new NetlinkClient({ ...answering([]).transport, receive: () => never });
    const controller = new AbortController();
    const aborted = waiting().scan(request(), new Numbers(), { signal: controller.signal });
    controller.abort(new Error('enough'));
    expect(await failure(aborted)).to.have.property('message', 'enough');
    const client = waiting();
    const closed = client.scan(request(), new Numbers());
    void client.close();
    expect(NetlinkError.is(await failure(closed), 'ERR_NETLINK_CLOSED')).to.equal(true);
    const late = await failure(client.scan(request(), new Numbers()));
    expect(NetlinkError.is(late, 'ERR_NETLINK_CLOSED')).to.equal(true);
  });
});

async function failure(promise: unknown): Promise<unknown> {
  return Promise.resolve(promise).then(
    () => expect.fail('it succeeded'),
    (error: unknown) => error,
  );
}
