import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect } from 'chai';
import {
  CHECKOUT,
  listedRooms,
  resolveImport,
  roomOf,
  type SourceFile,
  sourceFiles,
} from './source-files.js';

/** Packages bottom-up: each may import the ones before it. */
const PACKAGES = {
  netlink: '@ipvs-ts/netlink',
  ipvs: '@ipvs-ts/ipvs',
  director: '@ipvs-ts/director',
  agent: '@ipvs-ts/agent',
  cli: 'ipvs-ts',
} as const;

/** Files longer than 250 lines, and why. */
const LONG: Readonly<Record<string, string>> = {
  'ipvs/calls/calls': 'every call to the kernel with its documentation',
  'ipvs/ipvs': 'every verb of the public API with its documentation, one line of code each',
};

/** Files that may use the process: a library that reads argv or the environment surprises its users. */
const PROCESS = /^(cli\/bin|cli\/process\/.*|netlink\/protocol\/trace)$/;

/** Rooms whose files are all of one kind: they may be many. */
const OF_ONE_KIND: ReadonlySet<string> = new Set(['director/doctor/checks', 'ipvs/testing']);

/** Rooms of the agent that decide: no Node, no clock, no timer, so that all of it runs in virtual time. */
const PURE_ROOMS: ReadonlySet<string> = new Set([
  'fields',
  'check',
  'declared',
  'health',
  'override',
  'compose',
  'own',
  'source',
  'import',
  'import/keepalived',
  'import/keepalived/syntax',
  'import/keepalived/words',
  'import/ldirectord',
  'loop',
  'report',
  'page',
  'page/view',
]);

/** Clocks, timers and random numbers. */
const IMPURE = /\b(Date|performance|setTimeout|setInterval|setImmediate|queueMicrotask|Math\.random|fetch)\b/;

const packages = Object.keys(PACKAGES) as (keyof typeof PACKAGES)[];

describe('the house', () => {
  for (const [floor, name] of packages.entries()) {
    const files = sourceFiles(name);
    const listed = listedRooms(name);

    describe(`packages/${name}`, () => {
      it('has exactly the rooms that docs/architecture.md lists', () => {
        expect([...new Set(files.map(({ room }) => room))]).to.have.members(listed);
      });

      it('imports down only: each room those listed before it', () => {
        for (const file of files) {
          for (const target of relativeImports(file)) {
            const room = roomOf(target);
            if (room === file.room) continue;
            expect(listed.indexOf(room), `${file.name} imports ${target}`).to.be.within(
              0,
              listed.indexOf(file.room) - 1,
            );
          }
        }
      });

      it('has no circle inside a room', () => {
        for (const room of listed) {
          const inside = files.filter((file) => file.room === room);
          expect(circleIn(new Map(inside.map((file) => [file.name, relativeImports(file)]))), room).to.equal(
            undefined,
          );
        }
      });

      it('has no room of more than 15 files, unless all are of one kind', () => {
        for (const room of listed) {
          if (OF_ONE_KIND.has(`${name}/${room}`)) continue;
          expect(files.filter((file) => file.room === room).length, room).to.be.at.most(15);
        }
      });

      it('imports from lower packages only, and from those that its package.json names', () => {
        const lower: string[] = packages.slice(0, floor).map((each) => PACKAGES[each]);
        const manifest = JSON.parse(
          readFileSync(join(CHECKOUT, 'packages', name, 'package.json'), 'utf8'),
        ) as {
          dependencies?: Record<string, string>;
          peerDependencies?: Record<string, string>;
        };
        const named = Object.keys({ ...manifest.dependencies, ...manifest.peerDependencies });
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
            expect(named, `${file.name} imports ${specifier}`).to.include(owner);
          }
        }
      });

      it('has no file over 250 lines without a reason', () => {
        const long = files
          .filter(({ text }) => text.split('\n').length - 1 > 250)
          .map((file) => `${name}/${file.name}`);
        expect(long.filter((file) => LONG[file] === undefined)).to.deep.equal([]);
      });

      it('names the foreign-function library in io/libc.ts only, and process where it may', () => {
        for (const file of files) {
          const id = `${name}/${file.name}`;
          if (id !== 'netlink/io/libc') expect(file.imports, id).not.to.include('koffi');
          if (!PROCESS.test(id))
            expect(/\bprocess\.\w/.test(withoutComments(file.text)), `${id} uses process`).to.equal(false);
        }
      });

      it('exports names, and nothing by default', () => {
        for (const file of files) expect(/^export default/m.test(file.text), file.name).to.equal(false);
      });
    });
  }
});

describe('what the agent decides', () => {
  const pure = sourceFiles('agent').filter(({ room }) => PURE_ROOMS.has(room));

  it('imports nothing of Node, and takes the time as an argument', () => {
    for (const { name, imports, text } of pure) {
      expect(
        imports.filter((each) => each.startsWith('node:')),
        name,
      ).to.deep.equal([]);
      expect(IMPURE.exec(withoutComments(text))?.[0], name).to.equal(undefined);
    }
  });
});

describe('the foreign-function library', () => {
  it('is loaded in the version that the packages depend on', () => {
    const libc = readFileSync(join(CHECKOUT, 'packages/netlink/src/io/libc.ts'), 'utf8');
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

/** The files of its package that a file imports. */
function relativeImports(file: SourceFile): string[] {
  return file.imports
    .filter((specifier) => specifier.startsWith('.'))
    .map((specifier) => resolveImport(file, specifier));
}

/** The names along a circle of imports, or undefined if there is none. */
function circleIn(imports: ReadonlyMap<string, readonly string[]>): string | undefined {
  const finished = new Set<string>();
  const walk = (name: string, path: readonly string[]): string | undefined => {
    if (path.includes(name)) return [...path.slice(path.indexOf(name)), name].join(' → ');
    if (finished.has(name)) return undefined;
    for (const target of imports.get(name) ?? []) {
      const found = walk(target, [...path, name]);
      if (found !== undefined) return found;
    }
    finished.add(name);
    return undefined;
  };
  return [...imports.keys()].map((name) => walk(name, [])).find((found) => found !== undefined);
}
