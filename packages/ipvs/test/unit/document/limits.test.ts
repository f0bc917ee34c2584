import { expect } from 'chai';
import {
  DocumentError,
  type DocumentProblem,
  readDocument,
  type ReadDocumentOptions,
  stateProblems,
} from '@ipvs-ts/ipvs';

async function failure(text: string, options?: ReadDocumentOptions): Promise<DocumentError> {
  try {
    await readDocument(text, options);
  } catch (error) {
    if (DocumentError.is(error)) return error;
    throw error;
  }
  throw new Error('it was accepted');
}

async function first(text: string, options?: ReadDocumentOptions): Promise<DocumentProblem> {
  return (await failure(text, options)).problems[0] as DocumentProblem;
}

const LONG = 'x'.repeat(12_000_000);

describe('documents that are large', function () {
  this.timeout(120_000);

  it('have a limit, which the error names', async () => {
    const text = 'services: {}\n';
    expect(await readDocument(text, { maxBytes: 13 })).to.deep.equal({ services: {} });
    const problem = await first(text, { maxBytes: 12 });
    expect(problem.message).to.equal('the document has 13 bytes, and the limit is 12 (maxBytes)');
    expect((await first('é', { maxBytes: 1 })).message).to.include('2 bytes');
    expect((await first('#'.repeat(64 * 1024 * 1024 + 1))).message).to.include('67108864');
    for (const maxBytes of [0, 1.5, '9' as unknown as number, 2 ** 31]) {
      const error: unknown = await readDocument(text, { maxBytes }).catch((each: unknown) => each);
      expect((error as { code?: string }).code).to.equal('ERR_IPVS_ARGUMENT');
    }
  });

  for (const [what, text, options] of [
    ['a name in JSON', `{"services":{"${LONG}":{}}}`, {}],
    ['a value in JSON', `{"services":{"fwmark:1":{"scheduler":"${LONG}"}}}`, {}],
    ['an escaped value in JSON', `{"services":{"fwmark:1":{"scheduler":"\\u0041${LONG}"}}}`, {}],
    ['text without end in JSON', `{"services":{"${LONG}`, { format: 'json' }],
    ['a number in JSON', `{"services":{"fwmark:1":{"scheduler":${'9'.repeat(3_000_000)}}}}`, {}],
    ['a name in YAML', `services: { "${LONG}": {} }`, {}],
    ['a plain name in YAML', `services:\n  ${LONG}: {}\n`, {}],
    ['a value in YAML', `services: { fwmark:1: { scheduler: "${LONG}" } }`, {}],
    ['a plain value in YAML', `services:\n  fwmark:1:\n    scheduler: ${LONG}\n`, {}],
    ['a field', `services: {}\n"${LONG}": 1\n`, {}],
    ['text without end in YAML', `services: "${LONG}`, {}],
    ['the whole document', LONG, {}],
  ] as const)
    it(`may hold long texts, which errors clip: ${what}`, async () => {
      const error = await failure(text, options);
      expect(error.message.length).to.be.below(5000);
      for (const { path, message } of error.problems) {
        expect(path.length).to.be.below(1000);
        expect(message.length).to.be.below(2000);
      }
    });

  it('may have megabytes of blank lines and comments', async () => {
    const blank = '\n'.repeat(20_000_000);
    expect(await readDocument(`${blank}services: {}${blank}`)).to.deep.equal({ services: {} });
    expect(await readDocument(`services:${'\r\n'.repeat(5_000_000)}  fwmark:1: {}`)).to.deep.equal({
      services: { 'fwmark:1': {} },
    });
    expect(await readDocument(`${'# x\n'.repeat(3_000_000)}services: {}`)).to.deep.equal({ services: {} });
    expect(await first(`${blank}services: { fwmark:0: {} }`)).to.include({ line: 20_000_001, column: 13 });
    expect(await first(`${blank}services: {\tfwmark:0: {} }`)).to.include({ line: 20_000_001, column: 13 });
    expect(await first(`${blank}services: {`)).to.include({ line: 20_000_001, column: 12 });
    expect((await first('key: {\n}\n'.repeat(1_000_000))).message).to.include('use JSON');
  });

  it('are answered with the first hundred mistakes, and how many there are', async () => {
    const lines = ['services:', '  fwmark:1:', '    destinations:'];
    for (let index = 0; index < 100_000; index++)
      lines.push(`      10.${index >> 16}.${(index >> 8) & 255}.${index & 255}:80: { wieght: 1 }`);
    const error = await failure(lines.join('\n'));
    expect(error.problems).to.have.length(100_000);
    expect(error.problems[99_999]).to.include({ line: 100_003, column: 26 });
    expect(error.message.split('\n')).to.have.length(102);
    expect(error.message).to.match(/^cannot read the document: it has 100000 mistakes:\n/);
    expect(error.message).to.match(/\n {2}and 99900 more$/);
  });

  it('make the texts of the first hundred mistakes at once, and of others when they are read', async () => {
    const names = Array.from({ length: 300 }, (_, at) => `"fwmark:${at + 1}":{"sheduler":"rr"}`);
    const { problems, message } = await failure(`{"services":{\n${names.join(',\n')}}}`);
    expect(problems).to.have.length(300);
    expect(message.match(/did you mean scheduler/g)).to.have.length(100);
    const plain = problems.map(({ path, allowed, line, column }) => ({ path, allowed, line, column }));
    expect(plain[299]).to.deep.equal({
      ...plain[0],
      path: 'services["fwmark:300"].sheduler',
      line: 301,
      column: 15,
    });
    const [first, last] = JSON.parse(JSON.stringify([problems[0], problems[299]])) as object[];
    expect(Object.keys(last as object).sort()).to.deep.equal(Object.keys(first as object).sort());
    expect((last as { message: string }).message).to.include('did you mean scheduler?');
    // The same mistake in another place is counted, several at one place are one.
    expect(
      stateProblems({ services: Object.fromEntries(names.map((_, at) => [`x${at}`, 7])) } as never),
    ).to.have.length(300);
  });

  it('may have a hundred thousand names without the quotes that YAML needs', async () => {
    const names = Array.from({ length: 100_000 }, (_, at) => `      [2001:db8::${at.toString(16)}]:80: {}\n`);
    const { problems } = await failure(`services:\n  fwmark6:1:\n    destinations:\n${names.join('')}`);
    expect(problems).to.have.length(100_000);
    expect(problems[99_999]?.message).to.include('[2001:db8::1869f]:80 must be in quotes');
  });

  it('may repeat names a hundred thousand times', async () => {
    const services = '"fwmark:1":{},'.repeat(100_000);
    const error = await failure(`{"services":{${services}"fwmark:1":{}}}`);
    expect(error.problems).to.have.length(100_000);
  });
});

describe('names with IPv6 addresses in YAML', () => {
  for (const [text, place, name] of [
    ['services:\n  fwmark6:1:\n    destinations:\n      [2001:db8::1]:80: {}\n', '4:7', '[2001:db8::1]:80'],
    ['services: { fwmark6:1: { destinations: { [2001:db8::1]:80: {} } } }', '1:42', '[2001:db8::1]:80'],
    ['services: { udp:[2001:db8::1]:53: {} }', '1:13', 'udp:[2001:db8::1]:53'],
  ] as const)
    it(`must be in quotes, and the error says so: ${JSON.stringify(text)}`, async () => {
      const { problems } = await failure(text);
      expect(problems.map(({ line, column }) => `${line}:${column}`)).to.deep.equal([place]);
      expect(problems[0]?.message).to.equal(
        `${name} must be in quotes: "${name}"; without them, [ begins a list in YAML`,
      );
    });
});
