import { createHash } from 'node:crypto';
import { expect } from 'chai';
import packet from 'dns-packet';
import fc from 'fast-check';
import { Conversation } from '../../../dist/check/conversation.js';
import { type DnsSettings, dnsQuery, judgeDns } from '../../../dist/check/dns.js';
import { socketFailure } from '../../../dist/check/failure.js';
import { httpRequest, judgeHttp } from '../../../dist/check/http.js';
import { type HttpReply, HttpReader } from '../../../dist/check/http-reply.js';
import { md5 } from '../../../dist/check/md5.js';
import { judgeAgentLine, judgeFile, judgeScript } from '../../../dist/check/words.js';

const text = (value: string): Uint8Array => new TextEncoder().encode(value);

/** What is read of a reply that arrives whole, and then ends. */
function reply(value: string, method = 'GET', needsBody = true): HttpReply | string | undefined {
  const reader = new HttpReader({ method, body: needsBody ? '' : undefined, digest: undefined });
  return reader.read(text(value)) ?? reader.read(new Uint8Array(), true);
}

describe('HTTP replies', () => {
  it('have the digest of their whole body, where a check asks for it', () => {
    const wanted = { method: 'GET', body: undefined, digest: '' };
    for (const size of [0, 1, 63, 64, 65, 70_000, 1_048_576]) {
      const bytes = Buffer.alloc(size, 'abcdefg');
      const reader = new HttpReader(wanted);
      const head = text(`HTTP/1.1 200 OK\r\nContent-Length: ${size}\r\n\r\n`);
      const read = reader.read(Buffer.concat([head, bytes]));
      const digest = createHash('md5').update(bytes).digest('hex');
      expect(typeof read === 'object' ? read.digest : read, String(size)).to.equal(digest);
    }
    const reader = new HttpReader(wanted);
    const long = `HTTP/1.1 200 OK\r\n\r\n${'x'.repeat(1_048_577)}`;
    expect(reader.read(text(long))).to.match(/too many for a digest/);
  });

  it('are read from a buffer that is filled again and again', () => {
    const whole = text('HTTP/1.1 103 Early Hints\r\n\r\nHTTP/1.1 200 OK\r\nContent-Length: 5\r\n\r\nhello');
    for (const size of [1, 2, 7, 30, 50]) {
      const reader = new HttpReader({ method: 'GET', body: 'hello', digest: undefined });
      const buffer = new Uint8Array(size);
      let read: HttpReply | string | undefined;
      for (let at = 0; at < whole.length && read === undefined; at += size) {
        buffer.set(whole.subarray(at, at + size));
        read = reader.read(buffer.subarray(0, Math.min(size, whole.length - at)));
        buffer.fill(0x21);
      }
      expect(read, String(size)).to.deep.equal({ status: 200, body: 'hello', complete: true });
    }
  });

  it('fail a check whose digest they do not have', () => {
    const digest = '5d41402abc4b2a76b9719d911017c592';
    const settings = {
      path: '/',
      host: undefined,
      method: 'GET',
      headers: undefined,
      status: [[200, 299]] as const,
    };
    const judged = (body: string): string =>
      judgeHttp(
        { ...settings, body: undefined, digest },
        { status: 200, body, digest: md5(text(body)), complete: true },
      ).outcome;
    expect([judged('hello'), judged('hello!')]).to.deep.equal(['passed', 'failed']);
  });

  it('are read with a length, in chunks, and until the connection ends', () => {
    const bodies = [
      'HTTP/1.1 200 OK\r\nContent-Length: 5\r\n\r\nhello and more',
      'HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n3\r\nhel\r\n2;x=y\r\nlo\r\n0\r\n\r\n',
      'HTTP/1.0 200 OK\n\nhello',
      'HTTP/1.1 100 Continue\r\n\r\nHTTP/1.1 200 OK\r\nContent-Length: 5\r\n\r\nhello',
    ];
    for (const each of bodies)
      expect(reply(each), each).to.deep.equal({ status: 200, body: 'hello', complete: true });
  });

  it('are read alike however they are cut into pieces', () => {
    const whole = 'HTTP/1.1 503 No\r\nTransfer-Encoding: chunked\r\n\r\n4\r\nbody\r\n0\r\n\r\n';
    fc.assert(
      fc.property(fc.array(fc.nat(whole.length)), (cuts) => {
        const reader = new HttpReader({ method: 'GET', body: '', digest: undefined });
        const places = [0, ...cuts.sort((one, other) => one - other), whole.length];
        let read: ReturnType<HttpReader['read']>;
        for (let index = 1; index < places.length && read === undefined; index++)
          read = reader.read(text(whole.slice(places[index - 1], places[index])));
        expect(read).to.deep.equal({ status: 503, body: 'body', complete: true });
      }),
    );
  });

  it('never make the reader throw', () => {
    fc.assert(
      fc.property(fc.uint8Array({ maxLength: 200 }), fc.boolean(), (bytes, prefix) => {
        const reader = new HttpReader({ method: 'GET', body: '', digest: undefined });
        if (prefix) reader.read(text('HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n'));
        reader.read(bytes);
        expect(reader.read(new Uint8Array(), true)).not.to.equal(undefined);
      }),
    );
  });

  for (const [title, value, expected] of [
    ['nothing', '', /without a reply/],
    ['garbage', 'SSH-2.0-OpenSSH_9.2\r\n', /is not HTTP: "SSH-2.0/],
    ['half a head', 'HTTP/1.1 200 OK\r\nServer: x', /inside the headers/],
    ['half a body', 'HTTP/1.1 200 OK\r\nContent-Length: 50\r\n\r\nhello', /inside the body/],
    ['a chunk without a size', 'HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\nxyz\r\n', /no size/],
    ['headers without an end', `HTTP/1.1 200 OK\r\n${'x: y\r\n'.repeat(20_000)}`, /more than 65536 bytes/],
  ] as const)
    it(`fail where the server says ${title}`, () => {
      expect(reply(value)).to.match(expected);
    });

  it('are judged by status and body', () => {
    const settings = {
      path: '/',
      host: undefined,
      method: 'GET',
      headers: { host: 'a', 'X-Probe': '1' },
      status: [[200, 299]] as const,
      body: '^ok',
      digest: undefined,
    };
    expect(judgeHttp(settings, { status: 200, body: 'ok then', complete: true }).outcome).to.equal('passed');
    expect(judgeHttp(settings, { status: 404, body: '', complete: true }).reason).to.equal(
      'status 404, not 200-299',
    );
    expect(judgeHttp(settings, { status: 200, body: 'no', complete: true }).reason).to.match(
      /does not match \/\^ok\//,
    );
    expect(httpRequest(settings, '192.0.2.1')).to.equal(
      'GET / HTTP/1.1\r\nUser-Agent: ipvs-ts-agent\r\nAccept: */*\r\nConnection: close\r\nhost: a\r\nX-Probe: 1\r\n\r\n',
    );
  });
});

describe('steps', () => {
  it('send and expect in order', () => {
    const talk = new Conversation([{ expect: '^220 ' }, { send: 'QUIT\r\n' }, { expect: '221' }]);
    expect(talk.action()).to.deep.equal({ kind: 'read', pattern: '^220 ' });
    talk.hear(text('22'));
    talk.hear(text('0 mail\r\n'));
    expect(talk.action()).to.deep.equal({ kind: 'send', text: 'QUIT\r\n' });
    talk.hear(text('221 bye'));
    expect(talk.action()).to.deep.equal({ kind: 'passed' });
  });

  it('fail on endless data, and name what they waited for', () => {
    const talk = new Conversation([{ expect: 'ready' }]);
    talk.hear(text('x'.repeat(70_000)));
    expect(talk.action()).to.deep.equal({ kind: 'failed', reason: '65536 bytes without /ready/' });
    const other = new Conversation([{ expect: 'ready' }]);
    other.hear(text('busy'));
    expect(other.ended('connection closed')).to.equal(
      'connection closed before /ready/; the server said "busy"',
    );
  });
});

describe('DNS replies', () => {
  const settings: DnsSettings = { name: 'Example.org.', type: 'A', rcode: 'NOERROR', answers: 1 };
  const answer = { type: 'A', name: 'example.org', data: '192.0.2.1' } as const;
  const message = (change: object): Uint8Array =>
    packet.encode({ type: 'response', id: 7, questions: [{ type: 'A', name: 'example.org' }], ...change });

  it('pass with the response code and enough answers', () => {
    expect(judgeDns(settings, 7, message({ answers: [answer] }))).to.include({ outcome: 'passed' });
    expect(judgeDns({ ...settings, answers: 0 }, 7, message({}))).to.include({ outcome: 'passed' });
    expect(judgeDns({ ...settings, rcode: 'NXDOMAIN' }, 7, message({ flags: 3 }))).to.include({
      outcome: 'passed',
    });
  });

  it('fail without answers, with another code, and where they are garbage', () => {
    expect(judgeDns(settings, 7, message({}))?.reason).to.equal('0 answers of type A, fewer than 1');
    expect(judgeDns(settings, 7, message({ flags: 2 }))?.reason).to.equal(
      'the reply says SERVFAIL, not NOERROR',
    );
    expect(judgeDns(settings, 7, text('garbage'))?.outcome).to.equal('failed');
  });

  it('are ignored with another id, another question, or as an echo of the query', () => {
    expect(judgeDns(settings, 8, message({ answers: [answer] }))).to.equal(undefined);
    expect(judgeDns(settings, 7, message({ questions: [{ type: 'A', name: 'example.com' }] }))).to.equal(
      undefined,
    );
    expect(judgeDns(settings, 7, dnsQuery(settings, 7))).to.equal(undefined);
  });
});

describe('what servers report about themselves', () => {
  it('is read as HAProxy reads its agent check', () => {
    expect(judgeAgentLine('up\n')).to.deep.include({ outcome: 'passed' });
    expect(judgeAgentLine('75%\n')).to.include({ outcome: 'passed', share: 0.75 });
    expect(judgeAgentLine('up 50%\nignored')).to.include({ share: 0.5 });
    expect(judgeAgentLine('150% up')).to.include({ outcome: 'passed', share: 1 });
    expect(judgeAgentLine('100000%')).to.include({ outcome: 'passed', share: 1 });
    expect(judgeAgentLine('drain')).to.include({ outcome: 'passed', share: 0 });
    expect(judgeAgentLine('ready,down # disk full')).to.include({
      outcome: 'failed',
      reason: 'the server says down: disk full',
    });
    expect(judgeAgentLine('').outcome).to.equal('failed');
    expect(judgeAgentLine('hello').outcome).to.equal('failed');
  });

  it('is an exit status of scripts: 0 passes, 1 fails, all else cannot tell', () => {
    expect(judgeScript({ status: 0, output: 'up 150%\n' })).to.include({ outcome: 'passed', share: 1 });
    expect(judgeScript({ status: 0, output: 'up 75%\n' })).to.include({ outcome: 'passed', share: 0.75 });
    expect(judgeScript({ status: 0, output: '' })).to.deep.equal({
      outcome: 'passed',
      reason: 'exit status 0',
    });
    expect(judgeScript({ status: 1, output: 'disk full\n' })).to.deep.equal({
      outcome: 'failed',
      reason: 'exit status 1: disk full',
    });
    expect(judgeScript({ status: 127, output: '' }).outcome).to.equal('no verdict');
    expect(judgeScript({ status: undefined, signal: 'SIGSEGV', output: '' }).reason).to.equal(
      'ended by SIGSEGV',
    );
  });

  it('is the first word of a file', () => {
    expect(judgeFile(' up\n').outcome).to.equal('passed');
    expect(judgeFile('down new disk').reason).to.equal('the file says down: new disk');
    expect(judgeFile('').outcome).to.equal('no verdict');
    expect(judgeFile('upper').outcome).to.equal('no verdict');
  });
});

describe('errors of sockets', () => {
  it('of this host give no verdict', () => {
    for (const code of ['EMFILE', 'ENFILE', 'EADDRNOTAVAIL', 'ENETUNREACH', 'ENOBUFS', 'EPERM'])
      expect(socketFailure({ code, message: code }).outcome, code).to.equal('no verdict');
  });

  it('of the server are failures, and a refusal proves a living host', () => {
    for (const code of ['ECONNRESET', 'EHOSTUNREACH', 'ETIMEDOUT', 'EOTHER'])
      expect(socketFailure({ code, message: code }), code).not.to.have.property('refused');
    expect(socketFailure({ code: 'ECONNREFUSED', message: '' })).to.include({
      outcome: 'failed',
      refused: true,
    });
  });
});
