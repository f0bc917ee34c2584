import { expect } from 'chai';
import { KeySet } from '../../../dist/calls/key-set.js';

describe('a set of keys', () => {
  it('reports each key as new once, whatever its length and the order', () => {
    const keys = new KeySet();
    const texts = [
      '',
      'a',
      'fwmark:7',
      'fwmark6:7',
      'tcp:[2001:db8::10]:443',
      '10.0.0.1:80',
      '10.0.1.0:80',
      'é',
    ];
    for (const text of texts) expect(keys.add(text)).to.equal(true);
    for (const text of [...texts].reverse()) expect(keys.add(text)).to.equal(false);
  });
  it('distinguishes thousands of keys', () => {
    const keys = new KeySet();
    const all = Array.from({ length: 20_000 }, (_, index) => `tcp:10.${index >> 8}.${index & 255}.1:80`);
    expect(all.every((key) => keys.add(key))).to.equal(true);
    expect(all.some((key) => keys.add(key))).to.equal(false);
  });
});
