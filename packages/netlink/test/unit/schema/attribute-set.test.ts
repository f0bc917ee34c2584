import { expect } from 'chai';
import fc from 'fast-check';
import {
  attribute,
  attributeSet,
  be16,
  list,
  nest,
  NetlinkError,
  u32,
  u64,
  type Values,
  Writer,
  zstring,
} from '@ipvs-ts/netlink';
import { attributes } from '../../../dist/wire/attribute.js';

const INNER = attributeSet('inner', {
  count: attribute(1, 'COUNT', u64, 'a count'),
  name: attribute(3, 'NAME', zstring(15), 'a name'),
});
const OUTER = attributeSet('outer', {
  port: attribute(1, 'PORT', be16, 'a port'),
  inner: attribute(2, 'INNER', nest(INNER), 'one group'),
  list: attribute(5, 'LIST', list(INNER), 'several groups'),
  id: attribute(7, 'ID', u32, 'a number'),
});
type Outer = Values<(typeof OUTER)['attributes']>;

function encode(values: Outer): DataView {
  const writer = new Writer(8);
  OUTER.encode(writer, values);
  const bytes = writer.written().slice();
  return new DataView(bytes.buffer);
}

function load(view: DataView) {
  return OUTER.reader().load(view, 0, view.byteLength);
}

const inner = fc.record(
  {
    count: fc.bigInt({ min: 0n, max: 2n ** 64n - 1n }),
    name: fc.string({ maxLength: 15 }).filter((text) => !text.includes('\0')),
  },
  { requiredKeys: [] },
);
const outer = fc.record(
  {
    port: fc.integer({ min: 0, max: 65535 }),
    inner,
    list: fc.array(inner, { maxLength: 4 }),
    id: fc.integer({ min: 0, max: 0xffff_ffff }),
  },
  { requiredKeys: [] },
);

describe('attribute sets', () => {
  it('return what was encoded, whatever is present', () => {
    fc.assert(
      fc.property(outer, (values) => {
        expect(load(encode(values)).decode()).to.deep.equal(values);
      }),
    );
  });

  it('write the attributes in the order of the values, aligned to four bytes', () => {
    const view = encode({ id: 1, port: 2 });
    expect([...attributes(view, 0, view.byteLength)]).to.deep.equal([
      { type: 7, start: 4, end: 8 },
      { type: 1, start: 12, end: 14 },
    ]);
    expect(view.byteLength).to.equal(16);
  });

  it('read the last of duplicates', () => {
    const writer = new Writer();
    OUTER.encode(writer, { id: 1 });
    OUTER.encode(writer, { id: 2 });
    const bytes = writer.written();
    expect(load(new DataView(bytes.buffer, 0, bytes.length)).id).to.equal(2);
  });

  it('skip unknown attributes and keep them raw', () => {
    const writer = new Writer();
    writer.view.setUint8(writer.attribute(3, 1), 42);
    OUTER.encode(writer, { id: 9 });
    writer.attribute(999, 0);
    const bytes = writer.written();
    const reader = load(new DataView(bytes.buffer, 0, bytes.length));
    expect(reader.id).to.equal(9);
    expect(reader.unknown()).to.deep.equal([
      { type: 3, bytes: Uint8Array.of(42) },
      { type: 999, bytes: new Uint8Array(0) },
    ]);
  });

  it('show nothing of the previous message', () => {
    const reader = load(encode({ id: 1, inner: { count: 5n } }));
    expect(reader.inner?.count).to.equal(5n);
    const next = encode({ port: 2, inner: { name: 'x' } });
    reader.load(next, 0, next.byteLength);
    expect(reader.decode()).to.deep.equal({ port: 2, inner: { name: 'x' } });
    expect(reader.inner?.count).to.equal(undefined);
  });

  it('name what is missing, and what is too short', () => {
    expect(() => load(encode({})).need('id')).to.throw(NetlinkError, /outer without ID/);
    const writer = new Writer();
    writer.attribute(7, 2);
    const bytes = writer.written();
    const reader = load(new DataView(bytes.buffer, 0, bytes.length));
    expect(() => reader.id).to.throw(NetlinkError, /outer ID has 2 bytes; at least 4 are expected/);
    expect(() => reader.payload('id', 4)).to.throw(NetlinkError, /at least 4/);
    expect(reader.payload('port', 2)).to.equal(undefined);
  });

  it('read a scalar that is longer than its type, as the kernel does', () => {
    const writer = new Writer();
    const at = writer.attribute(7, 6);
    u32.write(writer.view, at, 77);
    const bytes = writer.written();
    expect(load(new DataView(bytes.buffer, 0, bytes.length)).id).to.equal(77);
  });

  it('refuse values before writing anything', () => {
    const bad = (values: unknown, message: RegExp): void => {
      const writer = new Writer();
      expect(() => {
        OUTER.check(values as Outer);
      }).to.throw(message);
      expect(() => {
        OUTER.encode(writer, values as Outer);
      }).to.throw(message);
    };
    bad({ port: 65536 }, /outer PORT must be an integer from 0 to 65535, not 65536/);
    bad({ inner: { name: 'sixteen letters!' } }, /inner NAME must be text without NUL of at most 15 bytes/);
    bad({ list: [{ count: -1n }] }, /inner COUNT must be a bigint/);
    bad({ list: {} }, /outer LIST must be an array/);
    bad({ inner: [] }, /outer INNER must be an object/);
    bad({ prot: 1 }, /outer has no attribute prot/);
  });

  it('refuse a table that has a number twice', () => {
    expect(() =>
      attributeSet('twice', { a: attribute(1, 'A', u32, ''), b: attribute(1, 'B', u32, '') }),
    ).to.throw(/twice/);
  });

  it('refuse an attribute longer than 65535 bytes', () => {
    const many = attributeSet('many', { list: attribute(1, 'LIST', list(INNER), '') });
    const groups = Array.from({ length: 5000 }, () => ({ count: 1n }));
    expect(() => {
      many.encode(new Writer(), { list: groups });
    }).to.throw(RangeError, /at most 65535/);
  });
});
