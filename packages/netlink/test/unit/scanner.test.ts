import { expect } from 'chai';
import {
  attribute,
  attributeSet,
  be16,
  binary,
  type Layout,
  Layouts,
  nest,
  NetlinkClientSync,
  NLM_F,
  NLMSG,
  type SyncTransport,
  type Take,
  u16,
  u32,
  zstring,
} from '@ipvs-ts/netlink';
import { OVERRUN, doubleTransportSync } from '@ipvs-ts/netlink/testing';

const THING = attributeSet('thing', {
  family: attribute(1, 'AF', u16, ''),
  port: attribute(2, 'PORT', be16, ''),
  weight: attribute(3, 'WEIGHT', u32, ''),
  address: attribute(4, 'ADDR', binary(0, 16), ''),
  name: attribute(5, 'NAME', zstring(15), ''),
});
const MESSAGE = attributeSet('message', { thing: attribute(1, 'THING', nest(THING), '') });
const COMMAND = 3;

type Raw = [type: number, payload: number[]];

function padded(bytes: number[]): number[] {
  return [...bytes, ...Array.from({ length: -bytes.length & 3 }, () => 0)];
}

function attr([type, payload]: Raw): number[] {
  const length = payload.length + 4;
  return [length & 255, length >> 8, type & 255, type >> 8, ...payload];
}

/** A message with `attributes` in its nest; its sequence number is put in later. */
function message(
  attributes: Raw[],
  { type = 40, flags = 2, command = COMMAND, outer = 1, more = [] as number[] } = {},
): number[] {
  const inside = attributes.flatMap((each) => padded(attr(each)));
  return raw(type, flags, [command, 1, 0, 0, ...attr([outer | 0x8000, inside]), ...more]);
}

function raw(type: number, flags: number, body: number[]): number[] {
  const length = 16 + body.length;
  return padded([
    length & 255,
    length >> 8,
    0,
    0,
    type,
    type >> 8,
    flags & 255,
    flags >> 8,
    0,
    0,
    0,
    0,
    9,
    9,
    0,
    0,
    ...body,
  ]);
}

const thing = (weight: number, port = 80, family = 2): Raw[] => [
  [1, [family, 0]],
  [4, [10, 0, 0, 1]],
  [2, [port >> 8, port & 255]],
  [3, [weight & 255, weight >> 8, 0, 0]],
];
const DONE = raw(NLMSG.DONE, NLM_F.MULTI, [0, 0, 0, 0]);

/** A client whose kernel answers each request with these datagrams, under its sequence number. */
function client(...datagrams: (number[] | typeof OVERRUN)[]): {
  client: NetlinkClientSync;
  left: () => number;
} {
  const transport = doubleTransportSync({
    handle: (request) =>
      datagrams.map((datagram) => {
        if (datagram === OVERRUN) return OVERRUN;
        const bytes = Uint8Array.from(datagram);
        const view = new DataView(bytes.buffer);
        for (let at = 0; at + 16 <= bytes.length;) {
          if (view.getUint32(at + 8, true) === 0) bytes.set(request.subarray(8, 12), at + 8);
          at += Math.max(16, (view.getUint32(at, true) + 3) & ~3);
        }
        return bytes;
      }),
  });
  return {
    client: new NetlinkClientSync(transport),
    left: () => {
      let count = 0;
      while (transport.receive() !== undefined) count += 1;
      return count;
    },
  };
}

function layouts(): Layouts<(typeof THING)['attributes']> {
  return new Layouts({
    command: COMMAND,
    nest: MESSAGE.attributes.thing,
    wanted: { weight: 4, port: 2 },
    only: { family: 2 },
  });
}

interface Scanned {
  whole: boolean;
  /** Weight and port. */
  found: [number, number][];
  learnt: number;
  left: number;
}

function scan(...datagrams: (number[] | typeof OVERRUN)[]): Scanned {
  const kernel = client(...datagrams);
  const known = layouts();
  const found: [number, number][] = [];
  const take: Take = (words, view, at, { payloads: [weight = 0, port = 0] }) => {
    expect(words[(at + weight) >> 2]).to.equal(view.getInt32(at + weight, true));
    found.push([view.getInt32(at + weight, true), view.getUint16(at + port)]);
    return true;
  };
  const request = new Uint8Array(20);
  const whole = kernel.client.scan({ message: request, view: new DataView(request.buffer) }, known, take);
  return { whole, found, learnt: known.known.length, left: kernel.left() };
}

describe('scans of dumps', () => {
  it('read messages that look alike at the places of the first', () => {
    const long = [...message(thing(1)), ...message(thing(300, 8080)), ...message(thing(65_535))];
    expect(scan(long, message(thing(4)), DONE)).to.deep.equal({
      whole: true,
      found: [
        [1, 80],
        [300, 8080],
        [65_535, 80],
        [4, 80],
      ],
      learnt: 1,
      left: 0,
    });
  });

  it('read an empty dump, with and without a status, and an end in the same datagram', () => {
    expect(scan(DONE)).to.deep.include({ whole: true, found: [] });
    expect(scan(raw(NLMSG.DONE, NLM_F.MULTI, []))).to.deep.include({ whole: true, found: [] });
    expect(scan([...message(thing(1)), ...DONE])).to.deep.include({ whole: true, found: [[1, 80]] });
  });

  it('learn another layout where anything lies elsewhere, and keep both', () => {
    const named = (weight: number, name: number[]): Raw[] => [[5, name], ...thing(weight)];
    const shuffled = thing(7).reverse();
    const { whole, found, learnt } = scan(
      [
        ...message(thing(1)),
        ...message(named(2, [97, 0])),
        ...message(thing(3)),
        ...message(named(4, [98, 0])),
      ],
      [...message(shuffled), ...message(named(5, [97, 97, 97, 97, 0])), ...message(named(6, [98, 0]))],
      DONE,
    );
    expect(whole).to.equal(true);
    expect(found.map(([weight]) => weight)).to.deep.equal([1, 2, 3, 4, 7, 5, 6]);
    expect(learnt).to.equal(4);
  });

  it('keep no more than sixteen layouts', () => {
    const all = Array.from({ length: 40 }, (_, length) =>
      message([[9, Array.from({ length: length * 4 }, () => 1)], ...thing(length)]),
    );
    const { whole, found, learnt } = scan(...all, DONE);
    expect(whole).to.equal(true);
    expect(found).to.have.length(40);
    expect(learnt).to.equal(16);
  });

  it('take the last of duplicates, as the kernel does', () => {
    expect(scan(message([...thing(1), ...thing(2).slice(3)]), DONE).found).to.deep.equal([[2, 80]]);
  });

  const one = message(thing(1));
  const odd: Record<string, (number[] | typeof OVERRUN)[]> = {
    'another value where only one is due': [message(thing(1, 80, 10)), DONE],
    'an attribute that is missing': [message(thing(1).slice(0, 3)), DONE],
    'an attribute that is too short': [message([...thing(1).slice(0, 3), [3, [1, 0]]]), DONE],
    'another command': [message(thing(1), { command: 4 }), DONE],
    'another nest': [message(thing(1), { outer: 2 }), DONE],
    'a second attribute beside the nest': [message(thing(1), { more: [4, 0, 2, 0] }), DONE],
    'no body': [raw(40, 2, []), DONE],
    'an error in the place of data': [
      raw(NLMSG.ERROR, 0, [...[0xff, 0xff, 0xff, 0xff], ...Array.from({ length: 16 }, () => 0)]),
    ],
    'an error at the end': [one, raw(NLMSG.DONE, NLM_F.MULTI, [0xf0, 0xff, 0xff, 0xff])],
    'a dump that was disturbed': [message(thing(1), { flags: 2 | NLM_F.DUMP_INTR }), DONE],
    'a disturbance told at the end': [one, raw(NLMSG.DONE, NLM_F.MULTI | NLM_F.DUMP_INTR, [0, 0, 0, 0])],
    'no end': [one, one],
    nothing: [],
    'answers that were dropped': [one, OVERRUN, DONE],
    'a message longer than its datagram': [one.map((byte, index) => (index === 1 ? 1 : byte)), DONE],
    'a header cut off': [[...one, 1, 2, 3, 4], DONE],
    'an attribute longer than its nest': [one.map((byte, index) => (index === 24 ? 200 : byte)), DONE],
    'another sequence number': [one.map((byte, index) => (index === 11 ? 9 : byte)), DONE],
    'another sequence number after the first': [
      one,
      one.map((byte, index) => (index === 11 ? 9 : byte)),
      DONE,
    ],
    'an end with another sequence number': [one, DONE.map((byte, index) => (index === 11 ? 9 : byte)), DONE],
  };
  for (const [what, datagrams] of Object.entries(odd)) {
    it(`give up, and leave nothing behind, at ${what}`, () => {
      expect(scan(...datagrams)).to.deep.include({ whole: false, left: 0 });
    });
  }

  it('give up where the reader does', () => {
    const kernel = client(message(thing(1)), message(thing(2)), DONE);
    const request = new Uint8Array(20);
    const packed = { message: request, view: new DataView(request.buffer) };
    const seen: Layout[] = [];
    const take: Take = (_words, _view, _at, layout) => seen.push(layout) < 1;
    expect(kernel.client.scan(packed, layouts(), take)).to.equal(false);
    expect(seen).to.have.length(1);
    expect(kernel.left()).to.equal(0);
  });

  it('read datagrams that do not start at a multiple of four', () => {
    const buffer = Uint8Array.from([0, ...message(thing(1)), ...message(thing(5))]);
    const queue: Uint8Array[] = [];
    const transport: SyncTransport = {
      capacity: 10,
      send: (bytes) => {
        for (const place of [0, (buffer.length - 1) / 2]) buffer.set(bytes.subarray(8, 12), place + 9);
        const done = Uint8Array.from(DONE);
        done.set(bytes.subarray(8, 12), 8);
        queue.push(buffer.subarray(1), done);
      },
      receive: () => queue.shift(),
      close: () => undefined,
    };
    const found: number[] = [];
    const request = new Uint8Array(20);
    const take: Take = (words, _view, at, { payloads: [weight = 0] }) => {
      found.push(words[(at + weight) >> 2] ?? 0);
      return true;
    };
    const packed = { message: request, view: new DataView(request.buffer) };
    expect(new NetlinkClientSync(transport).scan(packed, layouts(), take)).to.equal(true);
    expect(found).to.deep.equal([1, 5]);
  });

  it('throw when the client is closed', () => {
    const { client: closed } = client(DONE);
    closed.close();
    const request = new Uint8Array(20);
    const packed = { message: request, view: new DataView(request.buffer) };
    expect(() => closed.scan(packed, layouts(), () => true))
      .to.throw()
      .and.include({ code: 'ERR_NETLINK_CLOSED' });
  });
});
