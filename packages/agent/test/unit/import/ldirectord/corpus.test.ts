import { CHECK_TYPES, importLdirectord, readDeclared } from '@ipvs-ts/agent';
import { expect } from 'chai';
import fc from 'fast-check';
import { corpus } from '../corpus.js';

const files = corpus('ldirectord');

describe('the import of ldirectord’s files', () => {
  for (const file of files) {
    const name = file.path.split('/').at(-1) as string;

    describe(name, () => {
      const imported = importLdirectord(file);

      it('becomes a document without mistakes', () => {
        const { problems } = readDeclared(imported.document, 'revision', CHECK_TYPES);
        expect(problems.map(({ message }) => message)).to.deep.equal([]);
      });

      it('has a remark for every line', () => {
        const lines = new Set(imported.remarks.map(({ line }) => line));
        const silent = file.text.split('\n').flatMap((text, index) => {
          const said = text.trim() === '' || text.trim().startsWith('#') || lines.has(index + 1);
          return said ? [] : [`${index + 1}: ${text}`];
        });
        expect(silent).to.deep.equal([]);
      });
    });
  }

  it('looks names up', () => {
    const text = 'virtual=www:http\n    real=one:http masq\n    checktype=on\n';
    const lookUp = {
      address: (name: string) => ({ www: '192.0.2.1', one: '10.0.0.1' })[name],
      port: (name: string) => (name === 'http' ? 80 : undefined),
    };
    const { document } = importLdirectord({ path: 'f', text }, { lookUp });
    expect(document['services']).to.deep.equal({
      'tcp:192.0.2.1:80': {
        scheduler: 'wrr',
        destinations: { '10.0.0.1:80': { forwarding: 'masq', weight: 1 } },
      },
    });
  });

  it('uses the times of the service, then the global ones', () => {
    const times = (all: string, own: string, type: string): unknown => {
      const text = `${all}\nvirtual=192.0.2.1:80\n    real=10.0.0.1:80 masq\n    checktype=${type}\n${own}`;
      const { document } = importLdirectord({ path: 'f', text });
      const [service] = Object.values(
        document['services'] as Record<string, { check: Record<string, unknown> }>,
      );
      return [service?.check['interval'], service?.check['timeout'], service?.check['fall']];
    };
    expect(times('', '', 'connect')).to.deep.equal(['10s', '5s', 1]);
    expect(times('', '', 'negotiate')).to.deep.equal(['10s', '30s', 1]);
    expect(times('checktimeout=3\ncheckinterval=7\nfailurecount=4', '', 'negotiate')).to.deep.equal([
      '7s',
      '3s',
      4,
    ]);
    expect(times('checktimeout=3', '    negotiatetimeout=8', 'connect')).to.deep.equal(['10s', '8s', 1]);
    expect(times('fork=yes\ncheckinterval=7', '    checkinterval=2', 'connect')).to.deep.equal([
      '2s',
      '5s',
      1,
    ]);
    expect(times('checkinterval=7', '    checkinterval=2', 'connect')).to.deep.equal(['7s', '5s', 1]);
  });

  it('survives any text', () => {
    const part = fc.oneof(
      fc.constantFrom(
        'virtual=192.0.2.1:80',
        'virtual=7',
        'virtual6=[::1]:80',
        '    real=10.0.0.1:80 masq',
        '    fallback=',
      ),
      fc.constantFrom(
        '    checktype=negotiate',
        '    service=dns',
        '    request="x"',
        '    receive="("',
        'quiescent=yes',
        '',
      ),
      fc.string(),
    );
    fc.assert(
      fc.property(fc.array(part, { maxLength: 20 }), (parts) => {
        const { document } = importLdirectord({
          path: 'f',
          text: parts.join('\n').replace(/[\0\ufffd]/g, ''),
        });
        const { problems } = readDeclared(document, 'revision', CHECK_TYPES);
        expect(problems).to.deep.equal([]);
      }),
      { numRuns: 500 },
    );
  });
});
