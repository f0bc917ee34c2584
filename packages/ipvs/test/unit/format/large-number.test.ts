import { expect } from 'chai';
import { largeNumber } from '../../../dist/format/large-number.js';

describe('large numbers', () => {
  it('are scaled at their limits', () => {
    const numbers = [
      0n,
      99_999_999n,
      100_000_000n,
      999_999_999n,
      1_000_000_000n,
      99_999_999_999n,
      100_000_000_000n,
    ];
    expect(numbers.map((number) => largeNumber(number))).to.deep.equal([
      '        0',
      ' 99999999',
      '  100000K',
      '  999999K',
      '    1000M',
      '   99999M',
      '     100G',
    ]);
    expect(largeNumber(99_999_999_999_999n)).to.equal('   99999G');
    expect(largeNumber(100_000_000_000_000n)).to.equal('     100T');
    expect(largeNumber(2n ** 64n - 1n)).to.equal('18446744T');
  });
  it('are whole when exact', () => {
    expect(largeNumber(12, true)).to.equal('       12');
    expect(largeNumber(12_345_678, true)).to.equal(' 12345678');
    expect(largeNumber(123_456_789, true)).to.equal(' 123456789');
  });
});
