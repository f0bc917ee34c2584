import { expect } from 'chai';
import fc from 'fast-check';
import { be16, be32, binary, flag, type Codec, struct, u16, u32, u64, u8, zstring } from '@ipvs-ts/netlink';

function roundTrip<In, Out>(kind: Codec<In, Out>, value: In): Out {
  expect(kind.accepts(value)).to.equal(true);
  const view = new DataView(new ArrayBuffer(4 + kind.measure(value)));
  kind.write(view, 4, value);
  return kind.read(view, 4, kind.measure(value));
}

describe('kinds', () => {
  const integers: [Codec<number>, number][] = [
    [u8, 0xff],
    [u16, 0xffff],
    [u32, 0xffff_ffff],
    [be16, 0xffff],
    [be32, 0xffff_ffff],
  ];

  for (const [kind, maximum] of integers) {
    it(`${kind.name} returns every value from 0 to ${maximum}`, () => {
      fc.assert(
        fc.property(fc.integer({ min: 0, max: maximum }), (value) => roundTrip(kind, value) === value),
      );
      expect(roundTrip(kind, maximum)).to.equal(maximum);
    });

    it(`${kind.name} refuses what it cannot hold`, () => {
      for (const value of [-1, maximum + 1, 0.5, NaN, Infinity, '1', 1n, null, undefined]) {
        expect(kind.accepts(value), String(value)).to.equal(false);
      }
    });
  }

  it('u64 returns every value', () => {
    fc.assert(
      fc.property(fc.bigInt({ min: 0n, max: 2n ** 64n - 1n }), (value) => roundTrip(u64, value) === value),
    );
    for (const value of [-1n, 2n ** 64n, 1, '1']) expect(u64.accepts(value), String(value)).to.equal(false);
  });

  it('network order is network order', () => {
    const view = new DataView(new ArrayBuffer(4));
    be16.write(view, 0, 0x1234);
    expect(view.getUint8(0)).to.equal(0x12);
    be32.write(view, 0, 0x01020304);
    expect(view.getUint8(3)).to.equal(4);
  });

  it('text ends at the first NUL and may be any Unicode', () => {
    const text = zstring(64);
    fc.assert(
      fc.property(
        fc.string({ unit: 'grapheme', maxLength: 8 }).filter((value) => text.accepts(value)),
        (value) => roundTrip(text, value) === value,
      ),
    );
    const view = new DataView(Uint8Array.from([0x72, 0x72, 0, 0x78]).buffer);
    expect(text.read(view, 0, 4)).to.equal('rr');
    expect(text.read(view, 0, 2), 'without a NUL').to.equal('rr');
  });

  it('text is measured in bytes', () => {
    expect(zstring(3).accepts('abc')).to.equal(true);
    expect(zstring(3).accepts('abcd')).to.equal(false);
    expect(zstring(3).accepts('äö')).to.equal(false);
    expect(zstring(3).accepts('a\0b')).to.equal(false);
    expect(zstring(3).measure('abc')).to.equal(4);
  });

  it('bytes are copies', () => {
    const view = new DataView(Uint8Array.from([1, 2, 3, 4]).buffer);
    const read = binary(0, 4).read(view, 1, 2);
    view.setUint8(1, 9);
    expect([...read]).to.deep.equal([2, 3]);
    expect(binary(2, 4).accepts(new Uint8Array(1))).to.equal(false);
    expect(binary(2, 4).accepts(new Uint8Array(5))).to.equal(false);
  });

  it('a struct lays its fields out without gaps', () => {
    const pair = struct({ flags: u32, port: be16, serial: u64 });
    expect(pair.minimum).to.equal(14);
    const value = { flags: 3, port: 80, serial: 7n };
    expect(roundTrip(pair, value)).to.deep.equal(value);
    expect(pair.accepts({ flags: 3, port: 80 })).to.equal(false);
    expect(pair.accepts({ flags: 3, port: 65536, serial: 7n })).to.equal(false);
    expect(pair.accepts(null)).to.equal(false);
  });

  it('a flag is present without a payload', () => {
    expect(flag.measure(true)).to.equal(0);
    expect(roundTrip(flag, true)).to.equal(true);
    expect(flag.accepts(false)).to.equal(false);
  });
});
