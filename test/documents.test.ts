import { expect } from 'chai';
import { blocks } from './documents/block.js';
import { documents } from './documents/documents.js';
import { isExpectedOutput } from './documents/expected-output.js';
import { steps } from './documents/step.js';
import { typeErrors } from './documents/type-check.js';

describe('the documents', function () {
  this.timeout(120_000);

  it('have no block without a known way to test it', () => {
    for (const { path, text } of documents()) expect(() => steps(text), path).not.to.throw();
  });
  it('have programs that compile', () => {
    const programs = documents().flatMap(({ path, text }) =>
      steps(text).flatMap((step) =>
        step.kind === 'program' || (step.kind === 'file' && step.language === 'ts')
          ? [{ name: `${path}:${step.line}`, text: step.text }]
          : [],
      ),
    );
    expect(programs).not.to.have.length(0);
    expect(typeErrors(programs)).to.deep.equal([]);
  });
});

describe('blocks of documents', () => {
  it('are found with the rules of the comments directly before them', () => {
    const [first, second, third] = blocks(
      [
        '<!-- test: file a.yaml -->',
        '',
        '```yaml title',
        'a: 1',
        '```',
        '<!-- test: output -->',
        'words between',
        '<!-- test: before',
        'one',
        'two',
        '-->',
        '<!-- test: fails: no such -->',
        '  ```sh',
        '  x',
        '    y',
        '  ```',
        '~~~ts',
        '```',
        '~~~',
      ].join('\n'),
    );
    expect(first).to.deep.equal({
      language: 'yaml',
      text: 'a: 1',
      line: 3,
      rules: [{ name: 'file', value: 'a.yaml' }],
    });
    expect(second).to.deep.equal({
      language: 'sh',
      text: 'x\n  y',
      line: 13,
      rules: [
        { name: 'before', value: 'one\ntwo' },
        { name: 'fails', value: 'no such' },
      ],
    });
    expect(third).to.deep.equal({ language: 'ts', text: '```', line: 17, rules: [] });
  });
  it('must end, and have rules that exist, with values where they take one', () => {
    expect(() => blocks('```sh\nx')).to.throw(SyntaxError, 'line 1: the block has no end');
    for (const rule of ['skip', 'file', 'output x', 'not run', 'outputs', 'files a'])
      expect(() => blocks(`<!-- test: ${rule} -->\n\`\`\`\n\`\`\``), rule).to.throw(SyntaxError, 'line 2');
  });
  it('become steps, and what continues becomes one with what it continues', () => {
    const found = steps(
      [
        ...['```ts', 'a', '```', '<!-- test: continues -->', '```ts', 'b', '```'],
        ...['<!-- test: output -->', '```', 'c', '```'],
        ...['<!-- test: before', 'x', '-->', '<!-- test: after', 'z', '-->', '```sh', 'y', '```'],
        ...['<!-- test: not run: a picture -->', '```', '```'],
      ].join('\n'),
    );
    expect(found).to.deep.equal([
      { kind: 'program', line: 1, text: 'a\nb', fails: undefined },
      { kind: 'output', line: 9, text: 'c' },
      { kind: 'shell', line: 18, text: 'x\ny\nz', fails: undefined, host: false },
      { kind: 'not run', line: 22, reason: 'a picture' },
    ]);
  });
  it('are refused where no test would run them', () => {
    expect(() => steps('```\nx\n```')).to.throw(SyntaxError, 'nobody knows how to run');
    expect(() => steps('```yaml\nx\n```')).to.throw(SyntaxError, 'yaml');
    expect(() => steps('<!-- test: output -->\n```\nx\n```')).to.throw(SyntaxError, 'nothing before');
    expect(() => steps('```sh\n```\n<!-- test: continues -->\n```ts\n```')).to.throw(
      SyntaxError,
      'only a program',
    );
  });
  it('of output match what was printed, with … for anything', () => {
    expect(isExpectedOutput('a  \nb\n', 'a\nb')).to.equal(true);
    expect(isExpectedOutput('a\nx\ny\nb (1.5)', 'a\n…\nb (…)')).to.equal(true);
    expect(isExpectedOutput('a\nb', 'a')).to.equal(false);
    expect(isExpectedOutput('axb', 'a.b')).to.equal(false);
    expect(isExpectedOutput(' a', 'a')).to.equal(false);
  });
});

describe('the compiler', function () {
  this.timeout(120_000);

  it('reports errors in programs of documents, with their places', () => {
    const errors = typeErrors([
      { name: 'x.md:7', text: "import { Ipvs } from '@ipvs-ts/ipvs';\nconst n: number = Ipvs;" },
      { name: 'y.md:1', text: 'await Promise.resolve(1);' },
    ]);
    expect(errors).to.have.length(1);
    expect(errors[0]).to.match(/^x\.md:7, line 2: Type .* is not assignable/);
  });
});
