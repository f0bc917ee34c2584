import { execFileSync, spawnSync } from 'node:child_process';
import {
  appendFileSync,
  copyFileSync,
  cpSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  renameSync,
  rmSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect } from 'chai';
import { CHECKOUT } from './source-files.js';

const CLI = join(CHECKOUT, 'packages/cli');

/** A bundle, a command line that runs it and fails, and a text of the same length to replace one that is printed then. */
const BUNDLES = [
  { bundle: 'ipvs-ts.cjs', argv: ['-ln'], text: "Can't initialize", other: "Can't initialise" },
  { bundle: 'bundles/subcommand.cjs', argv: ['pan'], text: 'did you mean', other: 'did you maen' },
] as const;

/** The files of compiled code of a bundle, that of this V8 first: other Nodes may have built here too. */
function kept(home: string, bundle: string): string[] {
  const [directory = '', name = ''] = bundle.includes('/') ? bundle.split('/') : ['', bundle];
  const files = readdirSync(join(home, 'dist', directory))
    .filter((file) => file.startsWith(`${name.slice(0, -'.cjs'.length)}-`) && file.endsWith('.code'))
    .map((file) => join(directory, file));
  const isOurs = (file: string): boolean => file.includes(`-${process.versions.v8.split('-')[0] ?? ''}-`);
  return [...files.filter(isOurs), ...files.filter((file) => !isOurs(file))];
}

/** Whether V8 rejects compiled code. A process of its own: other tests may have changed the options of V8 in this one. */
function isRejected(bundle: string, code: string): unknown {
  const program = `
    const { readFileSync } = require('node:fs');
    const { Script } = require('node:vm');
    const { wrap } = require('node:module');
    const [bundle, code] = process.argv.slice(1);
    const source = readFileSync(bundle, 'latin1');
    const bytes = readFileSync(code);
    const cachedData = bytes.subarray(0, (bytes.length - source.length) / 2);
    console.log(new Script(wrap(source), { filename: bundle, cachedData }).cachedDataRejected);
  `;
  return JSON.parse(execFileSync('node', ['-e', program, bundle, code], { encoding: 'utf8' }));
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

  it('is there for bundles, and this V8 takes it', () => {
    // Not of what would take more room than it saves time.
    const all = readdirSync(join(home, 'dist/bundles')).filter(
      (file) => file.endsWith('.cjs') && !/^(?:doctor|dist)-/.test(file),
    );
    expect(all).to.include('subcommand.cjs').and.to.have.length.above(10);
    for (const bundle of ['ipvs-ts.cjs', ...all.map((file) => `bundles/${file}`)]) {
      const [file] = kept(home, bundle);
      const source = readFileSync(join(home, 'dist', bundle), 'latin1');
      expect(/[^\0-\u007f]/.test(source), `${bundle}: other than ASCII`).to.equal(false);
      expect(isRejected(join(home, 'dist', bundle), join(home, 'dist', file ?? '')), bundle).to.equal(false);
    }
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

  for (const { bundle, argv, text, other } of BUNDLES) {
    it(`of ${bundle} changes nothing but the time: without it, with a bad one, with that of another bundle`, () => {
      const name = kept(home, bundle)[0] ?? '';
      restoredAfterwards(name);
      const before = outcomes();
      expect(before[0]).to.have.property('status', 0);
      const path = join(home, 'dist', name);
      const code = readFileSync(path);
      for (const bad of [
        Buffer.alloc(0),
        Buffer.from('no code'),
        code.subarray(0, 5000),
        code.subarray(1),
        Buffer.concat([code, Buffer.of(0)]),
        Buffer.from(code).fill(7, 8, 40),
      ]) {
        writeFileSync(path, bad);
        expect(outcomes()).to.deep.equal(before);
      }
      rmSync(path);
      expect(outcomes()).to.deep.equal(before);
    });

    it(`of ${bundle} is not used with a flipped bit, wherever that is`, () => {
      const name = kept(home, bundle)[0] ?? '';
      restoredAfterwards(name);
      const path = join(home, 'dist', name);
      const code = readFileSync(path);
      const before = run(...argv);
      const atCode = (code.length - readFileSync(join(home, 'dist', bundle)).length) / 2;
      for (let index = 0; index < 24; index++) {
        // Two thirds of the places are in the code, the others after it.
        const end = index % 3 === 2 ? code.length : atCode;
        const at = Math.floor(((index + 0.5) / 24) * end);
        const flipped = Buffer.from(code);
        flipped[at] = (flipped[at] ?? 0) ^ (1 << (index % 8));
        writeFileSync(path, flipped);
        expect(run(...argv), `bit ${index % 8} of byte ${at}`).to.deep.equal(before);
      }
    });

    it(`of ${bundle} is not used for a bundle that was edited, however alike the two are`, () => {
      restoredAfterwards(bundle);
      const path = join(home, 'dist', bundle);
      const source = readFileSync(path, 'latin1');
      const edited = source.replaceAll(text, other);
      expect(edited).to.have.length(source.length).and.not.to.equal(source);
      expect(run(...argv))
        .to.have.property('stderr')
        .that.includes(text);
      writeFileSync(path, edited, 'latin1');
      expect(run(...argv))
        .to.have.property('stderr')
        .that.includes(other);
    });

    it(`of ${bundle} is made for the bundle that is there, and that of other bundles goes`, () => {
      restoredAfterwards(bundle, kept(home, bundle)[0] ?? '');
      const make = (): unknown => execFileSync('node', [join(home, 'scripts/code-cache.js')]);
      make();
      const [name = ''] = kept(home, bundle);
      copyFileSync(
        join(home, 'dist', name),
        join(home, 'dist', `${bundle.slice(0, -'.cjs'.length)}-0.0-x64.code`),
      );
      appendFileSync(join(home, 'dist', bundle), '\n// another\n');
      expect(run('version')).to.have.property('status', 0);
      make();
      expect(kept(home, bundle)).to.deep.equal([name]);
    });
  }

  it('loads the modules where there are no bundles', () => {
    const before = outcomes();
    renameSync(join(home, 'dist/bundles'), join(home, 'dist/away'));
    try {
      expect(outcomes()).to.deep.equal(before);
    } finally {
      renameSync(join(home, 'dist/away'), join(home, 'dist/bundles'));
    }
  });
});
