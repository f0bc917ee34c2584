import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect } from 'chai';
import { CHECKOUT, listedFiles, resolveImport, sourceFiles } from './source-files.js';

/** Packages bottom-up: each may import those before it. */
const PACKAGES = {
  netlink: '@ipvs-ts/netlink',
  ipvs: '@ipvs-ts/ipvs',
  director: '@ipvs-ts/director',
  cli: 'ipvs-ts',
} as const;

/** Files longer than 250 lines, and why. */
const LONG: Readonly<Record<string, string>> = {
  'ipvs/calls': 'every call to the kernel with its documentation',
  'ipvs/ipvs': 'every verb of the public API with its documentation, one line of code each',
};

/** Files that may speak to the process: a library that reads argv or environment surprises its users. */
const PROCESS = new Set([
  'cli/bin',
  'cli/process-command',
  'cli/process-ipvsadm',
  'cli/process-pipe',
  'cli/process-screen',
  'netlink/trace',
]);

const packages = Object.keys(PACKAGES) as (keyof typeof PACKAGES)[];

describe('the house', () => {
  for (const [floor, name] of packages.entries()) {
    const files = sourceFiles(name);
    const listed = listedFiles(name);

    describe(`packages/${name}`, () => {
      it('has exactly the files that docs/architecture.md lists', () => {
        expect(files.map((file) => file.name)).to.have.members(listed);
      });

      it('imports down only: each file those listed before it', () => {
        for (const file of files) {
          for (const specifier of file.imports.filter((each) => each.startsWith('.'))) {
            const target = resolveImport(file, specifier);
            expect(listed.indexOf(target), `${file.name} imports ${target}`).to.be.within(
              0,
              listed.indexOf(file.name) - 1,
            );
          }
        }
      });

      it('imports from lower packages only, and from those that its package.json names', () => {
        const lower: string[] = packages.slice(0, floor).map((each) => PACKAGES[each]);
        const manifest = JSON.parse(
          readFileSync(join(CHECKOUT, 'packages', name, 'package.json'), 'utf8'),
        ) as {
          dependencies?: Record<string, string>;
        };
        for (const file of files) {
          for (const specifier of file.imports.filter(
            (each) => !each.startsWith('.') && !each.startsWith('node:'),
          )) {
            const owner = specifier
              .split('/')
              .slice(0, specifier.startsWith('@') ? 2 : 1)
              .join('/');
            if (Object.values<string>(PACKAGES).includes(owner))
              expect(lower, `${file.name} imports ${specifier}`).to.include(owner);
            expect(Object.keys(manifest.dependencies ?? {}), `${file.name} imports ${specifier}`).to.include(
              owner,
            );
          }
        }
      });

      it('has no file over 250 lines without a reason', () => {
        const long = files
          .filter(({ text }) => text.split('\n').length - 1 > 250)
          .map((file) => `${name}/${file.name}`);
        expect(long.filter((file) => LONG[file] === undefined)).to.deep.equal([]);
      });

      it('names the foreign-function library in libc.ts only, and process where it may', () => {
        for (const file of files) {
          const id = `${name}/${file.name}`;
          if (id !== 'netlink/libc') expect(file.imports, id).not.to.include('koffi');
          if (!PROCESS.has(id))
            expect(/\bprocess\./.test(withoutComments(file.text)), `${id} uses process`).to.equal(false);
        }
      });

      it('exports names, and nothing by default', () => {
        for (const file of files) expect(/^export default/m.test(file.text), file.name).to.equal(false);
      });
    });
  }
});

describe('the foreign-function library', () => {
  it('is loaded in the version that the packages depend on', () => {
    const libc = readFileSync(join(CHECKOUT, 'packages/netlink/src/libc.ts'), 'utf8');
    const loaded = /KOFFI_VERSION = '(.*)'/.exec(libc)?.[1];
    for (const name of ['netlink', 'cli']) {
      const manifest = JSON.parse(readFileSync(join(CHECKOUT, 'packages', name, 'package.json'), 'utf8')) as {
        dependencies: Record<string, string>;
      };
      expect(manifest.dependencies['koffi'], name).to.equal(loaded);
    }
  });
});

function withoutComments(text: string): string {
  return text.replace(/\/\*[\s\S]*?\*\//g, '').replace(/\/\/.*$/gm, '');
}
