import { execFileSync, spawnSync } from 'node:child_process';
import {
  copyFileSync,
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

/** The files of compiled code in a package, that of this V8 first: other versions of Node may have built here too. */
function kept(home: string): string[] {
  const files = readdirSync(join(home, 'dist')).filter((file) => file.endsWith('.code'));
  const isOurs = (file: string): boolean => file.includes(`-${process.versions.v8.split('-')[0] ?? ''}-`);
  return [...files.filter(isOurs), ...files.filter((file) => !isOurs(file))];
}

describe('the compiled code of the program', function () {
  this.timeout(60_000);
  let home: string;

  /** A package as it is when installed. */
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
    const bytes = readFileSync(join(home, 'dist', file ?? ''));
    const script = new Script(wrap(source), {
      filename: join(home, 'dist/ipvs-ts.cjs'),
      cachedData: bytes.subarray(0, (bytes.length - source.length) / 2),
    });
    expect(script.cachedDataRejected).to.equal(false);
  });

  /** Files of the package, as they were before a test changed them. */
  function restoredAfterwards(...names: string[]): void {
    const files = names.map(
      (name) => [join(home, 'dist', name), readFileSync(join(home, 'dist', name))] as const,
    );
    restore = () => files.forEach(([path, bytes]) => writeFileSync(path, bytes));
  }
  let restore = (): void => undefined;
  afterEach(() => {
    restore();
    restore = () => undefined;
  });

  const COMMAND_LINES = [['version'], ['help'], ['-ln'], ['plan', '--nonsense']];
  const outcomes = (): unknown[] => COMMAND_LINES.map((each) => run(...each));

  it('changes nothing but the time: without it, with a bad one, with that of another bundle', () => {
    const name = kept(home)[0] ?? '';
    restoredAfterwards(name);
    const before = outcomes();
    expect(before[0]).to.have.property('status', 0);
    const path = join(home, 'dist', name);
    const code = readFileSync(path);
    for (const other of [
      Buffer.alloc(0),
      Buffer.from('no code'),
      code.subarray(0, 5000),
      code.subarray(1),
      Buffer.concat([code, Buffer.of(0)]),
      Buffer.from(code).fill(7, 8, 40),
    ]) {
      writeFileSync(path, other);
      expect(outcomes()).to.deep.equal(before);
    }
    rmSync(path);
    expect(outcomes()).to.deep.equal(before);
  });

  it('is not used with a flipped bit, wherever that is', () => {
    const name = kept(home)[0] ?? '';
    restoredAfterwards(name);
    const path = join(home, 'dist', name);
    const code = readFileSync(path);
    const before = run('version');
    const atCode = (code.length - readFileSync(join(home, 'dist/ipvs-ts.cjs')).length) / 2;
    for (let index = 0; index < 24; index++) {
      // Two thirds of the places are in the code, the others after it.
      const end = index % 3 === 2 ? code.length : atCode;
      const at = Math.floor(((index + 0.5) / 24) * end);
      const flipped = Buffer.from(code);
      flipped[at] = (flipped[at] ?? 0) ^ (1 << (index % 8));
      writeFileSync(path, flipped);
      expect(run('version'), `bit ${index % 8} of byte ${at}`).to.deep.equal(before);
    }
  });

  it('is not used for a bundle that was edited, however alike the two are', () => {
    restoredAfterwards('ipvs-ts.cjs');
    const path = join(home, 'dist/ipvs-ts.cjs');
    const source = readFileSync(path, 'latin1');
    const edited = source.replaceAll(/\bversion:\s*(?=async)/g, (key) => key.replace('version', 'virsion'));
    expect(edited).to.have.length(source.length).and.not.to.equal(source);
    expect(run('version')).to.have.property('status', 0);
    writeFileSync(path, edited, 'latin1');
    // No subcommand of the edited program: it takes the word for a command line of ipvsadm.
    expect(run('version')).to.have.property('status').that.is.oneOf([2, 255]);
  });

  it('is made for the bundle that is there, and that of other bundles goes', () => {
    const source = readFileSync(join(home, 'dist/ipvs-ts.cjs'), 'latin1');
    const make = (): unknown => execFileSync('node', [join(home, 'scripts/code-cache.js')]);
    make();
    const [name = ''] = kept(home);
    copyFileSync(join(home, 'dist', name), join(home, 'dist', 'ipvs-ts-0.0-x64.code'));
    writeFileSync(join(home, 'dist/ipvs-ts.cjs'), `${source}\n// another\n`);
    expect(run('version')).to.have.property('status', 0);
    make();
    expect(kept(home)).to.deep.equal([name]);
  });
});
