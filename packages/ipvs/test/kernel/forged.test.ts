import { type ChildProcess, execFileSync, spawn } from 'node:child_process';
import { closeSync, mkdtempSync, openSync, readSync, rmSync, writeSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { expect } from 'chai';
import { calls, Ipvs, IpvsSync } from '@ipvs-ts/ipvs';
import { IpvsVerbsSync } from '@ipvs-ts/ipvs/verbs-sync';
import { NetlinkSocket, SOCKET, socketTransport, type Transport, type TransportSync } from '@ipvs-ts/netlink';
import { HEADER_BYTES } from '@ipvs-ts/netlink/bulk';
import { NLMSG } from '@ipvs-ts/netlink/testing';
import { loadLibc } from '../../../netlink/dist/io/libc.js';
import { inNetworkNamespace } from '../../../netlink/dist/io/netns.js';

const ECONNREFUSED = -111;
const RTM_NEWLINK = 16;

/** The process `forger.ts`, whose network namespace is the one that is managed here. */
class Forger {
  readonly netns: string;
  readonly #directory = mkdtempSync(join(tmpdir(), 'forger-'));
  readonly #process: ChildProcess;
  readonly #orders: number;
  readonly #reports: number;

  constructor() {
    const fifos = ['orders', 'reports'].map((name) => join(this.#directory, name));
    execFileSync('mkfifo', fifos);
    const program = fileURLToPath(new URL('forger.js', import.meta.url));
    this.#process = spawn(
      'unshare',
      ['--user', '--map-root-user', '--net', process.execPath, program, ...fifos],
      { stdio: 'inherit' },
    );
    this.netns = `/proc/${this.#process.pid}/ns/net`;
    // Each waits until the other side is open, so the forger is in its namespaces from here on.
    this.#orders = openSync(fifos[0] as string, 'w');
    this.#reports = openSync(fifos[1] as string, 'r');
  }

  /** Sends a datagram to all sockets of a protocol; what `send` returned for each. Waits for it. */
  send(datagram: Uint8Array, protocol: number = SOCKET.NETLINK_GENERIC): number[] {
    writeSync(this.#orders, `${protocol} ${Buffer.from(datagram).toString('hex')}\n`);
    const buffer = Buffer.alloc(4096);
    let text = '';
    while (!text.endsWith('\n')) text += buffer.toString('latin1', 0, readSync(this.#reports, buffer));
    return text.trim().split(' ').filter(Boolean).map(Number);
  }

  end(): void {
    closeSync(this.#orders);
    closeSync(this.#reports);
    this.#process.kill();
    rmSync(this.#directory, { recursive: true });
  }
}

function message(type: number, flags: number, seq: number, body: Uint8Array): Buffer {
  const bytes = Buffer.alloc(HEADER_BYTES.MESSAGE + body.length);
  bytes.writeUInt32LE(bytes.length, 0);
  bytes.writeUInt16LE(type, 4);
  bytes.writeUInt16LE(flags, 6);
  bytes.writeUInt32LE(seq, 8);
  bytes.set(body, HEADER_BYTES.MESSAGE);
  return bytes;
}

const status = (errno: number): Buffer => {
  const bytes = Buffer.alloc(4 + HEADER_BYTES.MESSAGE);
  bytes.writeInt32LE(-errno, 0);
  return bytes;
};

/** What a forger would answer to a request, were its sequence number known. */
const FORGERIES: Readonly<Record<string, (seq: number, type: number) => Buffer>> = {
  'an acknowledgement': (seq) => message(NLMSG.ERROR, 0, seq, status(0)),
  'an error': (seq) => message(NLMSG.ERROR, 0, seq, status(3)),
  'a part of a dump': (seq, type) => message(type, 2, seq, Buffer.of(1, 1, 0, 0)),
  'the end of a dump': (seq) => message(NLMSG.DONE, 2, seq, Buffer.alloc(4)),
  'bytes that are malformed': () => Buffer.from('forged'),
};

describe('answers that another process forges', () => {
  let forger: Forger;
  /** What `send` returned to the forger. */
  let returned: number[];

  before(() => {
    // Loads the module, which a client with a transport of its own does not.
    IpvsSync.open().close();
  });
  beforeEach(() => {
    forger = new Forger();
    returned = [];
  });
  afterEach(() => {
    forger.end();
  });

  /** Forges all kinds of answers for the requests in `bytes`. */
  function forge(bytes: Uint8Array | undefined): void {
    const request = Buffer.from(bytes ?? new Uint8Array(HEADER_BYTES.MESSAGE));
    for (const make of Object.values(FORGERIES))
      returned.push(...forger.send(make(request.readUInt32LE(8), request.readUInt16LE(4))));
  }

  /** A socket, with forged answers before and after each request and before each answer. */
  function besieged(socket: NetlinkSocket): TransportSync {
    let sent: Uint8Array | undefined;
    return {
      capacity: socket.capacity,
      firstSeq: socket.firstSeq,
      send: (bytes) => {
        forge((sent = bytes.slice()));
        socket.send(bytes);
        forge(sent);
      },
      receive: () => {
        forge(sent);
        return socket.receive();
      },
      close: () => {
        socket.close();
      },
    };
  }

  function besiegedAsync(socket: NetlinkSocket): Transport {
    const inner = socketTransport(socket);
    let sent: Uint8Array | undefined;
    return {
      capacity: inner.capacity,
      firstSeq: inner.firstSeq,
      send: async (bytes) => {
        forge((sent = bytes.slice()));
        await inner.send(bytes);
        forge(sent);
      },
      receive: async (working) => {
        forge(sent);
        return inner.receive(working);
      },
      close: async () => inner.close(),
    };
  }

  function expectRefused(): void {
    expect(returned).to.not.have.length(0);
    expect([...new Set(returned)]).to.deep.equal([ECONNREFUSED]);
  }

  it('reach a socket that is not connected to the kernel', () => {
    const libc = loadLibc();
    const { AF_NETLINK, SOCK_RAW, NETLINK_GENERIC } = SOCKET;
    const fd = inNetworkNamespace(libc, forger.netns, () =>
      libc.socket(AF_NETLINK, SOCK_RAW, NETLINK_GENERIC),
    );
    try {
      // By sending, it is bound to a port.
      libc.send(fd, message(NLMSG.NOOP, 0, 1, new Uint8Array(0)), 0);
      const forged = message(NLMSG.ERROR, 0, 1, status(0));
      expect(forger.send(forged)).to.deep.equal([forged.length]);
      const received = Buffer.alloc(4096);
      expect(received.subarray(0, libc.recv(fd, received, 0))).to.deep.equal(forged);
    } finally {
      libc.close(fd);
    }
  });

  it('are refused by the kernel, and change no result of the synchronous client', () => {
    const ipvs = IpvsSync.open({ transport: besieged(new NetlinkSocket({ netns: forger.netns })) });
    expect(() => {
      ipvs.deleteService('tcp:192.0.2.1:80');
    }).to.throw(/there is no service/);
    ipvs.addService('tcp:192.0.2.10:80', { scheduler: 'rr' });
    expect(() => {
      ipvs.addService('tcp:192.0.2.10:80', { scheduler: 'rr' });
    }).to.throw(/exists already/);
    const results = ipvs.batch([
      calls.deleteService('tcp:192.0.2.1:80'),
      calls.addService('tcp:192.0.2.11:80', { scheduler: 'rr' }),
      calls.deleteService('tcp:192.0.2.2:80'),
    ]);
    expect(results.map(({ ok }) => ok)).to.deep.equal([false, true, false]);
    expect(ipvs.services().map(({ key }) => key)).to.have.members(['tcp:192.0.2.10:80', 'tcp:192.0.2.11:80']);
    expect(ipvs.destinations('tcp:192.0.2.10:80')).to.deep.equal([]);
    ipvs.close();
    expectRefused();
  });

  it('are refused by the kernel, and change no result of the asynchronous client', async () => {
    const ipvs = await Ipvs.open({ transport: besiegedAsync(new NetlinkSocket({ netns: forger.netns })) });
    const failure = await ipvs.deleteService('tcp:192.0.2.1:80').catch((error: unknown) => error as Error);
    expect(failure).to.include({ code: 'ERR_IPVS_SERVICE_NOT_FOUND' });
    await ipvs.addService('tcp:192.0.2.10:80', { scheduler: 'rr' });
    const results = await ipvs.batch([
      calls.deleteService('tcp:192.0.2.1:80'),
      calls.addService('tcp:192.0.2.11:80', { scheduler: 'rr' }),
    ]);
    expect(results.map(({ ok }) => ok)).to.deep.equal([false, true]);
    expect(await ipvs.table()).to.have.length(2);
    await ipvs.close();
    expectRefused();
  });

  it('are refused by the kernel, and change no listing of the fast reader', () => {
    const ipvs = IpvsVerbsSync.open({ transport: besieged(new NetlinkSocket({ netns: forger.netns })) });
    for (const port of [80, 81, 82]) ipvs.addService(`tcp:192.0.2.10:${port}`, { scheduler: 'rr' });
    const listing = ipvs.bulkListing(
      {
        service: [{ value: 'service', as: 'endpoint' }, '\n'],
        destination: [{ value: 'destination', as: 'endpoint' }, '\n'],
      },
      { sorted: true },
    );
    expect(listing?.services()).to.equal(3);
    expect([0, 1, 2].map((index) => listing?.serviceLine(index))).to.deep.equal(
      [80, 81, 82].map((port) => `192.0.2.10:${port}\n`),
    );
    ipvs.close();
    expectRefused();
  });

  it('are refused by the kernel for rtnetlink', () => {
    const socket = new NetlinkSocket({ netns: forger.netns, protocol: SOCKET.NETLINK_ROUTE });
    for (const [what, make] of Object.entries(FORGERIES))
      expect(forger.send(make(1, RTM_NEWLINK), SOCKET.NETLINK_ROUTE), what).to.deep.equal([ECONNREFUSED]);
    expect(socket.receive()).to.equal(undefined);
    socket.close();
  });
});
