import { expect } from 'chai';
import { LITTLE_ENDIAN, NetlinkError } from '@ipvs-ts/netlink';
import { doubleTransport, type KernelDouble, Messages, NLM_F } from '@ipvs-ts/netlink/testing';
import { Network } from '@ipvs-ts/director';

/** A kernel that answers each message type with datagrams made of bodies. */
class RouteKernel implements KernelDouble {
  readonly asked: { type: number; flags: number; body: string }[] = [];
  readonly #answers: Readonly<Record<number, (seq: number) => Uint8Array[]>>;

  constructor(answers: Readonly<Record<number, (seq: number) => Uint8Array[]>>) {
    this.#answers = answers;
  }

  handle(request: Uint8Array): Uint8Array[] {
    const message = new Messages(request);
    message.next();
    const body = Buffer.from(request.subarray(message.start, message.end)).toString('hex');
    this.asked.push({ type: message.type, flags: message.flags, body });
    return this.#answers[message.type]?.(message.seq) ?? [];
  }
}

const message =
  (type: number, hex: string, flags = 2) =>
  (seq: number): Uint8Array => {
    const body = Buffer.from(hex.replaceAll(' ', ''), 'hex');
    const bytes = Buffer.alloc(16 + body.length);
    bytes.writeUInt32LE(bytes.length, 0);
    bytes.writeUInt16LE(type, 4);
    bytes.writeUInt16LE(flags, 6);
    bytes.writeUInt32LE(seq, 8);
    body.copy(bytes, 16);
    return bytes;
  };
const done = message(3, '00000000');
const failure = (errno: number) =>
  message(
    2,
    `${(0x1_0000_0000 - errno).toString(16).match(/../g)?.reverse().join('')}${'00'.repeat(16)}`,
    0x100,
  );

describe('rtnetlink, a family that is not generic', function () {
  before(function () {
    // The bytes below are those of a little-endian machine.
    if (!LITTLE_ENDIAN) this.skip();
  });

  it('asks for a dump with the message type and its structure, and reads links', async () => {
    const link =
      '0000 0400 02000000 43100100 00000000  0900 0300 65746830 00000000  0800 0400 dc050000  1000 1200 0900 0100 76657468 00000000';
    const kernel = new RouteKernel({ 18: (seq) => [message(16, link)(seq), done(seq)] });
    const network = Network.open({ transport: doubleTransport(kernel) });
    expect(await network.links()).to.deep.equal([
      { index: 2, name: 'eth0', mtu: 1500, up: true, running: true, loopback: false, kind: 'veth' },
    ]);
    expect(kernel.asked).to.deep.equal([
      { type: 18, flags: NLM_F.REQUEST | NLM_F.DUMP, body: '00'.repeat(16) },
    ]);
  });

  it('looks up a route, and returns its gateway and source', async () => {
    const route =
      '02 20 00 00 fe 00 00 01 00020000  0800 0100 08080808  0800 0400 04000000  0800 0500 c0000201  0800 0700 c0000202';
    const kernel = new RouteKernel({ 26: (seq) => [message(24, route, 0)(seq)] });
    const network = Network.open({ transport: doubleTransport(kernel) });
    expect(await network.route('8.8.8.8')).to.deep.equal({
      type: 'unicast',
      link: 4,
      gateway: '192.0.2.1',
      source: '192.0.2.2',
    });
    expect(kernel.asked[0]).to.deep.equal({
      type: 26,
      flags: NLM_F.REQUEST,
      body: '022000000000000000000000' + '0800010008080808',
    });
  });

  it('lists the interfaces that lead to routers: by one hop, by several, by a hop of the other family', async () => {
    const header = (type: string): string => `02 00 00 00 fe 04 00 ${type} 00000000`;
    const routes = [
      // default via 192.0.2.1 dev 4; 10.0.0.0/24 dev 3; blackhole; local on 1
      `${header('01')} 0800 0500 c0000201 0800 0400 04000000`,
      `${header('01')} 0800 0400 03000000`,
      header('06'),
      `${header('02')} 0800 0400 01000000`,
      // nexthop dev 5 via 10.0.0.1, nexthop dev 6
      `${header('01')} 1c00 0900 1000 00 00 05000000 0800 0500 0a000001 0800 00 00 06000000`,
      // via inet6 fe80::1 dev 7
      `${header('01')} 1600 1200 0a00 fe800000000000000000000000000001 0000 0800 0400 07000000`,
    ];
    const kernel = new RouteKernel({
      26: (seq) => [...routes.map((each) => message(24, each)(seq)), done(seq)],
    });
    const network = Network.open({ transport: doubleTransport(kernel) });
    expect(await network.gatewayLinks()).to.deep.equal(new Set([4, 5, 6, 7]));
  });

  it('treats errors of look-ups as answers about the route, and others as errors', async () => {
    for (const [errno, type] of [
      [101, 'unreachable'],
      [13, 'prohibit'],
      [22, 'blackhole'],
    ] as const) {
      const network = Network.open({
        transport: doubleTransport(new RouteKernel({ 26: (seq) => [failure(errno)(seq)] })),
      });
      expect(await network.route('192.0.2.1')).to.deep.equal({ type });
    }
    const network = Network.open({
      transport: doubleTransport(new RouteKernel({ 26: (seq) => [failure(12)(seq)] })),
    });
    const error: unknown = await network.route('192.0.2.1').catch((cause: unknown) => cause);
    expect(NetlinkError.is(error, 'ERR_NETLINK_KERNEL')).to.equal(true);
  });

  it('refuses an invalid address before anything is sent', async () => {
    const kernel = new RouteKernel({});
    const network = Network.open({ transport: doubleTransport(kernel) });
    const error: unknown = await network.route('localhost').catch((cause: unknown) => cause);
    expect(error).to.be.instanceOf(RangeError);
    expect(kernel.asked).to.deep.equal([]);
  });

  it('refuses a message of another type, and one too short for its structure', async () => {
    for (const answer of [message(17, '00'.repeat(16)), message(16, '00'.repeat(8))]) {
      const network = Network.open({
        transport: doubleTransport(new RouteKernel({ 18: (seq) => [answer(seq), done(seq)] })),
      });
      const error: unknown = await network.links().catch((cause: unknown) => cause);
      expect(NetlinkError.is(error, 'ERR_NETLINK_MALFORMED'), String(error)).to.equal(true);
    }
  });

  it('asks again when a change disturbed the dump', async () => {
    let asked = 0;
    const address = '02 18 80 00 04000000  0800 0100 c0000202  0800 0200 c0000202';
    const kernel = new RouteKernel({
      22: (seq) => [message(20, address, asked++ === 0 ? 0x12 : 2)(seq), done(seq)],
    });
    const network = Network.open({ transport: doubleTransport(kernel) });
    expect(await network.addresses()).to.deep.equal([
      { link: 4, family: 'ipv4', address: '192.0.2.2', prefixLength: 24, usable: true },
    ]);
    expect(asked).to.equal(2);
  });
});
