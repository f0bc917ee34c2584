/** Files that cannot be meant: too long, too deep, endless, or not text. */
import { AgentError, importKeepalived, importLdirectord } from '@ipvs-ts/agent';
import { expect } from 'chai';

const OPTIONS = { readIncluded: () => [] };

const unreadable: Readonly<Record<string, readonly [text: string, message: RegExp]>> = {
  'blocks that lie too deep': ['a {\n'.repeat(1000), /^f:101: blocks lie more than 100 deep/],
  'a line that is too long': [`a ${'x'.repeat(2_000_000)}\n`, /^f:1: this line has 2000002 characters/],
  'a sequence without end': [
    '~SEQ(A, 1, 1, 1000000000) a {\n',
    /^f:1: the file comes to more than 1000000 lines/,
  ],
  'definitions that double': [
    `$A0=x\n${Array.from({ length: 60 }, (_, n) => `$A${n + 1}=\${A${n}}\${A${n}}\n`).join('')}a \${A60}\n`,
    /^f:62: the definitions that this line uses lead to one another without end/,
  ],
  'a definition of itself': ['$A=${B}\n$B=${A}\na ${A}\n', /^f:3: the definitions that this line uses/],
  'a zero byte': ['a\nb\0\n', /^f:2: this line has a zero byte/],
  'bytes that are no text': ['a\nb\ufffd\n', /^f:2: this line has bytes that are not UTF-8/],
};

describe('files that cannot be imported', () => {
  for (const [name, [text, message]] of Object.entries(unreadable))
    it(`of keepalived: ${name}`, () => {
      try {
        importKeepalived({ path: 'f', text }, OPTIONS);
        expect.fail('nothing was thrown');
      } catch (error) {
        expect(AgentError.is(error, 'ERR_AGENT_IMPORT'), String(error)).to.equal(true);
        expect((error as Error).message).to.match(message);
      }
    });

  it('of ldirectord: bytes that are not text', () =>
    expect(() => importLdirectord({ path: 'f', text: 'a\nb\ufffd\n' })).to.throw(AgentError, /^f:2: /));

  it('are not those with thousands of services, servers and mistakes', () => {
    const server = (last: number): string =>
      `real_server 10.0.${last >> 8}.${last & 255} 80 {\nTCP_CHECK {\nbogus\n}\n}\n`;
    const servers = Array.from({ length: 300 }, (_, last) => server(last)).join('');
    const text = Array.from(
      { length: 20 },
      (_, port) => `virtual_server 192.0.2.1 ${port + 1} {\nprotocol TCP\n${servers}}\n`,
    ).join('');
    const { document, remarks } = importKeepalived({ path: 'f', text }, OPTIONS);
    expect(Object.keys(document['services'] as object)).to.have.length(20);
    expect(remarks.filter(({ fate }) => fate === 'dropped')).to.have.length(6000);
  });
});
