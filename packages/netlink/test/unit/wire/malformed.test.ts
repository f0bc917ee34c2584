import { expect } from 'chai';
import fc from 'fast-check';
import { attributes } from '../../../dist/wire/attribute.js';
import { Conversation } from '../../../dist/protocol/conversation.js';
import { describeMessages } from '../../../dist/protocol/describe.js';
import { FAMILY, Messages } from '@ipvs-ts/netlink/testing';
import { NetlinkError } from '@ipvs-ts/netlink';
import { vectors } from '../../vectors.js';

/** Runs everything that reads received bytes, to the last attribute. Returns whether the bytes were valid. */
function readAll(datagram: Uint8Array): boolean {
  try {
    for (const message = new Messages(datagram); message.next();) {
      for (const each of attributes(message.view, Math.min(message.start + 4, message.end), message.end)) {
        expect(each.end).to.be.at.most(message.end);
        expect(each.start).to.be.at.most(each.end);
      }
      FAMILY.reader()
        .load(message.view, Math.min(message.start + 4, message.end), message.end)
        .decode();
    }
    new Conversation(1, ['dump'], () => undefined).receive(datagram);
    return true;
  } catch (error) {
    if (!NetlinkError.is(error, 'ERR_NETLINK_MALFORMED')) throw error;
    return false;
  } finally {
    describeMessages(datagram, () => ({ name: undefined, operations: [] }));
  }
}

/** A datagram in the middle of a larger buffer, so that a read outside it would find other bytes. */
function embedded(bytes: Uint8Array): Uint8Array {
  const buffer = new Uint8Array(bytes.length + 64).fill(0xff);
  buffer.set(bytes, 32);
  return buffer.subarray(32, 32 + bytes.length);
}

describe('bytes that are not netlink', () => {
  const replies = vectors().flatMap((vector) => vector.replies);

  it('are refused or read, without a crash or hang: random bytes', () => {
    fc.assert(
      fc.property(fc.uint8Array({ maxLength: 200 }), (bytes) => {
        readAll(embedded(bytes));
      }),
      { numRuns: 3000 },
    );
  });

  it('are refused or read, without a crash or hang: recorded replies with bytes changed', () => {
    const mutation = fc.record({
      reply: fc.constantFrom(...replies),
      changes: fc.array(fc.tuple(fc.nat(), fc.integer({ min: 0, max: 255 })), { minLength: 1, maxLength: 6 }),
      cut: fc.nat(),
    });
    fc.assert(
      fc.property(mutation, ({ reply, changes, cut }) => {
        const bytes = reply.slice(0, cut % 3 === 0 ? cut % (reply.length + 1) : reply.length);
        for (const [at, value] of changes) if (bytes.length > 0) bytes[at % bytes.length] = value;
        readAll(embedded(bytes));
      }),
      { numRuns: 5000 },
    );
  });

  it('are refused at every cut of a message', () => {
    const reply = vectors().find(({ name }) => name === 'ctrl-getfamily')?.replies[0] as Uint8Array;
    expect(readAll(reply)).to.equal(true);
    for (let length = 1; length < reply.length; length++) {
      expect(readAll(embedded(reply.subarray(0, length))), `cut to ${length}`).to.equal(false);
    }
  });

  it('are refused where an attribute is empty, or longer than its message', () => {
    for (const length of [0, 1, 3, 9, 0xffff]) {
      const bytes = new Uint8Array(28);
      const view = new DataView(bytes.buffer);
      view.setUint32(0, 28, true);
      view.setUint16(4, 28, true);
      view.setUint16(20, length, true);
      expect(readAll(embedded(bytes)), `nla_len ${length}`).to.equal(false);
    }
  });

  it('are refused where a message is shorter than its header, or longer than the datagram', () => {
    for (const length of [0, 4, 15, 33, 0xffff_ffff]) {
      const bytes = new Uint8Array(32);
      new DataView(bytes.buffer).setUint32(0, length, true);
      expect(readAll(embedded(bytes)), `nlmsg_len ${length}`).to.equal(false);
    }
  });
});
