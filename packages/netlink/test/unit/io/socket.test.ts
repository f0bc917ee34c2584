import { expect } from 'chai';
import {
  type Libc,
  NetlinkClient,
  NetlinkClientSync,
  NetlinkError,
  NetlinkSocket,
  socketTransport,
} from '@ipvs-ts/netlink';

/** A C library that records its calls and fails on request. */
function fakeLibc(answers: Partial<Record<keyof Libc, (...values: never[]) => number>> = {}) {
  const log: string[] = [];
  let fd = 10;
  const act = (name: keyof Libc, usual: number, ...values: unknown[]): number => {
    log.push(
      `${name}(${values.map((value) => (value instanceof Uint8Array ? `[${value.length}]` : String(value))).join(', ')})`,
    );
    return answers[name]?.(...(values as never[])) ?? usual;
  };
  const libc: Libc = {
    socket: (...values) => act('socket', fd++, ...values),
    close: (each) => act('close', 0, each),
    connect: (each, address) => act('connect', 0, each, address),
    getsockname: (each, address) => {
      new DataView(address.buffer).setUint32(4, 4242, true);
      return act('getsockname', 0, each, address);
    },
    setsockopt: (...values) => act('setsockopt', 0, ...values),
    getsockopt: (...values) => act('getsockopt', 212_992, ...values),
    send: (each, bytes, flags) => act('send', bytes.length, each, bytes, flags),
    sendAsync: async (each, bytes, flags) =>
      Promise.resolve(act('sendAsync', bytes.length, each, bytes, flags)),
    recv: (each, buffer, flags) => act('recv', -11, each, buffer, flags),
    recvAsync: async (each, buffer, flags) => Promise.resolve(act('recvAsync', -11, each, buffer, flags)),
    getrandom: (buffer) => {
      buffer.set([0x12, 0x34, 0x56, 0x78]);
      return act('getrandom', buffer.length, buffer);
    },
    ioctl: (...values) => act('ioctl', fd++, ...values),
    open: (path, flags) => act('open', fd++, path, flags),
    flock: (...values) => act('flock', 0, ...values),
    setns: (...values) => act('setns', 0, ...values),
  };
  return { libc, log };
}

function thrown(work: () => unknown): NetlinkError {
  try {
    work();
  } catch (error) {
    expect(NetlinkError.is(error)).to.equal(true);
    return error as NetlinkError;
  }
  return expect.fail('it succeeded');
}

describe('NetlinkSocket', () => {
  it('knows its port and what its buffer holds', () => {
    const socket = new NetlinkSocket({ libc: fakeLibc().libc });
    expect(socket.port).to.equal(4242);
    expect(socket.capacity).to.equal(208);
  });

  it('asks for what rmem_max allows where it may not force the buffer', () => {
    const { libc, log } = fakeLibc({
      setsockopt: (_fd: never, _level: never, option: number) => (option === 33 ? -1 : 0),
    });
    new NetlinkSocket({ libc, receiveBuffer: 9000 }).close();
    expect(log.filter((line) => line.startsWith('setsockopt')).slice(-2)).to.deep.equal([
      'setsockopt(10, 1, 33, 9000)',
      'setsockopt(10, 1, 8, 9000)',
    ]);
  });

  it('opens in a namespace and returns to its own', () => {
    const { libc, log } = fakeLibc();
    new NetlinkSocket({ libc, netns: '/run/netns/blue' });
    expect(log.slice(0, 7)).to.deep.equal([
      'open(/run/netns/blue, 524288)',
      'open(/proc/thread-self/ns/net, 524288)',
      'setns(10, 1073741824)',
      'socket(16, 524291, 16)',
      'setns(11, 1073741824)',
      'close(11)',
      'close(10)',
    ]);
  });

  it('returns to its own namespace if the socket cannot be created', () => {
    const { libc, log } = fakeLibc({ socket: () => -93 });
    const error = thrown(() => new NetlinkSocket({ libc, netns: '/run/netns/blue' }));
    expect([error.code, error.syscall, error.errnoName]).to.deep.equal([
      'ERR_NETLINK_SYSCALL',
      'socket',
      'EPROTONOSUPPORT',
    ]);
    expect(log.slice(-3)).to.deep.equal(['setns(11, 1073741824)', 'close(11)', 'close(10)']);
  });

  it('reports a namespace that is missing, is not a namespace, or may not be entered', () => {
    const missing = fakeLibc({ open: (path: string) => (path === '/run/netns/blue' ? -2 : 10) });
    expect(
      thrown(() => new NetlinkSocket({ libc: missing.libc, netns: '/run/netns/blue' })).message,
    ).to.match(/cannot open.*blue: ENOENT/);
    expect(missing.log).to.deep.equal(['open(/run/netns/blue, 524288)']);
    for (const [errno, hint] of [
      [22, /not a network namespace/],
      [1, /CAP_SYS_ADMIN/],
    ] as const) {
      const error = thrown(
        () => new NetlinkSocket({ libc: fakeLibc({ setns: () => -errno }).libc, netns: '/x' }),
      );
      expect(error.code).to.equal('ERR_NETLINK_NETNS');
      expect(error.message).to.match(hint);
    }
    expect(() => new NetlinkSocket({ libc: fakeLibc().libc, netns: 'a\0b' })).to.throw(RangeError, /NUL/);
  });

  it('is connected to the kernel before it is used, and discards what came before', () => {
    const queued = [20, -105, 70_000];
    let address: Uint8Array | undefined;
    const { libc, log } = fakeLibc({
      connect: (_fd: never, bytes: Uint8Array) => {
        address = bytes.slice();
        return 0;
      },
      recv: () => queued.shift() ?? -11,
    });
    const socket = new NetlinkSocket({ libc });
    expect(address).to.deep.equal(Uint8Array.of(16, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0));
    expect(log.indexOf('connect(10, [12])')).to.be.lessThan(log.findIndex((line) => line.startsWith('recv')));
    expect(queued).to.deep.equal([]);
    expect(log.some((line) => line.startsWith('send'))).to.equal(false);
    expect(socket.receive()).to.equal(undefined);
  });

  it('numbers its requests from a random number on', async () => {
    const numbers = [0x12345678, 1, 0xffff_ffff, 0];
    const expected = [0x12345678, 1, 1, 1];
    for (const [index, seq] of numbers.entries()) {
      const sent: number[] = [];
      const { libc } = fakeLibc();
      const note = (bytes: Uint8Array): number => {
        sent.push(new DataView(bytes.buffer, bytes.byteOffset).getUint32(8, true));
        return bytes.length;
      };
      const random = {
        ...libc,
        getrandom: (bytes: Uint8Array) => {
          new DataView(bytes.buffer).setUint32(0, seq);
          return 4;
        },
        send: (_fd: number, bytes: Uint8Array) => note(bytes),
        sendAsync: async (_fd: number, bytes: Uint8Array) => Promise.resolve(note(bytes)),
      };
      expect(() => new NetlinkClientSync(new NetlinkSocket({ libc: random })).family('x')).to.throw(
        /no answer/,
      );
      const client = new NetlinkClient(socketTransport(new NetlinkSocket({ libc: random })));
      expect(await client.family('x').catch((error: unknown) => (error as NetlinkError).code)).to.equal(
        'ERR_NETLINK_NO_ANSWER',
      );
      expect(sent).to.deep.equal([expected[index], expected[index]]);
    }
  });

  it('fails without random numbers', () => {
    const { libc, log } = fakeLibc({ getrandom: () => -38 });
    expect(thrown(() => new NetlinkSocket({ libc })).syscall).to.equal('getrandom');
    expect(log.at(-1)).to.equal('close(10)');
  });

  it('closes its descriptor when it cannot be connected', () => {
    const { libc, log } = fakeLibc({ connect: () => -98 });
    expect(thrown(() => new NetlinkSocket({ libc })).errnoName).to.equal('EADDRINUSE');
    expect(log.at(-1)).to.equal('close(10)');
  });

  it('distinguishes an empty queue, an overrun, a truncated datagram, and other failures', async () => {
    const results = [-11, -11, -105, 70_000, -9, 36];
    const { libc } = fakeLibc({ recv: () => results.shift() ?? -11, recvAsync: () => -105 });
    const socket = new NetlinkSocket({ libc });
    expect(socket.receive()).to.equal(undefined);
    expect(thrown(() => socket.receive()).code).to.equal('ERR_NETLINK_OVERRUN');
    expect(thrown(() => socket.receive()).code).to.equal('ERR_NETLINK_TRUNCATED');
    expect(thrown(() => socket.receive()).message).to.equal('recv: EBADF (Bad file descriptor)');
    expect(socket.receive()?.length).to.equal(36);
    expect(await socket.receiveAsync().catch((error: unknown) => (error as NetlinkError).code)).to.equal(
      'ERR_NETLINK_OVERRUN',
    );
  });

  it('receives into the buffer of its caller', () => {
    const results = [-11, 36, 37, -105, -9];
    const rooms: Uint8Array[] = [];
    const { libc } = fakeLibc({
      recv: (_, room) => {
        rooms.push(room);
        return results.shift() ?? -11;
      },
    });
    const socket = new NetlinkSocket({ libc });
    const room = new Uint8Array(36);
    expect(socket.receiveInto(room)).to.equal(36);
    expect(rooms.at(-1)).to.equal(room);
    const truncated = thrown(() => socket.receiveInto(room));
    expect([truncated.code, truncated.message]).to.deep.equal([
      'ERR_NETLINK_TRUNCATED',
      'a datagram of 37 bytes does not fit the receive buffer of 36; its rest is lost',
    ]);
    expect(thrown(() => socket.receiveInto(room)).code).to.equal('ERR_NETLINK_OVERRUN');
    expect(thrown(() => socket.receiveInto(room)).message).to.equal('recv: EBADF (Bad file descriptor)');
    expect(socket.receiveInto(room)).to.equal(undefined);
    expect(() => socket.receiveInto('room' as never)).to.throw('buffer must be a Uint8Array');
    socket.close();
    expect(thrown(() => socket.receiveInto(room)).code).to.equal('ERR_NETLINK_CLOSED');
  });

  it('reports that the kernel did not take all bytes', async () => {
    const socket = new NetlinkSocket({ libc: fakeLibc({ send: () => -90, sendAsync: () => 3 }).libc });
    expect(
      thrown(() => {
        socket.send(new Uint8Array(4));
      }).errnoName,
    ).to.equal('EMSGSIZE');
    expect(
      await socket.sendAsync(new Uint8Array(4)).catch((error: unknown) => (error as NetlinkError).message),
    ).to.equal('send took 3 of 4 bytes');
  });

  it('is closed once and for all', () => {
    const { libc, log } = fakeLibc();
    const socket = new NetlinkSocket({ libc });
    socket.close();
    socket.close();
    expect(log.filter((line) => line.startsWith('close'))).to.deep.equal(['close(10)']);
    expect(socket.fd).to.equal(-1);
    expect(
      thrown(() => {
        socket.send(new Uint8Array(4));
      }).code,
    ).to.equal('ERR_NETLINK_CLOSED');
    expect(thrown(() => socket.receive()).code).to.equal('ERR_NETLINK_CLOSED');
  });
});

describe('files of a namespace', () => {
  it('are opened in the namespace of the socket, which is asked of the socket', () => {
    const { libc, log } = fakeLibc();
    const socket = new NetlinkSocket({ libc, netns: '/run/netns/blue' });
    log.length = 0;
    expect(socket.openFile('/proc/sys/net/ipv4/vs/conntrack', 'write')).to.equal(15);
    expect(log).to.deep.equal([
      'ioctl(12, 35148)',
      'open(/proc/thread-self/ns/net, 524288)',
      'setns(13, 1073741824)',
      'open(/proc/sys/net/ipv4/vs/conntrack, 524289)',
      'setns(14, 1073741824)',
      'close(14)',
      'close(13)',
    ]);
  });

  it("are opened directly in the process's own namespace", () => {
    const { libc, log } = fakeLibc({ open: () => -2 });
    const socket = new NetlinkSocket({ libc });
    log.length = 0;
    expect(thrown(() => socket.openFile('/proc/net/ip_vs_conn')).errnoName).to.equal('ENOENT');
    expect(log).to.deep.equal(['open(/proc/net/ip_vs_conn, 524288)']);
  });
});
