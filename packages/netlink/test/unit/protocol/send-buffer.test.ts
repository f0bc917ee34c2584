import { expect } from 'chai';
import {
  attribute,
  attributeSet,
  type Family,
  Messages,
  NetlinkClientSync,
  NLM_F,
  operation,
  SendBuffer,
  u32,
  Writer,
  writeRequest,
} from '@ipvs-ts/netlink';

const TOY: Family = { name: 'TOY', id: 40, version: 1 };
const NUMBER = attributeSet('number', { value: attribute(1, 'VALUE', u32, 'a number') });
const SET = operation({ name: 'SET', command: 1, mode: 'do', request: NUMBER, doc: '' });

/** 28 bytes. */
function message(value: number): Uint8Array {
  const writer = new Writer();
  writeRequest(writer, TOY, SET, { value }, { seq: 0 });
  return writer.written();
}

/** The sequence numbers, flags and values of what is to be sent. */
function sent(bytes: Uint8Array): [seq: number, flags: number, value: number][] {
  const found: [number, number, number][] = [];
  for (const each = new Messages(bytes); each.next();)
    found.push([each.seq, each.flags, each.view.getUint32(each.start + 8, true)]);
  return found;
}

function packed(answers: number, bytes: number): SendBuffer {
  let next = 7;
  return new SendBuffer({ answers, bytes }, (count) => (next += count) - count);
}

describe('packed requests', () => {
  it('have numbers of their own, and an acknowledgement of the last one only', () => {
    const requests = packed(10, 1000);
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
    expect(sent(requests.start().bytes)).to.deep.equal([[17, REQUEST | ACK, 1]]);
  });

  it('are refused when there are too many answers or bytes, but never the first', () => {
    for (const requests of [packed(2, 1000), packed(10, 60)]) {
      expect([1, 2, 3].map((value) => requests.add(message(value)))).to.deep.equal([true, true, false]);
      expect(sent(requests.start().bytes).map(([, , value]) => value)).to.deep.equal([1, 2]);
    }
    const tight = packed(10, 20);
    expect([1, 2].map((value) => tight.add(message(value)))).to.deep.equal([true, false]);
    expect(sent(tight.start().bytes)[0]?.[2]).to.equal(1);
  });

  it('fail by their own number, and all together when they cannot be sent', () => {
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
    const requests = client.packed();
    for (const value of [1, 2, 3]) requests.add(message(value));
    expect([...client.sendPacked(requests)].map(([index, { errno }]) => [index, errno])).to.deep.equal([
      [0, 17],
      [1, 2],
    ]);
    client.close();
    expect(() => client.sendPacked(requests))
      .to.throw()
      .with.property('code', 'ERR_NETLINK_CLOSED');
    expect(() => client.packed())
      .to.throw()
      .with.property('code', 'ERR_NETLINK_CLOSED');
  });
});
