import { expect } from 'chai';
import {
  attribute,
  attributeSet,
  be16,
  binary,
  nest,
  NetlinkClientSync,
  u16,
  u32,
  zstring,
} from '@ipvs-ts/netlink';
import { DumpLister, type DumpRecords, type LinePart, type RecordValue } from '@ipvs-ts/netlink/bulk';
import { doubleTransportSync, NLM_F, NLMSG, OVERRUN } from '@ipvs-ts/netlink/testing';

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

interface Scanned {
  whole: boolean;
  /** Weight and port, in order. */
  found: [number, number][];
  kept: number[];
  left: number;
}

const VALUES: Record<string, RecordValue> = {
  weight: { word: 1, as: 'u32' },
  port: { word: 2, as: 'be16' },
};

/** A reader of things, what it keeps of special ones, and the dump of them. */
function loaded(values = VALUES): { reader: DumpLister; dump: DumpRecords; kept: number[] } {
  const kept: number[] = [];
  const reader = DumpLister.load((view, at, end) => kept.push(view.getUint32(at, true) * 1000 + end - at));
  if (reader === undefined) throw new Error('no WebAssembly here');
  const dump = reader.dump({ command: COMMAND, nest: MESSAGE.attributes.thing, values, only: { family: 2 } });
  return { reader, dump, kept };
}

function request(): { message: Uint8Array; view: DataView } {
  const message = new Uint8Array(20);
  return { message, view: new DataView(message.buffer) };
}

function scan(...datagrams: (number[] | typeof OVERRUN)[]): Scanned {
  return scanAs(VALUES, ...datagrams);
}

function scanAs(values: Record<string, RecordValue>, ...datagrams: (number[] | typeof OVERRUN)[]): Scanned {
  const kernel = client(...datagrams);
  const { reader, dump, kept } = loaded(values);
  reader.begin(dump);
  const whole = kernel.client.scan(request(), reader);
  if (whole) reader.end();
  const found = Array.from({ length: dump.count }, (_, index): [number, number] => [
    reader.word(dump, index, 1),
    reader.word(dump, index, 2),
  ]);
  return { whole, found, kept, left: kernel.left() };
}

/** The lines of things, as `line` says. */
function lines(values: Record<string, RecordValue>, line: readonly LinePart[], things: Raw[][]): string {
  const kernel = client(...things.map((each) => message(each)), DONE);
  const { reader, dump } = loaded(values);
  reader.begin(dump);
  expect(kernel.client.scan(request(), reader)).to.equal(true);
  expect(reader.end()).to.equal(true);
  let text = '';
  reader.write(reader.line(line), dump, 0, dump.count, (piece) => {
    expect(piece.length).to.be.greaterThan(60_000);
    text += piece;
  });
  return text + reader.lines();
}

describe('readers of dumps', () => {
  it('read messages that look alike at the places of the first', () => {
    const long = [...message(thing(1)), ...message(thing(300, 8080)), ...message(thing(65_535))];
    expect(scan(long, message(thing(4)), DONE)).to.deep.equal({
      whole: true,
      found: [
        [1, 80],
        [4, 80],
        [300, 8080],
        [65_535, 80],
      ],
      kept: [],
      left: 0,
    });
  });

  it('read an empty dump, and an end in the same datagram, and leave ends of another form to others', () => {
    expect(scan(DONE)).to.deep.include({ whole: true, found: [] });
    expect(scan(raw(NLMSG.DONE, NLM_F.MULTI, []))).to.deep.include({ whole: false, left: 0 });
    expect(scan([...DONE, ...DONE])).to.deep.include({ whole: false, left: 0 });
    expect(scan([...message(thing(1)), ...DONE])).to.deep.include({ whole: true, found: [[1, 80]] });
  });

  it('learn another layout where anything lies elsewhere, and keep them', () => {
    const named = (weight: number, name: number[]): Raw[] => [[5, name], ...thing(weight)];
    const { whole, found } = scan(
      [
        ...message(thing(1)),
        ...message(named(2, [97, 0])),
        ...message(thing(3)),
        ...message(named(4, [98, 0])),
      ],
      [
        ...message(thing(7).reverse()),
        ...message(named(5, [97, 97, 97, 97, 0])),
        ...message(named(6, [98, 0])),
      ],
      DONE,
    );
    expect(whole).to.equal(true);
    expect(found.map(([weight]) => weight)).to.deep.equal([1, 2, 3, 4, 5, 6, 7]);
  });

  it('know a layout again that they have learnt, however often they change', () => {
    const both = Array.from({ length: 5000 }, (_, weight) =>
      message(weight % 2 === 0 ? thing(weight) : [[5, [97, 0]], ...thing(weight)]),
    );
    expect(scan(...both, DONE).found).to.have.length(5000);
  });

  it('give up when there are more layouts than there is room for', () => {
    const some = (count: number): number[][] =>
      Array.from({ length: count }, (_, length) =>
        message([[9, Array.from({ length: length * 4 }, () => 1)], ...thing(length)]),
      );
    expect(scan(...some(40), DONE).found).to.have.length(40);
    expect(scan(...some(1000), DONE)).to.deep.include({ whole: false, left: 0 });
  });

  it('take the last of duplicates, as the kernel does', () => {
    expect(scan(message([...thing(1), ...thing(2).slice(3)]), DONE).found).to.deep.equal([[2, 80]]);
  });

  it('put records in order, in whatever they come', () => {
    const orders = {
      rising: [1, 2, 3, 4, 5],
      falling: [5, 4, 3, 2, 1],
      mixed: Array.from({ length: 3000 }, (_, index) => (index * 7919) % 60_001),
    };
    for (const [name, weights] of Object.entries(orders)) {
      const { found } = scan(...weights.map((weight) => message(thing(weight))), DONE);
      const sorted = [...weights].sort((left, right) => left - right);
      expect(
        found.map(([weight]) => weight),
        name,
      ).to.deep.equal(sorted);
    }
    const ports = [message(thing(2, 80)), message(thing(1, 99)), message(thing(2, 8)), message(thing(1, 7))];
    expect(scan(...ports, DONE).found).to.deep.equal([
      [1, 7],
      [1, 99],
      [2, 8],
      [2, 80],
    ]);
  });

  it('have no order for what comes twice, or lies half of all numbers apart', () => {
    const ordered = (...weights: number[]): boolean => {
      const { reader, dump } = loaded({ weight: { word: 1, as: 'be32' }, port: { word: 2, as: 'be16' } });
      reader.begin(dump);
      const things = weights.map((weight): Raw[] =>
        thing(0).map((each) =>
          each[0] === 3 ? [3, [24, 16, 8, 0].map((shift) => (weight >>> shift) & 255)] : each,
        ),
      );
      expect(client(...things.map((each) => message(each)), DONE).client.scan(request(), reader)).to.equal(
        true,
      );
      return reader.end();
    };
    expect(ordered(1, 2, 3)).to.equal(true);
    expect(ordered(3, 1, 3)).to.equal(false);
    expect(ordered(3, 3)).to.equal(false);
    expect(ordered(0, 2 ** 31 - 1)).to.equal(true);
    expect(ordered(0, 2 ** 31)).to.equal(false);
    expect(ordered(2 ** 32 - 1, 5, 2 ** 31)).to.equal(false);
  });

  it('hold more records than their memory has room for at first', () => {
    const all = Array.from({ length: 40_000 }, (_, index) => message(thing(index % 65_536, 1)));
    const datagrams = Array.from({ length: 40 }, (_, index) =>
      all.slice(index * 1000, (index + 1) * 1000).flat(),
    );
    const { found, whole } = scan(...datagrams, DONE);
    expect(whole).to.equal(true);
    expect(found).to.have.length(40_000);
    expect(found[39_999]).to.deep.equal([39_999, 1]);
  }).timeout(10_000);

  it('read a second dump behind the first, and write records of one into the request of the other', () => {
    const { reader, dump } = loaded();
    const other = reader.dump({ command: COMMAND, nest: MESSAGE.attributes.thing, values: VALUES });
    const addressed = reader.request(Uint8Array.from(message(thing(0))), [
      [],
      [{ as: 'be32', at: 32 }],
      [
        { as: 'be16', at: 40 },
        { as: 'u16', at: 48 },
      ],
    ]);
    reader.begin(dump);
    expect(client(message(thing(5, 513)), DONE).client.scan(request(), reader)).to.equal(true);
    expect(reader.end()).to.equal(true);
    const many = Array.from({ length: 30_000 }, (_, index) => message(thing(index)));
    reader.begin(other, dump);
    expect(client(...many, DONE).client.scan(request(), reader)).to.equal(true);
    expect(reader.end()).to.equal(true);
    reader.address(addressed, dump, 0);
    const { message: bytes, view } = addressed;
    expect([...bytes.subarray(32, 36), ...bytes.subarray(40, 42), ...bytes.subarray(48, 50)]).to.deep.equal([
      ...[0, 0, 0, 5],
      ...[2, 1],
      ...[1, 2],
    ]);
    expect(view.getUint32(0, true)).to.equal(bytes.length);
    expect(reader.word(other, 29_999, 1)).to.equal(29_999);
  });

  it('keep messages that are special, and say which', () => {
    const values = { ...VALUES, weight: { word: 3, as: 'special', mask: ~2 } } as const;
    const kernel = client(
      message(thing(2, 1)),
      message(thing(7, 2)),
      message(thing(0, 3)),
      message(thing(4, 4)),
      DONE,
    );
    const { reader, dump, kept } = loaded(values);
    reader.begin(dump);
    expect(kernel.client.scan(request(), reader)).to.equal(true);
    expect(reader.end()).to.equal(true);
    expect([0, 1, 2, 3].map((index) => reader.word(dump, index, 3))).to.deep.equal([0, 1, 0, 2]);
    expect(kept).to.deep.equal([56_056, 56_056]);
  });

  it('write lines of numbers, addresses, names and texts, padded to widths', () => {
    const values: Record<string, RecordValue> = {
      address: { word: 1, as: 'be32' },
      port: { word: 2, as: 'be16' },
      weight: {
        word: 3,
        as: 'u32',
        words: new Map([
          [7, 'seven'],
          [0, ''],
        ]),
      },
      name: { word: 4, as: 'text' },
    };
    const line: LinePart[] = [
      { width: 9, parts: ['<', { word: 2, as: 'number' }, '>'] },
      { word: 1, as: 'address' },
      ' a longer text; ',
      { width: 3, parts: [{ word: 3, as: values['weight']?.words ?? new Map<number, string>() }] },
      '|',
      { word: 4, as: 'text' },
      '\n',
    ];
    const one = (last: number, port: number, weight: number, name: string): Raw[] => [
      ...thing(weight, port).map((each): Raw => (each[0] === 4 ? [4, [255, 0, 10, last]] : each)),
      [5, [...Buffer.from(`${name}\0`)]],
    ];
    expect(
      lines(values, line, [
        one(100, 65_535, 0, 'wlc'),
        one(9, 0, 7, 'a'),
        one(10, 100, 7, 'fifteen letters'),
        one(255, 9, 0, 'x'),
      ]),
    ).to.equal(
      [
        '<0>      255.0.10.9 a longer text; seven|a',
        '<100>    255.0.10.10 a longer text; seven|fifteen letters',
        '<65535>  255.0.10.100 a longer text;    |wlc',
        '<9>      255.0.10.255 a longer text;    |x',
        '',
      ].join('\n'),
    );
  });

  it('write any number, and more lines than there is room for', () => {
    const numbers = [0, 1, 9, 10, 99, 100, 101, 999, 1000, 65_535, 65_536, 4_294_967_294, 4_294_967_295];
    const values: Record<string, RecordValue> = {
      address: { word: 3, as: 'be32' },
      port: { word: 2, as: 'be16' },
    };
    const all = Array.from({ length: 10_000 }, (_, index) => numbers[index % numbers.length] as number);
    const things = all.map((each, index): Raw[] =>
      thing(0, index).map((raw) =>
        raw[0] === 4 ? [4, [24, 16, 8, 0].map((shift) => (each >>> shift) & 255)] : raw,
      ),
    );
    const text = lines(values, [{ word: 3, as: 'number' }, ' the rest of the line, which is long\n'], things);
    expect(text.split('\n').map((line) => line.split(' ')[0])).to.deep.equal([...all.map(String), '']);
  }).timeout(10_000);

  const one = message(thing(1));
  const odd: Record<string, (number[] | typeof OVERRUN)[]> = {
    'another value where only one is expected': [message(thing(1, 80, 10)), DONE],
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

  it('give up at a value that is larger than any known, or has no name', () => {
    const least = (value: RecordValue): boolean =>
      scanAs({ ...VALUES, weight: value }, message(thing(7)), DONE).whole;
    expect(least({ word: 1, as: 'u32', most: 7 })).to.equal(true);
    expect(least({ word: 1, as: 'u32', most: 6 })).to.equal(false);
    expect(least({ word: 1, as: 'u32', mask: 3, most: 3 })).to.equal(true);
    expect(least({ word: 1, as: 'u32', words: new Map([[7, 'x']]) })).to.equal(true);
    expect(least({ word: 1, as: 'u32', words: new Map([[6, 'x']]) })).to.equal(false);
  });

  it('give up at a text that is empty, too long or not ASCII', () => {
    const named = (name: number[]): boolean =>
      scanAs({ ...VALUES, name: { word: 4, as: 'text' } }, message([...thing(1), [5, name]]), DONE).whole;
    const letters = (count: number): number[] => Array.from({ length: count }, () => 97);
    expect(named([97, 0])).to.equal(true);
    expect(named([97])).to.equal(true);
    expect(named([...letters(15), 0])).to.equal(true);
    expect(named(letters(15))).to.equal(true);
    expect(named([...letters(16), 0])).to.equal(false);
    expect(named([0])).to.equal(false);
    expect(named([97, 0x80, 0])).to.equal(false);
  });

  it('give up at a datagram that is larger than their memory for it', () => {
    const { reader, dump } = loaded();
    reader.begin(dump);
    expect(reader.read(new Uint8Array(65_537), 1)).to.equal('unexpected');
  });

  it('throw when the client is closed', () => {
    const { client: closed } = client(DONE);
    closed.close();
    expect(() => closed.scan(request(), loaded().reader))
      .to.throw()
      .and.include({ code: 'ERR_NETLINK_CLOSED' });
  });

  it('refuse lines for which there is no room', () => {
    const { reader } = loaded();
    expect(() => {
      for (;;) reader.line(['x'.repeat(500)]);
    }).to.throw(RangeError, 'the memory of a WebAssembly module is full');
    const long: LinePart = { width: 400, parts: ['x'.repeat(475), { word: 1, as: 'number' }] };
    expect(() => reader.line([long, { word: 2, as: new Map([[1, 'x'.repeat(16)]]) }])).to.throw(
      RangeError,
      'a line of up to 501 bytes, of 500 that there may be',
    );
  });
});
