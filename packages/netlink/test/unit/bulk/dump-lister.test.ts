import { expect } from 'chai';
import fc from 'fast-check';
import {
  attribute,
  attributeSet,
  be16,
  binary,
  nest,
  NetlinkClientSync,
  NetlinkError,
  u16,
  u32,
  u64,
  zstring,
} from '@ipvs-ts/netlink';
import {
  type DumpForm,
  DumpLister,
  type DumpRecords,
  type FormLines,
  keptPart,
  type LinePart,
  type NameMessage,
  type Place,
  type RecordValue,
} from '@ipvs-ts/netlink/bulk';
import { doubleTransportSync, NLM_F, NLMSG, OVERRUN } from '@ipvs-ts/netlink/testing';

const THING = attributeSet('thing', {
  family: attribute(1, 'AF', u16, ''),
  port: attribute(2, 'PORT', be16, ''),
  weight: attribute(3, 'WEIGHT', u32, ''),
  address: attribute(4, 'ADDR', binary(0, 16), ''),
  name: attribute(5, 'NAME', zstring(15), ''),
  counts: attribute(6, 'COUNTS', nest(attributeSet('counts', { total: attribute(1, 'TOTAL', u64, '') })), ''),
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

/** A message with nested `attributes`; its sequence number is written later. */
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
  const double = doubleTransportSync({
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
  const transport = isDirect
    ? { ...double, receiveInto: (room: Uint8Array) => put(double.receive(), room) }
    : double;
  return {
    client: new NetlinkClientSync(transport),
    left: () => {
      let count = 0;
      while (transport.receive() !== undefined) count += 1;
      return count;
    },
  };
}

/** Whether transports store datagrams in the buffer of their reader, as sockets do. */
let isDirect = false;

function put(datagram: Uint8Array | undefined, room: Uint8Array): number | undefined {
  if (datagram === undefined) return undefined;
  const { length } = datagram;
  if (length > room.length) throw new NetlinkError('ERR_NETLINK_TRUNCATED', `${length} bytes`);
  room.set(datagram);
  return length;
}

interface Scanned {
  whole: boolean;
  /** Weight and port, in order. */
  found: [number, number][];
  left: number;
}

/** Weight and port, which determine the order, and the number of the form. */
const FORM = 2;
const WEIGHT: RecordValue = { attribute: 'weight', word: 0, as: 'u32' };
const PORT: RecordValue = { attribute: 'port', word: 1, as: 'be16' };
const VALUES = [WEIGHT, PORT];

type Form = DumpForm<(typeof THING)['attributes']>;

/** A form of IPv4 items, printed by `lines`. */
function form(values: readonly RecordValue[], lines: FormLines = { line: ['\n'] }, only = 2): Form {
  return { values, wanted: [], only: { family: only }, lines: () => lines };
}

function dumpOf(reader: DumpLister, ...forms: Form[]): DumpRecords {
  return reader.dump({
    ...{ command: COMMAND, nest: MESSAGE.attributes.thing, words: 20, key: 2, form: FORM },
    forms: forms.map((each) => () => each),
  });
}

/** A lister, and a dump of items. */
function loaded(values = VALUES): { reader: DumpLister; dump: DumpRecords } {
  const reader = DumpLister.load();
  if (reader === undefined) throw new Error('no WebAssembly here');
  return { reader, dump: dumpOf(reader, form(values)) };
}

function request(): { message: Uint8Array; view: DataView } {
  const message = new Uint8Array(20);
  return { message, view: new DataView(message.buffer) };
}

function scan(...datagrams: (number[] | typeof OVERRUN)[]): Scanned {
  return scanAs(VALUES, ...datagrams);
}

function scanAs(values: readonly RecordValue[], ...datagrams: (number[] | typeof OVERRUN)[]): Scanned {
  const kernel = client(...datagrams);
  const { reader, dump } = loaded([...values]);
  reader.begin(dump);
  const whole = kernel.client.scan(request(), reader);
  const count = whole ? (reader.hold(true) ?? 0) : 0;
  const found = Array.from({ length: count }, (_, index): [number, number] => [
    reader.word(index, 0),
    reader.word(index, 1),
  ]);
  return { whole, found, left: kernel.left() };
}

/** The lines of the items of a query, printed by `line`, below the item that is queried. */
function lines(
  values: readonly RecordValue[],
  line: readonly LinePart[],
  things: Raw[][],
  sorted = true,
  name?: NameMessage,
): string {
  const reader = DumpLister.load(name);
  if (reader === undefined) throw new Error('no WebAssembly here');
  const answer = dumpOf(reader, form(values, { line }));
  const asked = { message: Uint8Array.from(message(thing(0))), places: [], answer };
  reader.begin(dumpOf(reader, form(VALUES, { line: ['above\n'], request: asked })));
  expect(client(message(thing(1)), DONE).client.scan(request(), reader)).to.equal(true);
  expect(reader.hold(true)).to.equal(1);
  const kernel = client(...things.map((each) => message(each)), DONE);
  expect(kernel.client.scan(reader.ask(0), reader)).to.equal(true);
  let text = '';
  const count = reader.print(0, sorted, (piece) => {
    expect(piece.length).to.be.greaterThan(60_000);
    text += piece;
  });
  expect(count).to.equal(things.length);
  text += reader.lines();
  expect(text.slice(0, 6)).to.equal('above\n');
  return text.slice(6);
}

/** The order of listings: a merge sort like glibc's. */
function mergeSorted(items: readonly [number, number][]): [number, number][] {
  if (items.length < 2) return [...items];
  const middle = items.length >> 1;
  const left = mergeSorted(items.slice(0, middle));
  const right = mergeSorted(items.slice(middle));
  const merged: [number, number][] = [];
  while (left.length > 0 && right.length > 0) {
    const [one, other] = [left[0], right[0]] as [[number, number], [number, number]];
    const difference = (one[0] - other[0]) | 0 || one[1] - other[1];
    merged.push((difference <= 0 ? left : right).shift() as [number, number]);
  }
  return [...merged, ...left, ...right];
}

function describeReaders(): void {
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

  it('put records in order, whatever order they come in', () => {
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

  it('order duplicates, and numbers half the range apart, as a merge sort by differences does', () => {
    const far = fc.constantFrom(0, 1, 2 ** 31 - 1, 2 ** 31, 2 ** 31 + 1, 2 ** 32 - 1);
    const weight = fc.oneof(far, fc.integer({ min: 0, max: 2 ** 32 - 1 }), fc.integer({ min: 0, max: 20 }));
    fc.assert(
      fc.property(fc.array(fc.tuple(weight, fc.integer({ min: 0, max: 3 })), { maxLength: 40 }), (things) => {
        const messages = things.map(([weightOf, port]) =>
          message(
            thing(0, port).map((each) =>
              each[0] === 3 ? [3, [0, 8, 16, 24].map((shift) => (weightOf >>> shift) & 255)] : each,
            ),
          ),
        );
        expect(scan(...messages, DONE).found).to.deep.equal(mergeSorted(things));
      }),
    );
  });

  it('order by numbers on request', () => {
    const { reader, dump } = loaded();
    const far = [2 ** 32 - 1, 1, 2 ** 31, 0, 2 ** 31 - 1, 2 ** 31 + 1, 1];
    reader.begin(dump);
    const things = far.map((weight) =>
      message(
        thing(0).map((each) =>
          each[0] === 3 ? [3, [0, 8, 16, 24].map((shift) => (weight >>> shift) & 255)] : each,
        ),
      ),
    );
    expect(client(...things, DONE).client.scan(request(), reader)).to.equal(true);
    expect(reader.hold('numeric')).to.equal(far.length);
    expect(far.map((_, index) => reader.word(index, 0))).to.deep.equal(far.toSorted((a, b) => a - b));
  });

  it('leave records in the order in which they come on request', () => {
    const { reader, dump } = loaded();
    reader.begin(dump);
    const things = [3, 1, 2].map((weight) => message(thing(weight)));
    expect(client(...things, DONE).client.scan(request(), reader)).to.equal(true);
    expect(reader.hold(false)).to.equal(3);
    expect([0, 1, 2].map((index) => reader.word(index, 0))).to.deep.equal([3, 1, 2]);
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

  it('ask about records that are held, and print them with the records of the answer below', () => {
    const { reader } = loaded();
    const kept: LinePart[] = ['of ', { word: 0, as: 'number' }, ': '];
    const answer = dumpOf(reader, form(VALUES, { line: [keptPart(kept), { word: 0, as: 'number' }, '\n'] }));
    const places: Place[][] = [
      [{ as: 'be32', at: 32 }],
      [
        { as: 'be16', at: 40 },
        { as: 'u16', at: 48 },
      ],
    ];
    const asked = { message: Uint8Array.from(message(thing(0))), places, answer };
    const line: LinePart[] = [{ word: 0, as: 'number' }, '\n'];
    reader.begin(dumpOf(reader, form(VALUES, { line, kept, request: asked })));
    const above = client(message(thing(5, 513)), message(thing(4, 513)), DONE);
    expect(above.client.scan(request(), reader)).to.equal(true);
    expect(reader.hold(true)).to.equal(2);
    const addressed = reader.ask(1);
    const { message: bytes } = addressed;
    expect([...bytes.subarray(32, 36), ...bytes.subarray(40, 42), ...bytes.subarray(48, 50)]).to.deep.equal([
      ...[0, 0, 0, 5],
      ...[2, 1],
      ...[1, 2],
    ]);
    // The memory grows meanwhile.
    const many = Array.from({ length: 30_000 }, (_, index) => message(thing(index)));
    expect(client(...many, DONE).client.scan(addressed, reader)).to.equal(true);
    let text = '';
    expect(reader.print(1, true, (piece) => (text += piece))).to.equal(30_000);
    text += reader.lines();
    expect(text).to.equal(['5', ...many.map((_, index) => `of 5: ${index}`), ''].join('\n'));
    expect(addressed.view.getUint32(0, true)).to.equal(addressed.length);
    expect(client(DONE).client.scan(reader.ask(0), reader)).to.equal(true);
    expect(reader.print(0, true, () => undefined)).to.equal(0);
    expect(reader.lines()).to.equal('');
    expect(reader.lineOf(0)).to.equal('4\n');
    expect(client(message(thing(9)), message(thing(8)), DONE).client.scan(reader.ask(0), reader)).to.equal(
      true,
    );
    expect(reader.print(0, false, () => undefined)).to.equal(2);
    expect(reader.lines()).to.equal('4\nof 4: 9\nof 4: 8\n');
  }).timeout(10_000);

  it('distinguish forms and print each by its own line, or give up at a second form where all must have one', () => {
    const things = [message(thing(3, 1, 10)), message(thing(1)), message(thing(2, 1, 10))];
    for (const uniform of [false, true]) {
      const { reader } = loaded();
      const line = (name: string): FormLines => ({ line: [name, { word: 0, as: 'number' }] });
      const dump = reader.dump({
        ...{ command: COMMAND, nest: MESSAGE.attributes.thing, words: 3, key: 2, form: FORM, uniform },
        forms: [() => form(VALUES, line('four ')), () => form(VALUES, line('six '), 10)],
      });
      reader.begin(dump);
      expect(client(...things, DONE).client.scan(request(), reader)).to.equal(!uniform);
      if (uniform) continue;
      expect(reader.hold(true)).to.equal(3);
      expect([0, 1, 2].map((index) => reader.lineOf(index))).to.deep.equal(['four 1', 'six 2', 'six 3']);
      expect([0, 1, 2].map((index) => reader.word(index, FORM))).to.deep.equal([0, 1, 1]);
    }
  });

  it('ask the caller about a message that is special, and give up if it has no name', () => {
    const values: RecordValue[] = [PORT, { ...WEIGHT, word: 3, as: 'named', mask: ~2 }];
    const seen: number[] = [];
    const name =
      (text: (count: number) => string | undefined): NameMessage =>
      (view, at, end) => {
        seen.push(view.getUint32(at, true) * 1000 + end - at);
        return text(seen.length);
      };
    const things = [thing(2, 1), thing(7, 2), thing(0, 3), thing(4, 4)];
    const line: LinePart[] = [
      { word: 1, as: 'number' },
      { when: [{ word: 3, not: 0 }], parts: [' ', { word: 3, as: 'named' }], otherwise: [' usual'] },
      '\n',
    ];
    const text = lines(
      values,
      line,
      things,
      true,
      name((count) => `special ${count % 2}`),
    );
    expect(text).to.equal('1 usual\n2 special 1\n3 usual\n4 special 0\n');
    expect(seen).to.deep.equal([56_056, 56_056]);
    for (const wrong of [undefined, 'x'.repeat(65)]) {
      const reader = DumpLister.load(() => wrong) as DumpLister;
      reader.begin(dumpOf(reader, form(values)));
      expect(client(message(thing(4)), DONE).client.scan(request(), reader)).to.equal(false);
    }
  });

  it('omit parts whose values are not in a set, or are the default', () => {
    const when = { word: 0, among: [1, 3] } as const;
    const inner: LinePart = { when: [{ word: 1, not: 80 }], parts: ['-', { word: 1, as: 'number' }] };
    const line: LinePart[] = [
      {
        when: [when, { word: 0, not: 3 }],
        parts: ['one', inner],
        otherwise: [{ when: [when], parts: ['three'] }],
      },
      ';',
    ];
    const things = [thing(0), thing(1), thing(1, 81), thing(2), thing(3), thing(31), thing(4)];
    expect(lines(VALUES, line, things, false)).to.equal(';one;one-81;;three;;;');
  });

  it('write IPv6 addresses as inet_ntop does', () => {
    const group = fc.oneof(fc.constant(0), fc.constant(0xffff), fc.integer({ min: 0, max: 0xffff }));
    const dotted = (groups: number[]): string =>
      groups
        .slice(6)
        .flatMap((each) => [each >> 8, each & 255])
        .join('.');
    const expected = (groups: number[]): string => {
      const runs = groups.map((_, start) => {
        const end = groups.findIndex((each, index) => index >= start && each !== 0);
        return (end < 0 ? 8 : end) - start;
      });
      const longest = Math.max(...runs);
      const start = runs.indexOf(longest);
      const hex = groups.map((each) => each.toString(16));
      if (longest < 2) return hex.join(':');
      if (start === 0 && longest === 6) return `::${dotted(groups)}`;
      if (start === 0 && longest === 5 && groups[5] === 0xffff) return `::ffff:${dotted(groups)}`;
      return `${hex.slice(0, start).join(':')}::${hex.slice(start + longest).join(':')}`;
    };
    const addresses = fc.sample(fc.array(group, { minLength: 8, maxLength: 8 }), 400);
    const some = [
      ...addresses,
      ...[0, 1, 2, 3, 4, 5, 6, 7, 8].map((zeros) =>
        Array.from({ length: 8 }, (_, index) => Number(index >= zeros)),
      ),
      [1, 0, 0, 2, 0, 0, 0, 3],
      [0, 0, 1, 0, 0, 1, 0, 0],
      [1, 0, 1, 1, 1, 1, 1, 1],
    ];
    const things = some.map((groups): Raw[] =>
      thing(0).map((each): Raw =>
        each[0] === 4 ? [4, groups.flatMap((one) => [one >> 8, one & 255])] : each,
      ),
    );
    const values: RecordValue[] = [{ attribute: 'address', word: 4, as: 'address' }];
    expect(lines(values, ['[', { word: 4, as: 'address6' }, ']\n'], things, false).split('\n')).to.deep.equal(
      [...some.map((each) => `[${expected(each)}]`), ''],
    );
  });

  it('write numbers of 64 bits in nine columns, whole or with units', () => {
    const numbers = [
      0n,
      9n,
      10n,
      99_999_999n,
      100_000_000n,
      999_999_999n,
      10n ** 9n,
      10n ** 11n - 1n,
      10n ** 11n,
    ];
    numbers.push(10n ** 14n - 1n, 10n ** 14n, 123_456_789_012_345_678n, 2n ** 64n - 1n, 2n ** 32n, 2n ** 63n);
    const text = (value: bigint): string => {
      if (value < 10n ** 8n) return String(value).padStart(9);
      const [power, unit] = (
        [
          [9n, 3n, 'K'],
          [11n, 6n, 'M'],
          [14n, 9n, 'G'],
          [99n, 12n, 'T'],
        ] as const
      )
        .filter(([limit]) => value < 10n ** limit)
        .map(([, divisor, letter]) => [divisor, letter] as const)[0] as [bigint, string];
      return `${value / 10n ** power}${unit}`.padStart(9);
    };
    const things = numbers.map((value): Raw[] => [
      ...thing(0),
      [
        6,
        [
          ...attr([7, [1]]),
          0,
          0,
          0,
          ...attr([1, Array.from({ length: 8 }, (_, byte) => Number((value >> BigInt(byte * 8)) & 255n))]),
        ],
      ],
    ]);
    const values: RecordValue[] = [{ attribute: 'total', inside: 'counts', word: 4, as: 'u64' }];
    const line: LinePart[] = [{ word: 4, as: 'scaled' }, '|', { word: 4, as: 'full' }, '\n'];
    const whole = { ...form(values, { line }), whole: ['counts'] as const };
    const { reader } = loaded();
    reader.begin(dumpOf(reader, whole));
    expect(client(...things.map((each) => message(each)), DONE).client.scan(request(), reader)).to.equal(
      true,
    );
    expect(reader.hold(false)).to.equal(numbers.length);
    expect(numbers.map((_, index) => reader.lineOf(index))).to.deep.equal(
      numbers.map(
        (value) => `${text(value)}|${value < 10n ** 8n ? String(value).padStart(9) : ` ${value}`}\n`,
      ),
    );
  });

  it('write lines of numbers, addresses, names and texts, padded to widths', () => {
    const values: RecordValue[] = [
      { attribute: 'address', word: 0, as: 'be32' },
      PORT,
      { attribute: 'weight', word: 3, as: 'u32', among: [7, 0] },
      { attribute: 'name', word: 4, as: 'text' },
    ];
    const words = new Map([
      [7, 'seven'],
      [0, ''],
    ]);
    const line: LinePart[] = [
      { width: 9, parts: ['<', { word: 1, as: 'number' }, '>'] },
      { word: 0, as: 'address' },
      ' a longer text; ',
      { width: 3, parts: [{ word: 3, as: words }] },
      { width: 4, parts: [{ word: 3, as: 'number' }] },
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
        '<0>      255.0.10.9 a longer text; seven7   |a',
        '<100>    255.0.10.10 a longer text; seven7   |fifteen letters',
        '<65535>  255.0.10.100 a longer text;    0   |wlc',
        '<9>      255.0.10.255 a longer text;    0   |x',
        '',
      ].join('\n'),
    );
  });

  it('write any number, and more lines than there is room for', () => {
    const numbers = [0, 1, 9, 10, 99, 100, 101, 999, 1000, 65_535, 65_536, 4_294_967_294, 4_294_967_295];
    const values: RecordValue[] = [{ attribute: 'address', word: 3, as: 'be32' }, PORT];
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
    const least = (value: Partial<RecordValue>): boolean =>
      scanAs([{ ...WEIGHT, ...value }], message(thing(7)), DONE).whole;
    expect(least({ most: 7 })).to.equal(true);
    expect(least({ most: 6 })).to.equal(false);
    expect(least({ mask: 3, most: 3 })).to.equal(true);
    expect(least({ among: [7] })).to.equal(true);
    expect(least({ among: [6] })).to.equal(false);
  });

  it('give up at a text that is empty, too long or not ASCII', () => {
    const named = (name: number[]): boolean =>
      scanAs([{ attribute: 'name', word: 4, as: 'text' }], message([...thing(1), [5, name]]), DONE).whole;
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

  it('refuse dumps for which there is no room, and give up at lines that may be too long', () => {
    const { reader } = loaded();
    expect(() => {
      for (;;) dumpOf(reader, form(VALUES));
    }).to.throw(RangeError, 'the memory of a WebAssembly module is full');
    const whole = (line: LinePart[]): boolean => {
      const { reader: other } = loaded();
      other.begin(dumpOf(other, form(VALUES, { line })));
      return client(message(thing(1)), DONE).client.scan(request(), other);
    };
    const long: LinePart = { width: 400, parts: ['x'.repeat(474), { word: 1, as: 'number' }] };
    expect(whole([long, { word: 2, as: new Map([[1, 'x'.repeat(16)]]) }])).to.equal(true);
    expect(whole([long, { word: 2, as: new Map([[1, 'x'.repeat(17)]]) }])).to.equal(false);
  });

  it('request nothing if there is no request for it', () => {
    const { reader, dump } = loaded();
    reader.begin(dump);
    expect(client(message(thing(1)), DONE).client.scan(request(), reader)).to.equal(true);
    reader.hold(true);
    expect(() => reader.ask(0)).to.throw(TypeError, 'nothing to ask');
  });
}

for (const direct of [false, true])
  describe(`readers of dumps${direct ? ', into whose buffer datagrams are received' : ''}`, () => {
    before(() => {
      isDirect = direct;
    });
    describeReaders();
  });
