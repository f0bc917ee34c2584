import { expect } from 'chai';
import { Conversation, type Expectation } from '../../../dist/protocol/conversation.js';
import { type Failure, failureError } from '../../../dist/errors.js';
import { NLM_F, NLMSG } from '@ipvs-ts/netlink/testing';

/** A message with a body of 32-bit words. */
function message(type: number, seq: number, words: readonly number[] = [], flags = 0): Uint8Array {
  const bytes = new Uint8Array(16 + words.length * 4);
  const view = new DataView(bytes.buffer);
  view.setUint32(0, bytes.length, true);
  view.setUint16(4, type, true);
  view.setUint16(6, flags, true);
  view.setUint32(8, seq, true);
  words.forEach((word, index) => {
    view.setInt32(16 + index * 4, word, true);
  });
  return bytes;
}

const error = (seq: number, errno: number): Uint8Array =>
  message(NLMSG.ERROR, seq, [-errno, 16, 0, seq, 0], NLM_F.CAPPED);
const done = (seq: number, status = 0): Uint8Array => message(NLMSG.DONE, seq, [status], NLM_F.MULTI);
const data = (seq: number, word: number, flags = 0): Uint8Array => message(28, seq, [1, word], flags);

function talk(expectations: readonly Expectation[], firstSeq = 10) {
  const got: [index: number, word: number][] = [];
  const conversation = new Conversation(firstSeq, expectations, (index, view, start) => {
    got.push([index, view.getInt32(start + 4, true)]);
  });
  const codes = (): Record<number, string> =>
    Object.fromEntries(
      [...conversation.failures].map(([index, failure]) => {
        const { code, errnoName } = failureError(failure);
        return [index, errnoName ?? code];
      }),
    );
  return { conversation, got, codes };
}

describe('a conversation', () => {
  it('ends a "do" with its acknowledgement', () => {
    const { conversation, codes } = talk(['ack']);
    expect(conversation.done).to.equal(false);
    conversation.receive(error(10, 0));
    expect(conversation.done).to.equal(true);
    expect(codes()).to.deep.equal({});
  });

  it('takes data before the acknowledgement', () => {
    const { conversation, got } = talk(['ack']);
    conversation.receive(data(10, 5));
    expect(conversation.done).to.equal(false);
    conversation.receive(error(10, 0));
    expect(got).to.deep.equal([[0, 5]]);
  });

  it('ends a question with its one reply', () => {
    const { conversation, got } = talk(['reply']);
    conversation.receive(data(10, 7));
    expect(conversation.done).to.equal(true);
    expect(got).to.deep.equal([[0, 7]]);
  });

  it('does not mistake an acknowledgement for a reply', () => {
    const { conversation, codes } = talk(['reply']);
    conversation.receive(error(10, 0));
    expect(codes()).to.deep.equal({ 0: 'ERR_NETLINK_NO_ANSWER' });
  });

  it('ends a dump with NLMSG_DONE, over several datagrams and in one', () => {
    for (const datagrams of [
      [data(10, 1, NLM_F.MULTI), data(10, 2, NLM_F.MULTI), done(10)],
      [Buffer.concat([data(10, 1, NLM_F.MULTI), data(10, 2, NLM_F.MULTI), done(10)])],
    ]) {
      const { conversation, got, codes } = talk(['dump']);
      for (const datagram of datagrams) {
        expect(conversation.done).to.equal(false);
        conversation.receive(datagram);
      }
      expect(conversation.done).to.equal(true);
      expect(got).to.deep.equal([
        [0, 1],
        [0, 2],
      ]);
      expect(codes()).to.deep.equal({});
    }
  });

  it('reads the status of NLMSG_DONE', () => {
    const { conversation, codes } = talk(['dump']);
    conversation.receive(done(10, -95));
    expect(codes()).to.deep.equal({ 0: 'EOPNOTSUPP' });
  });

  it('treats NLMSG_DONE without a status as success', () => {
    const { conversation, codes } = talk(['dump']);
    conversation.receive(message(NLMSG.DONE, 10, [], NLM_F.MULTI));
    expect(conversation.done).to.equal(true);
    expect(codes()).to.deep.equal({});
  });

  it('says when a dump was interrupted, as its end alone may report', () => {
    const { conversation, got, codes } = talk(['dump']);
    conversation.receive(data(10, 1, NLM_F.MULTI));
    conversation.receive(message(NLMSG.DONE, 10, [0], NLM_F.MULTI | NLM_F.DUMP_INTR));
    expect(got).to.deep.equal([[0, 1]]);
    expect(conversation.done).to.equal(true);
    expect(codes()).to.deep.equal({ 0: 'ERR_NETLINK_DUMP_INTERRUPTED' });
    conversation.receive(message(NLMSG.DONE, 10, [-1], NLM_F.MULTI | NLM_F.DUMP_INTR));
    expect(codes()).to.deep.equal({ 0: 'ERR_NETLINK_DUMP_INTERRUPTED' });
  });

  it('says when a dump was interrupted', () => {
    const { conversation, codes } = talk(['dump']);
    conversation.receive(data(10, 1, NLM_F.MULTI | NLM_F.DUMP_INTR));
    conversation.receive(done(10));
    expect(codes()).to.deep.equal({ 0: 'ERR_NETLINK_DUMP_INTERRUPTED' });
  });

  it('maps the failures of a batch to their requests', () => {
    const { conversation, codes } = talk(['quiet', 'quiet', 'reply', 'quiet', 'ack']);
    conversation.receive(error(11, 17));
    conversation.receive(data(12, 1));
    conversation.receive(error(13, 3));
    expect(conversation.done).to.equal(false);
    conversation.receive(error(14, 0));
    expect(conversation.done).to.equal(true);
    expect(codes()).to.deep.equal({ 1: 'EEXIST', 3: 'ESRCH' });
  });

  it('treats a failed last request as the end', () => {
    const { conversation, codes } = talk(['quiet', 'ack']);
    conversation.receive(error(11, 2));
    expect(conversation.done).to.equal(true);
    expect(codes()).to.deep.equal({ 1: 'ENOENT' });
  });

  it('skips NOOP and messages for others', () => {
    const { conversation, got, codes } = talk(['reply']);
    conversation.receive(message(NLMSG.NOOP, 10));
    conversation.receive(error(9, 1));
    conversation.receive(data(11, 3));
    conversation.receive(data(0, 3));
    expect(conversation.done).to.equal(false);
    expect(got).to.deep.equal([]);
    expect(codes()).to.deep.equal({});
  });

  it('counts answers once', () => {
    const { conversation, got, codes } = talk(['reply', 'ack']);
    conversation.receive(data(10, 1));
    conversation.receive(data(10, 2));
    conversation.receive(error(10, 5));
    expect(conversation.done).to.equal(false);
    conversation.receive(error(11, 0));
    expect(got).to.deep.equal([[0, 1]]);
    expect(codes()).to.deep.equal({});
  });

  it('treats silence as success of quiet requests and as failure of the others', () => {
    const { conversation, codes } = talk(['quiet', 'reply', 'ack']);
    conversation.receive(data(11, 1));
    conversation.silence();
    expect(conversation.done).to.equal(true);
    expect(codes()).to.deep.equal({ 2: 'ERR_NETLINK_NO_ANSWER' });
  });

  it('cannot tell what became of unanswered requests after an overrun', () => {
    const { conversation, codes } = talk(['quiet', 'quiet', 'reply', 'ack']);
    conversation.receive(error(10, 17));
    conversation.overrun();
    conversation.silence();
    expect(codes()).to.deep.equal({
      0: 'EEXIST',
      1: 'ERR_NETLINK_OVERRUN',
      2: 'ERR_NETLINK_OVERRUN',
      3: 'ERR_NETLINK_OVERRUN',
    });
  });

  it('cannot tell what became of quiet requests after an overrun, even if the last one is answered', () => {
    const { conversation, codes } = talk(['quiet', 'ack']);
    conversation.overrun();
    conversation.receive(error(11, 0));
    expect(conversation.done).to.equal(true);
    expect(codes()).to.deep.equal({ 0: 'ERR_NETLINK_OVERRUN' });
  });

  it('treats NLMSG_OVERRUN as an overrun', () => {
    const { conversation, codes } = talk(['reply']);
    conversation.receive(message(NLMSG.OVERRUN, 0));
    conversation.silence();
    expect(codes()).to.deep.equal({ 0: 'ERR_NETLINK_OVERRUN' });
  });

  it("carries the kernel's message", () => {
    const words = Buffer.from('no way\0\0');
    const extack = Buffer.concat([Buffer.from([11, 0, 1, 0]), words, Buffer.from([8, 0, 2, 0, 20, 0, 0, 0])]);
    const bytes = Buffer.concat([
      message(NLMSG.ERROR, 10, [-22, 16, 0, 10, 0], NLM_F.CAPPED | NLM_F.ACK_TLVS),
      extack,
    ]);
    bytes.writeUInt32LE(bytes.length, 0);
    const { conversation } = talk(['ack']);
    conversation.receive(bytes);
    const failure = failureError(conversation.failures.get(0) as Failure);
    expect(failure.message).to.equal('the kernel answered EINVAL (Invalid argument): no way');
    expect(failure.extack).to.deep.equal({ message: 'no way', offset: 20 });
  });

  it('keeps the warning of a request that succeeded', () => {
    const extack = Buffer.concat([Buffer.from([8, 0, 1, 0]), Buffer.from('hm!\0')]);
    const bytes = Buffer.concat([
      message(NLMSG.ERROR, 10, [0, 16, 0, 10, 0], NLM_F.CAPPED | NLM_F.ACK_TLVS),
      extack,
    ]);
    bytes.writeUInt32LE(bytes.length, 0);
    const { conversation } = talk(['ack']);
    conversation.receive(bytes);
    expect(conversation.failures.size).to.equal(0);
    expect(conversation.warnings.get(0)).to.equal('hm!');
  });

  it('must end with a request that is answered', () => {
    expect(() => talk(['ack', 'quiet'])).to.throw(TypeError);
  });
});
