import { expect } from 'chai';
import type { Writer } from '@ipvs-ts/netlink';
import { attribute, attributeSet, type Family, NetlinkClientSync, operation, u32 } from '@ipvs-ts/netlink';
import { Messages, NLM_F } from '@ipvs-ts/netlink/testing';
import { SendBuffer, writeRequest } from '@ipvs-ts/netlink/bulk';
import { SequenceNumbers } from '../../../dist/protocol/sequence-numbers.js';

const TOY: Family = { name: 'TOY', id: 40, version: 1 };
const NUMBER = attributeSet('number', { value: attribute(1, 'VALUE', u32, 'a number') });
const SET = operation({ name: 'SET', command: 1, mode: 'do', request: NUMBER, doc: '' });

/** 28 bytes. */
function message(value: number): (writer: Writer, seq: number) => void {
  return (writer, seq) => {
    writeRequest(writer, TOY, SET, { value }, { seq });
  };
}

/** The sequence numbers, flags and values of what is to be sent. */
function sent(bytes: Uint8Array): [seq: number, flags: number, value: number][] {
  const found: [number, number, number][] = [];
  for (const each = new Messages(bytes); each.next();)
    found.push([each.seq, each.flags, each.view.getUint32(each.start + 8, true)]);
  return found;
}

function buffer(answers: number, bytes: number, numbers = new SequenceNumbers(7)): SendBuffer {
  return new SendBuffer({ answers, bytes }, numbers);
}

describe('a send buffer', () => {
  it('numbers its requests, and asks for an acknowledgement of the last one only', () => {
    const requests = buffer(10, 1000);
    for (const value of [5, 6, 4_000_000_000]) expect(requests.add(message(value))).to.equal(true);
    expect(requests.size).to.equal(3);
    const { bytes, conversation } = requests.start();
    const { REQUEST, ACK } = NLM_F;
    expect(sent(bytes)).to.deep.equal([
      [7, REQUEST, 5],
      [8, REQUEST, 6],
      [9, REQUEST | ACK, 4_000_000_000],
    ]);
    expect(conversation.done).to.equal(false);
    expect(sent(requests.message(1))).to.deep.equal([[8, REQUEST, 6]]);
    requests.clear();
    expect(requests.size).to.equal(0);
    requests.add(message(1));
    expect(sent(requests.start().bytes)).to.deep.equal([[10, REQUEST | ACK, 1]]);
  });

  it('renumbers its requests when others have used the numbers meanwhile', () => {
    const numbers = new SequenceNumbers(7);
    const requests = buffer(10, 1000, numbers);
    for (const value of [5, 6]) requests.add(message(value));
    numbers.take(3);
    const { bytes, conversation } = requests.start();
    expect(sent(bytes).map(([seq]) => seq)).to.deep.equal([10, 11]);
    expect(conversation.done).to.equal(false);
    expect(numbers.next).to.equal(12);
  });

  it('refuses requests for which there are too many answers or bytes, but never the first', () => {
    for (const requests of [buffer(2, 1000), buffer(10, 60)]) {
      expect([1, 2, 3].map((value) => requests.add(message(value)))).to.deep.equal([true, true, false]);
      expect(sent(requests.start().bytes).map(([, , value]) => value)).to.deep.equal([1, 2]);
    }
    const tight = buffer(10, 20);
    expect([1, 2].map((value) => tight.add(message(value)))).to.deep.equal([true, false]);
    expect(sent(tight.start().bytes)[0]?.[2]).to.equal(1);
  });

  it('reports failures by the index of their request', () => {
    const refusal = (seq: number, errno: number): Uint8Array => {
      const bytes = new Uint8Array(36);
      const view = new DataView(bytes.buffer);
      view.setUint32(0, 36, true);
      view.setUint16(4, 2, true);
      view.setUint32(8, seq, true);
      view.setInt32(16, -errno, true);
      return bytes;
    };
    let queue: Uint8Array[] = [];
    const transport = {
      capacity: 10,
      send: (bytes: Uint8Array) => {
        const seqs = sent(bytes).map(([seq]) => seq);
        // The second answer to come is that of the first to be sent.
        queue = [refusal(seqs[1] ?? 0, 2), refusal(seqs[0] ?? 0, 17), refusal(seqs[2] ?? 0, 0)];
      },
      receive: () => queue.shift(),
      close: () => undefined,
    };
    const client = new NetlinkClientSync(transport);
    const requests = client.sendBuffer();
    for (const value of [1, 2, 3]) requests.add(message(value));
    expect([...client.sendBuffered(requests, TOY)].map(([index, { errno }]) => [index, errno])).to.deep.equal(
      [
        [0, 17],
        [1, 2],
      ],
    );
    client.close();
    expect(() => client.sendBuffered(requests, TOY))
      .to.throw()
      .with.property('code', 'ERR_NETLINK_CLOSED');
    expect(() => client.sendBuffer())
      .to.throw()
      .with.property('code', 'ERR_NETLINK_CLOSED');
  });
});

describe('sequence numbers', () => {
  it('start at the given number, are consecutive, and never are 0', () => {
    expect(
      [0, 1, 0xfff0_0000, 0xfff0_0001, 0xffff_ffff].map((first) => new SequenceNumbers(first).next),
    ).to.deep.equal([1, 1, 0xfff0_0000, 1, 1]);
    const numbers = new SequenceNumbers(0xfff0_0000);
    expect([numbers.take(8192), numbers.take(2), numbers.take(1)]).to.deep.equal([0xfff0_0000, 1, 3]);
  });
});
