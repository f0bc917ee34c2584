import { expect } from 'chai';
import { type Pattern, PatternEncoder } from '@ipvs-ts/netlink/bulk';

const NUMBERS = [0, 4_294_967_295] as const;

function pattern(
  text: string,
  places: Pattern['places'],
  limits = places.map((): readonly [number, number] => NUMBERS),
): Pattern {
  return { text, limits, places, message: Uint8Array.from({ length: 24 }, (_, index) => index) };
}

/** `set #` writes a number to each kind of place, `address @` an address, `none #` nothing. */
const PATTERNS = [
  pattern('set #\n', [
    [
      { as: 'u32', at: 12 },
      { as: 'be32', at: 16 },
      { as: 'be16', at: 20 },
      { as: 'u16', at: 22 },
    ],
  ]),
  pattern('address @ and #\n', [[{ as: 'be32', at: 16 }], [{ as: 'u16', at: 20 }]], [NUMBERS, [1, 100]]),
  pattern('none #!\n', [[]]),
];

function loaded(...patterns: Pattern[]): PatternEncoder {
  const writer = PatternEncoder.load();
  if (writer === undefined) throw new Error('no WebAssembly here');
  writer.setPatterns(patterns);
  return writer;
}

const ROOM = { seq: 7, requests: 1000, bytes: 100_000 };

function written(
  text: string,
  at = 0,
  room = ROOM,
  writer = loaded(...PATTERNS),
): { next: number; requests: string[] } {
  const { next, count, bytes, last } = writer.write(Buffer.from(text), at, room);
  const requests = Array.from({ length: bytes.length / 24 }, (_, index) =>
    Buffer.from(bytes.subarray(index * 24, (index + 1) * 24)).toString('hex'),
  );
  expect(requests).to.have.length(count);
  if (count > 0) expect(last).to.equal((count - 1) * 24);
  return { next, requests };
}

describe('writers of requests', () => {
  it('put values into copies of a request, and number them', () => {
    expect(written('set 305419896\naddress 10.200.0.255 and 100\nnone 5!\n')).to.deep.equal({
      next: 51,
      requests: [
        '0001020304050607' + '07000000' + '78563412' + '12345678' + '5678' + '7856',
        '0001020304050607' + '08000000' + '0c0d0e0f' + '0ac800ff' + '6400' + '1617',
        '0001020304050607' + '09000000' + '0c0d0e0f' + '10111213' + '14151617',
      ],
    });
  });

  it('stop at the first text of another pattern, wherever it differs', () => {
    const good = 'set 1\n';
    const others = [
      ...[
        '',
        'x',
        'set',
        'set ',
        'set 1',
        'set 1 \n',
        'set  1\n',
        'set -1\n',
        'set 01\n',
        'set 00\n',
        'SET 1\n',
      ],
      ...['set 4294967296\n', 'set 99999999999999999999999999\n', 'set 18446744073709551617\n', 'set x\n'],
      ...[
        'address 1.2.3 and 1\n',
        'address 1.2.3.256 and 1\n',
        'address 1.2.3.04 and 1\n',
        'address 1.2.3.4. and 1\n',
      ],
      ...[
        'address 1.2.3.4.5 and 1\n',
        'address 256.2.3.4 and 1\n',
        'address 1.2.3.4 and 0\n',
        'address 1.2.3.4 and 101\n',
      ],
      ...['none 5\n', 'none !\n', '\n', '\0', 'set 1\0'],
    ];
    for (const other of others) {
      const { next, requests } = written(`${good}${other}${other === '' ? '' : good}`);
      expect([next, requests.length], JSON.stringify(other)).to.deep.equal([6, 1]);
    }
    for (const number of [0, 1, 9, 10, 4_294_967_295])
      expect(written(`set ${number}\n`).requests, `${number}`).to.have.length(1);
  });

  it('begin at the given offset, and say when there is no more room', () => {
    const writer = loaded(...PATTERNS);
    const text = 'set 1\nset 2\nset 3\n';
    expect(written(text, 6, ROOM, writer)).to.deep.include({ next: 18 });
    expect(writer.full).to.equal(false);
    expect(written(text, 0, { ...ROOM, requests: 2 }, writer)).to.deep.include({ next: 12 });
    expect(writer.full).to.equal(true);
    expect(written(text, 0, { ...ROOM, bytes: 71 }, writer)).to.deep.include({ next: 12 });
    expect(writer.full).to.equal(true);
    expect(written(text, 0, { ...ROOM, bytes: 72 }, writer)).to.deep.include({ next: 18 });
    expect(writer.full).to.equal(false);
    expect(written(text, 0, { ...ROOM, requests: 0 }, writer)).to.deep.equal({ next: 0, requests: [] });
  });

  it('read texts of any length, a part at a time', () => {
    const lines = Array.from({ length: 60_000 }, (_, index) => `set ${index}\n`);
    const text = Buffer.from(`${lines.join('')}another\n`);
    const writer = loaded(...PATTERNS);
    let count = 0;
    let at = 0;
    for (let before = -1; at !== before;) {
      before = at;
      const found = writer.write(text, at, ROOM);
      const view = new DataView(found.bytes.buffer, found.bytes.byteOffset);
      for (let index = 0; index < found.count; index++)
        expect(view.getUint32(index * 24 + 12, true)).to.equal(count + index);
      count += found.count;
      at = found.next;
    }
    expect(count).to.equal(60_000);
    expect(at).to.equal(text.length - 8);
    // The same writer, on another text.
    expect(written('set 1\n', 0, ROOM, writer).requests).to.have.length(1);
  }).timeout(10_000);

  it('hold addresses to their limits', () => {
    const inside = pattern('@\n', [[]], [[0x0a00_0000, 0x0aff_ffff]]);
    const first = (text: string): number => written(text, 0, ROOM, loaded(inside)).requests.length;
    expect(
      ['9.255.255.255', '10.0.0.0', '10.255.255.255', '11.0.0.0'].map((each) => first(`${each}\n`)),
    ).to.deep.equal([0, 1, 1, 0]);
  });

  it('can take other patterns', () => {
    const writer = loaded(...PATTERNS);
    writer.setPatterns([pattern('put #\n', [[]])]);
    expect(written('put 1\nset 1\n', 0, ROOM, writer)).to.deep.include({ next: 6 });
    writer.setPatterns([]);
    expect(written('put 1\n', 0, ROOM, writer)).to.deep.equal({ next: 0, requests: [] });
  });

  it('refuse patterns that are too long, and too many', () => {
    expect(() => loaded(pattern('a # b', []))).to.throw(
      RangeError,
      'has 1 values, 0 limits and 0 lists of places',
    );
    for (const [as, at] of [
      ['u32', 21],
      ['be16', 23],
      ['u16', -1],
    ] as const)
      expect(() => loaded(pattern('#', [[{ as, at }]]))).to.throw(
        RangeError,
        `a value at byte ${at} of a message of 24`,
      );
    const long = pattern('x'.repeat(129), []);
    expect(() => loaded(long)).to.throw(RangeError, 'is too long');
    expect(() => loaded(...Array.from({ length: 1000 }, () => pattern('x'.repeat(100), [])))).to.throw(
      RangeError,
      'full',
    );
  });
});
