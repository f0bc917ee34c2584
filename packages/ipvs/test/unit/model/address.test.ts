import { isIP } from 'node:net';
import { expect } from 'chai';
import fc from 'fast-check';
import koffi from 'koffi';
import { addressText, type Family, parseAddress } from '../../../dist/model/address.js';

function text(bytes: readonly number[]): string {
  const family: Family = bytes.length === 4 ? 'ipv4' : 'ipv6';
  return addressText({ family, bytes: Uint8Array.from(bytes) });
}

const group = fc.oneof(fc.constant(0), fc.constant(0), fc.integer({ min: 0, max: 0xffff }));
const v6 = fc
  .array(group, { minLength: 8, maxLength: 8 })
  .map((groups) => groups.flatMap((each) => [each >> 8, each & 255]));
const v4 = fc.array(fc.integer({ min: 0, max: 255 }), { minLength: 4, maxLength: 4 });

describe('addresses', () => {
  it('come back from their text', () => {
    fc.assert(
      fc.property(fc.oneof(v4, v6), (bytes) => {
        expect([...(parseAddress(text(bytes))?.bytes ?? [])]).to.deep.equal(bytes);
      }),
    );
  });

  it('are accepted as net.isIP accepts them, scope ids aside', () => {
    const pieces = fc.constantFrom(
      '0',
      '00',
      '1',
      '255',
      '256',
      'ffff',
      '12345',
      ':',
      '::',
      '.',
      '1.2.3.4',
      '-',
      ' ',
      'g',
      'AB',
    );
    fc.assert(
      fc.property(
        fc.array(pieces, { maxLength: 12 }).map((parts) => parts.join('')),
        (candidate) => {
          const family = { 0: undefined, 4: 'ipv4', 6: 'ipv6' }[isIP(candidate)];
          expect(parseAddress(candidate)?.family, JSON.stringify(candidate)).to.equal(family);
        },
      ),
      { numRuns: 5000 },
    );
  });

  it('refuse the forms of inet_aton, scope ids and brackets', () => {
    for (const bad of [
      '1',
      '1.2',
      '010.0.0.1',
      '0x7f.1',
      '1.2.3.4 ',
      '',
      'fe80::1%eth0',
      '[::1]',
      '1::2::3',
      ':::',
      '1:2:3:4:5:6:7:8:9',
      '::1.2.3',
    ]) {
      expect(parseAddress(bad), bad).to.equal(undefined);
    }
  });

  it('are written as the C library writes them', () => {
    const inetNtop = koffi
      .load(null)
      .func('const char *inet_ntop(int family, const uint8_t *address, _Out_ char *text, uint32_t size)');
    const sparse = v6.map((bytes) => [...Array<number>(10).fill(0), ...bytes.slice(10)]);
    fc.assert(
      fc.property(fc.oneof(v4, v6, sparse), (bytes) => {
        const family = bytes.length === 4 ? 2 : 10;
        expect(text(bytes)).to.equal(inetNtop(family, Uint8Array.from(bytes), Buffer.alloc(64), 64));
      }),
      { numRuns: 2000 },
    );
  });

  it('are written as the C library writes them: examples', () => {
    for (const [input, output] of [
      ['0:0:0:0:0:0:0:0', '::'],
      ['::1', '::1'],
      ['::10.0.0.1', '::10.0.0.1'],
      ['::ffff:10.0.0.1', '::ffff:10.0.0.1'],
      ['64:ff9b::10.0.0.1', '64:ff9b::a00:1'],
      ['2001:db8:0:0:1:0:0:1', '2001:db8::1:0:0:1'],
      ['fd00:0:0:1:0:0:0:0', 'fd00:0:0:1::'],
      ['2001:DB8:0:1:1:1:1:1', '2001:db8:0:1:1:1:1:1'],
    ] as const) {
      const address = parseAddress(input);
      expect(address && addressText(address), input).to.equal(output);
    }
  });
});
