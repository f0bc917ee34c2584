import { expect } from 'chai';
import {
  attribute,
  attributeSet,
  be16,
  binary,
  NumberWindow,
  u16,
  u32,
  u64,
  u8,
  zstring,
} from '@ipvs-ts/netlink';

const SET = attributeSet('thing', {
  small: attribute(1, 'SMALL', u16, ''),
  port: attribute(2, 'PORT', be16, ''),
  large: attribute(3, 'LARGE', u32, ''),
  address: attribute(4, 'ADDR', binary(0, 16), ''),
  name: attribute(5, 'NAME', zstring(15), ''),
  rest: attribute(6, 'REST', u64, ''),
  byte: attribute(7, 'BYTE', u8, ''),
});

function bytes(...attributes: [type: number, payload: number[]][]): DataView {
  const all: number[] = [];
  for (const [type, payload] of attributes) {
    const length = payload.length + 4;
    all.push(length & 255, length >> 8, type & 255, type >> 8, ...payload);
    while (all.length % 4 !== 0) all.push(0xee);
  }
  return new DataView(Uint8Array.from(all).buffer);
}

describe('number windows', () => {
  const window = new NumberWindow(SET, ['small', 'port', 'large'], { address: 4 }, ['large']);
  const load = (...attributes: [number, number[]][]): [boolean, ...number[]] => {
    const view = bytes(...attributes);
    const whole = window.load(view, 0, view.byteLength);
    return [whole, ...window.values.slice(1, 5)];
  };

  it('give values and places, in any order, of longer payloads too, and nothing of other attributes', () => {
    expect(
      load([0x8004, [10, 0, 0, 1]], [1, [2, 1]], [9, [9]], [2, [0, 80, 7]], [6, []], [3, [1, 0, 0, 0x80, 5]]),
    ).to.deep.equal([true, 0x102, 80, 0x8000_0001, 4]);
  });

  it('tell whether all are there that are due, and keep nothing of the message before', () => {
    expect(load([1, [5, 0]], [2, [0, 6]], [4, [1, 2, 3, 4]])).to.deep.equal([true, 5, 6, 0, 20]);
    expect(load([1, [5, 0]], [3, [7, 0, 0, 0]], [4, [1, 2, 3, 4]])).to.deep.equal([false, 5, 0, 7, 20]);
    expect(load()).to.deep.equal([false, 0, 0, 0, 0]);
  });

  it('take the last of duplicates', () => {
    expect(load([1, [5, 0]], [1, [6, 0]])[1]).to.equal(6);
  });

  it('refuse what is too short, or does not fit', () => {
    const refused = { code: 'ERR_NETLINK_MALFORMED' };
    expect(() => load([3, [1, 2, 3]]))
      .to.throw('attribute 3 has 3 bytes; at least 4 are due')
      .and.include(refused);
    expect(() => load([4, [1, 2, 3]]))
      .to.throw()
      .and.include(refused);
    const view = bytes([1, [5, 0]], [2, [0, 80]]);
    for (let end = 1; end < view.byteLength; end++) {
      if (end === 6 || end === 7 || end === 8 || end >= 14) continue;
      expect(() => window.load(view, 0, end), String(end))
        .to.throw()
        .and.include(refused);
    }
  });

  it('cannot be made for numbers of other sizes', () => {
    expect(() => new NumberWindow(SET, ['rest'], {})).to.throw(TypeError, 'thing rest is no number');
    expect(() => new NumberWindow(SET, ['byte'], {})).to.throw(TypeError);
  });
});
