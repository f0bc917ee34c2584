import { expect } from 'chai';
import { type Libc, NetlinkError, NetlinkSocket, socketTransport, type Transport } from '@ipvs-ts/netlink';

const EAGAIN = -11;

/** A transport over a C library that records its calls, each of which takes a given time. */
function transport(): {
  calls: string[];
  transport: Transport;
  take: (milliseconds: number, how?: 'waiting' | 'preempted') => void;
} {
  const calls: string[] = [];
  let time = 0;
  let next = 0;
  let waits = 0;
  let isWaiting = true;
  const act = (name: string, result: number): number => {
    calls.push(name);
    time += next;
    if (next > 0 && isWaiting) waits += 1;
    next = 0;
    return result;
  };
  const libc: Partial<Libc> = {
    socket: () => 3,
    close: () => 0,
    connect: () => 0,
    getsockname: () => 0,
    setsockopt: () => 0,
    getsockopt: () => 212_992,
    getrandom: () => 4,
    recv: () => act('recv', EAGAIN),
    recvAsync: async () => Promise.resolve(act('recv on a thread', EAGAIN)),
    send: (_fd, bytes) => act('send', bytes.length),
    sendAsync: async (_fd, bytes) => Promise.resolve(act('send on a thread', bytes.length)),
  };
  const socket = new NetlinkSocket({ libc: libc as Libc });
  calls.length = 0;
  return {
    calls,
    transport: socketTransport(socket, { now: () => time, waits: () => waits }),
    take: (milliseconds, how = 'waiting') => {
      next = milliseconds;
      isWaiting = how === 'waiting';
    },
  };
}

const BYTES = new Uint8Array(16);

describe('a transport over a socket', () => {
  it('asks the kernel at once', () => {
    const { calls, transport: way } = transport();
    expect(way.send(BYTES, false)).to.equal(undefined);
    expect(way.receive(true)).to.equal(undefined);
    expect(way.receive(false)).to.equal(undefined);
    expect(calls).to.deep.equal(['send', 'recv', 'recv']);
  });

  it('sends slow and unknown requests on a thread', async () => {
    const { calls, transport: way } = transport();
    await way.send(BYTES, true);
    await way.send(BYTES);
    expect(way.receive(false), 'answers are there by then').to.equal(undefined);
    expect(way.send(BYTES, false)).to.equal(undefined);
    expect(calls).to.deep.equal(['send on a thread', 'send on a thread', 'recv', 'send']);
  });

  for (const slow of ['send', 'receive'] as const) {
    it(`goes through threads for a hundred sends after a ${slow} of over two milliseconds`, async () => {
      const { calls, transport: way, take } = transport();
      take(2);
      void way.send(BYTES, false);
      void way.send(BYTES, false);
      expect(calls, 'two milliseconds are not too long').to.deep.equal(['send', 'send']);
      if (slow === 'send') take(2.1);
      void way.send(BYTES, false);
      if (slow === 'receive') take(2.1);
      void way.receive(true);
      calls.length = 0;
      for (let send = 0; send < 100; send++) {
        await way.receive(true);
        await way.send(BYTES, false);
      }
      await way.receive(true);
      void way.send(BYTES, false);
      expect(calls.slice(0, 200)).to.deep.equal(
        Array.from({ length: 100 }, () => ['recv on a thread', 'send on a thread']).flat(),
      );
      expect(calls.slice(200)).to.deep.equal(['recv', 'send']);
    });
  }

  it('stays on its thread after a call during which other programs ran', () => {
    const { calls, transport: way, take } = transport();
    take(50, 'preempted');
    void way.send(BYTES, false);
    take(50, 'preempted');
    void way.receive(true);
    void way.send(BYTES, false);
    void way.receive(true);
    expect(calls).to.deep.equal(['send', 'recv', 'send', 'recv']);
  });

  it('does not count the time of another thread as a delay', async () => {
    const { calls, transport: way, take } = transport();
    take(50);
    await way.send(BYTES, true);
    void way.send(BYTES, false);
    expect(calls).to.deep.equal(['send on a thread', 'send']);
  });

  it('fails once it is closed', async () => {
    const { transport: way } = transport();
    await way.close();
    for (const use of [() => way.send(BYTES, false), () => way.receive(true)])
      expect(use).to.throw(NetlinkError).with.property('code', 'ERR_NETLINK_CLOSED');
  });
});
