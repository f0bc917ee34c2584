import { expect } from 'chai';
import fc from 'fast-check';
import { Writer } from '@ipvs-ts/netlink';
import { MESSAGE } from '../../../dist/schema/message.js';
import { OPERATIONS } from '../../../dist/schema/operations.js';

type Values = Parameters<typeof MESSAGE.encode>[1];

const u8 = fc.nat(0xff);
const u16 = fc.nat(0xffff);
const u32 = fc.oneof(fc.constantFrom(0, 1, 0x7fff_ffff, 0x8000_0000, 0xffff_ffff), fc.nat());
const address = fc.oneof(
  fc.uint8Array({ minLength: 4, maxLength: 4 }),
  fc.uint8Array({ minLength: 16, maxLength: 16 }),
);
const byAddress = fc.record({ family: fc.constantFrom(2, 10), protocol: u16, address, port: u16 });
const byMark = fc.record({ family: fc.constantFrom(2, 10), fwmark: u32 });
const settings = fc.record({
  scheduler: fc.constantFrom('rr', 'wlc', 'mh', 'a-longer-name'),
  engine: fc.constantFrom(undefined, undefined, undefined, 'sip'),
  flags: fc.record({ flags: u32, mask: u32 }),
  timeout: u32,
  netmask: u32,
});
const destination = fc.record({
  family: fc.constantFrom(2, 10),
  address,
  port: u16,
  forwarding: u32,
  weight: u32,
  tunnelType: u8,
  tunnelPort: u16,
  tunnelFlags: u16,
  upperThreshold: u32,
  lowerThreshold: u32,
});
const identity = fc.oneof(byAddress, byMark);
const right: fc.Arbitrary<Values> = fc.oneof(
  fc.record({ service: identity, destination }),
  fc.tuple(identity, settings).map(([id, others]) => ({ service: { ...id, ...others } })),
);

/** Wrong or unusual values. */
const spoiled = fc
  .tuple(
    right,
    fc.constantFrom('service', 'destination'),
    fc.constantFrom('family', 'port', 'weight', 'address', 'scheduler', 'flags', 'stats', 'unheardOf'),
    fc.constantFrom<unknown>(
      -1,
      2 ** 32,
      1.5,
      NaN,
      '7',
      null,
      undefined,
      new Uint8Array(17),
      'a\0b',
      {},
      true,
    ),
  )
  .map(([values, part, name, value]) => ({
    ...values,
    [part]: { ...values[part as 'service'], [name]: value },
  }));

const SETS = {
  'adds a destination': OPERATIONS.newDestination.request,
  'adds a service': OPERATIONS.newService.request,
};

describe('requests that are copied from the last one of the same form', () => {
  for (const [what, set] of Object.entries(SETS)) {
    it(`have the bytes and the errors of those written attribute by attribute: what ${what}`, () => {
      fc.assert(
        fc.property(
          fc.array(fc.oneof({ weight: 4, arbitrary: right }, spoiled), { maxLength: 12 }),
          (all) => {
            for (const values of all) {
              expect(checked(set, values)).to.equal(checked(MESSAGE, values));
              expect(encoded(set, values)).to.deep.equal(encoded(MESSAGE, values));
            }
          },
        ),
        { numRuns: 500 },
      );
    });
  }

  it('are written behind others, also where the memory grows', () => {
    const values = { service: { family: 2, fwmark: 7 }, destination: fc.sample(destination, 1)[0] as object };
    const [one, other] = [new Writer(16), new Writer(16)];
    for (let count = 0; count < 100; count++) {
      OPERATIONS.newDestination.request.encode(one, values);
      MESSAGE.encode(other, values);
    }
    expect(one.written()).to.deep.equal(other.written());
  });

  it('notice an address that was changed in place', () => {
    const [here, there] = [Uint8Array.of(10, 0, 0, 1), Uint8Array.of(10, 0, 0, 2)];
    const [{ destination: last }] = fc.sample(fc.record({ destination }), 1) as [{ destination: object }];
    const values = {
      service: { family: 2, protocol: 6, address: here, port: 80 },
      destination: { ...last, family: 2, address: there },
    };
    for (let count = 0; count < 3; count++) {
      expect(encoded(SETS['adds a destination'], values)).to.deep.equal(encoded(MESSAGE, values));
      here[3] = there[2] = count + 7;
    }
  });

  it('use no scheduler that was not checked', () => {
    const values = (scheduler: string): Values => ({
      service: {
        family: 2,
        fwmark: 7,
        scheduler,
        flags: { flags: 0, mask: 0xffff_ffff },
        timeout: 0,
        netmask: 0,
      },
    });
    SETS['adds a service'].check(values('rr'));
    expect(() => SETS['adds a service'].check(values('much-too-long-a-name'))).to.throw(
      RangeError,
      '15 bytes',
    );
    expect(() => SETS['adds a service'].check(values('a\0b'))).to.throw(RangeError);
  });
});

function checked(set: typeof MESSAGE, values: Values): string {
  try {
    set.check(values);
    return 'right';
  } catch (error) {
    return String(error);
  }
}

/** The bytes, or the error. */
function encoded(set: typeof MESSAGE, values: Values): Uint8Array | string {
  const writer = new Writer();
  try {
    set.encode(writer, values);
    return writer.written().slice();
  } catch (error) {
    return String(error);
  }
}
