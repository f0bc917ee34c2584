import { execFileSync, spawnSync } from 'node:child_process';
import {
  cpSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs';
import { createRequire } from 'node:module';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Script } from 'node:vm';
import { expect } from 'chai';
import { CHECKOUT } from './source-files.js';

const CLI = join(CHECKOUT, 'packages/cli');
const { wrap } = createRequire(import.meta.url)('node:module') as {
  wrap: (this: void, source: string) => string;
};

/** The files of compiled code in a package, that of this V8 first: other Nodes may have built here too. */
function kept(home: string): string[] {
  const files = readdirSync(join(home, 'dist')).filter((file) => file.endsWith('.code'));
  const isOurs = (file: string): boolean => file.includes(`-${process.versions.v8.split('-')[0] ?? ''}-`);
  return [...files.filter(isOurs), ...files.filter((file) => !isOurs(file))];
}

describe('the compiled code of the program', function () {
  this.timeout(60_000);
  let home: string;

  /** A package by itself, as it is when it is installed. */
  before(() => {
    execFileSync('node', [join(CLI, 'scripts/bundle.js')]);
    const root = mkdtempSync(join(tmpdir(), 'ipvs-ts-code-'));
    home = join(root, 'cli');
    mkdirSync(home);
    for (const part of ['bin', 'dist', 'scripts', 'package.json'])
      cpSync(join(CLI, part), join(home, part), { recursive: true });
    symlinkSync(join(CHECKOUT, 'node_modules'), join(root, 'node_modules'));
  });
  after(() => rmSync(join(home, '..'), { recursive: true }));

  function run(...words: string[]): unknown {
    const { status, stdout, stderr } = spawnSync('node', [join(home, 'bin/ipvs-ts.js'), ...words], {
      encoding: 'utf8',
    });
    return { status, stdout, stderr };
  }

  it('is of this bundle, and this V8 takes it', () => {
    const [file] = kept(home);
    const source = readFileSync(join(home, 'dist/ipvs-ts.cjs'), 'latin1');
    expect(/[^\0-\u007f]/.test(source), 'other than ASCII').to.equal(false);
    const script = new Script(wrap(source), {
      filename: join(home, 'dist/ipvs-ts.cjs'),
      cachedData: readFileSync(join(home, 'dist', file ?? '')),
    });
    expect(script.cachedDataRejected).to.equal(false);
  });

  it('changes nothing but the time: without it, with a bad one, with that of another bundle', () => {
    const words = [['version'], ['help'], ['-ln'], ['plan', '--nonsense']];
    const outcomes = (): unknown[] => words.map((each) => run(...each));
    const before = outcomes();
    expect(before[0]).to.have.property('status', 0);
    const path = join(home, 'dist', kept(home)[0] ?? '');
    const code = readFileSync(path);
    for (const other of [
      Buffer.alloc(0),
      Buffer.from('no code'),
      code.subarray(0, 5000),
      code.fill(7, 8, 40),
    ]) {
      writeFileSync(path, other);
      expect(outcomes()).to.deep.equal(before);
    }
    rmSync(path);
    expect(outcomes()).to.deep.equal(before);
  });

  it('is made for the bundle that is there, and that of other bundles goes', () => {
    const source = readFileSync(join(home, 'dist/ipvs-ts.cjs'), 'latin1');
    const make = (): unknown => execFileSync('node', [join(home, 'scripts/code-cache.js')]);
    make();
    const before = kept(home);
    writeFileSync(join(home, 'dist/ipvs-ts.cjs'), source.replace(/^\/\/.{16}/, `//${'0'.repeat(16)}`));
    // Not yet made: that of the bundle before is left alone.
    expect(run('version')).to.have.property('status', 0);
    make();
    expect(kept(home)).to.have.length(1);
    expect(before).not.to.include(kept(home)[0]);
  });
});
