import { spawnSync } from 'node:child_process';
import { closeSync, mkdtempSync, openSync, readSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect } from 'chai';
import { COMMAND } from '../../program.js';

const [PROGRAM = '', ...WORDS] = COMMAND;
const RULES = '-A -t 192.0.2.1:80 -s rr\n-a -t 192.0.2.1:80 -r 10.0.0.1:80 -m -w 1\n';
const VALID = [0, '<stdin>: no mistakes\n', ''];

describe('standard input', function () {
  this.timeout(60_000);
  const directory = mkdtempSync(join(tmpdir(), 'ipvs-ts-stdin-'));
  after(() => rmSync(directory, { recursive: true }));

  function validated(
    input: { readonly text: string } | { readonly file: number },
    ...more: string[]
  ): unknown {
    const { status, stdout, stderr } = spawnSync(PROGRAM, [...WORDS, 'validate', ...more, '-'], {
      encoding: 'utf8',
      ...('text' in input ? { input: input.text } : { stdio: [input.file, 'pipe', 'pipe'] }),
    });
    return [status, stdout.replace(/^-:/, '<stdin>:'), stderr];
  }

  function withFile<T>(text: string, use: (file: number) => T): T {
    const path = join(directory, 'input');
    writeFileSync(path, text);
    const file = openSync(path, 'r');
    try {
      return use(file);
    } finally {
      closeSync(file);
    }
  }

  it('is read from a pipe and from a file', () => {
    expect(validated({ text: RULES })).to.deep.equal(VALID);
    expect(withFile(RULES, (file) => validated({ file }))).to.deep.equal(VALID);
  });

  it('is read from where its file stands', () => {
    const text = `not a rule at all\n${RULES}`;
    const found = withFile(text, (file) => {
      readSync(file, Buffer.alloc(18));
      return validated({ file });
    });
    expect(found).to.deep.equal(VALID);
    expect(withFile(text, (file) => validated({ file }, '--from-rules'))).to.include(1);
  });

  it('is refused above the limit, and may be empty', () => {
    const limited = ['--max-bytes', '20'];
    const tooLong = validated({ text: RULES }, ...limited);
    expect(tooLong).to.include(1);
    expect(withFile(RULES, (file) => validated({ file }, ...limited))).to.deep.equal(tooLong);
    expect(withFile('', (file) => validated({ file }))).to.deep.equal(validated({ text: '' }));
  });
});
