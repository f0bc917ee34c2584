import { expect } from 'chai';
import { attributes } from '../../dist/wire/attribute.js';
import { Writer } from '@ipvs-ts/netlink';
import { Messages, NLMSG } from '@ipvs-ts/netlink/testing';
import { vectors } from '../vectors.js';

/** Takes a datagram apart down to the attributes of `depth` levels and puts it together again. */
function rebuild(datagram: Uint8Array): Uint8Array {
  const writer = new Writer(16);
  for (const message = new Messages(datagram); message.next();) {
    const { view, at, start, end, type } = message;
    const header = type >= NLMSG.MIN_TYPE ? Math.min(start + 4, end) : end;
    copy(writer, view, at, header);
    if (type < NLMSG.MIN_TYPE) continue;
    const length = writer.length;
    for (const each of attributes(view, header, end)) {
      const to = writer.attribute(view.getUint16(each.start - 2, true), each.end - each.start);
      writer.bytes.set(new Uint8Array(view.buffer, view.byteOffset + each.start, each.end - each.start), to);
    }
    expect(writer.length - length).to.be.at.least(end - header);
  }
  return writer.written();
}

function copy(writer: Writer, view: DataView, start: number, end: number): void {
  const to = writer.reserve(end - start);
  writer.bytes.set(new Uint8Array(view.buffer, view.byteOffset + start, end - start), to);
}

describe('recorded datagrams', () => {
  // These have lengths that the kernel walks over in silence.
  const broken = new Set(['err-attr-trailing', 'err-short-genl']);

  for (const { name, request, replies } of vectors()) {
    if (broken.has(name)) continue;
    it(`${name}: taken apart and put together, byte for byte`, () => {
      for (const datagram of [request, ...replies]) {
        expect(Buffer.from(rebuild(datagram)).toString('hex')).to.equal(
          Buffer.from(datagram).toString('hex'),
        );
      }
    });
  }
});
