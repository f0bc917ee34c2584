import { spawnSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect } from 'chai';
import { CHECKOUT } from '../source-files.js';
import { API_ENTRIES, checkApi } from './api-report.js';
import { Compilers } from './compilers.js';
import { type Ended, Project } from './project.js';
import { FOLDERS, manifest, packAll, type Tarball, temporaryDirectory } from './tarballs.js';

/** The project's own TypeScript. */
const OWN = (
  JSON.parse(readFileSync(join(CHECKOUT, 'node_modules/typescript/package.json'), 'utf8')) as {
    version: string;
  }
).version;

/** Those that users may have: the oldest supported, the last before the project's own, and the newest. */
const OTHERS = ['5.2.2', '5.9.3', '7.0.2'];

/** The files that a package may contain. */
const WANTED =
  /^(package\.json|README\.md|LICENSE|(status\.)?schema\.json|(systemd|grafana|prometheus)\/[^.][^ ]*|(bin|src|man|completions)\/[^.][^ ]*|dist\/([^.][^ ]*\.(js|d\.ts)(\.map)?|(bundles\/[\w-]+|ipvs-ts)(\.cjs|-[0-9.]+-[a-z0-9]+\.code)))$/;

const tool = (name: string, ...args: string[]): Ended =>
  spawnSync(join(CHECKOUT, 'node_modules/.bin', name), args, { cwd: CHECKOUT, encoding: 'utf8' });

const passed = ({ status, stdout, stderr }: Ended): void => {
  expect(status, stdout + stderr).to.equal(0);
};

/** The bundles of the program, as they were built last: the digest of each. */
function bundles(): Record<string, string> {
  const directory = join(CHECKOUT, 'packages/cli/dist/bundles');
  const names = readdirSync(directory).filter((name) => name.endsWith('.cjs'));
  return Object.fromEntries(
    names.map((name) => [
      name,
      createHash('sha256')
        .update(readFileSync(join(directory, name)))
        .digest('hex'),
    ]),
  );
}

/** Every entry point of every package. */
const entries = FOLDERS.flatMap((folder) => {
  const { name, exports } = manifest(folder);
  return Object.entries(exports)
    .filter(([, target]) => typeof target !== 'string')
    .map(([subpath]) => name + subpath.slice(1));
});

describe('the packages', function () {
  this.timeout(180_000);
  let tarballs: Tarball[];
  let project: Project;

  before(() => {
    tarballs = packAll();
    project = new Project(tarballs, '--ignore-scripts');
  });

  it('hold what is needed and nothing else', () => {
    for (const { name, files } of tarballs) {
      expect(
        files.filter((file) => !WANTED.test(file)),
        name,
      ).to.deep.equal([]);
      expect(files, name).to.include.members(['LICENSE', 'README.md', 'package.json']);
    }
  });

  it('have the same bundles wherever the build was started: several builds may run at once', () => {
    const packed = bundles();
    const build = join(CHECKOUT, 'packages/cli/scripts/bundle.js');
    passed(spawnSync(process.execPath, [build], { cwd: tmpdir(), encoding: 'utf8' }));
    expect(bundles()).to.deep.equal(packed);
  });

  it('work without the agent, and say how to install it where it is needed', () => {
    const without = new Project(
      tarballs.filter(({ name }) => name !== '@ipvs-ts/agent'),
      '--ignore-scripts',
    );
    const program = join('node_modules', '.bin', 'ipvs-ts');
    expect(without.run(program, 'help').status).to.equal(0);
    for (const words of [
      ['agent', '-f', 'director.yaml'],
      ['agent', '--check', '-f', 'director.yaml'],
      ['agent', 'reload', '--socket', 'none.sock'],
      ['events', '--socket', 'none.sock'],
    ]) {
      const { status, stderr } = without.run(program, ...words);
      expect([status, stderr.includes('npm install @ipvs-ts/agent')], words.join(' ') + stderr).to.deep.equal(
        [1, true],
      );
    }
  });

  it('hold the source of every declaration, so that an editor leads to it', () => {
    for (const { folder, files } of tarballs)
      for (const file of files.filter((each) => each.endsWith('.d.ts.map'))) {
        const map = JSON.parse(readFileSync(join(CHECKOUT, 'packages', folder, file), 'utf8')) as {
          sources: string[];
        };
        for (const source of map.sources) expect(files).to.include(join(file, '..', source));
      }
  });

  it('pass publint', () => {
    for (const { path } of tarballs) passed(tool('publint', 'run', path, '--strict'));
  });

  it('have types that resolve everywhere (attw)', () => {
    for (const { path } of tarballs)
      passed(tool('attw', path, '--profile', 'esm-only', '--format', 'ascii', '--no-emoji'));
  });

  for (const entry of entries) {
    it(`${entry} can be imported`, () => {
      passed(
        project.node(
          'import.mjs',
          `import * as all from '${entry}'; if (Object.keys(all).length === 0) throw new Error('nothing in it');`,
        ),
      );
    });

    it(`${entry} can be required`, () => {
      // Node 20.19 and 22.12 warn that this is experimental; later ones do not.
      passed(
        project.node(
          'require.cjs',
          `if (Object.keys(require('${entry}')).length === 0) throw new Error('nothing in it');`,
        ),
      );
    });
  }

  describe('for TypeScript', () => {
    const compilers: Record<string, string> = { [OWN]: join(CHECKOUT, 'node_modules/typescript/bin/tsc') };

    before(() => {
      const others = new Compilers(OTHERS);
      for (const version of OTHERS) compilers[version] = others.tsc(version);
    });

    for (const version of [...OTHERS, OWN])
      for (const resolution of version === OWN ? (['nodenext', 'bundler'] as const) : (['nodenext'] as const))
        it(`${version} compile under ${resolution}, their own declarations included`, () => {
          const text = entries.map((entry, index) => `import * as entry${index} from '${entry}';`).join('\n');
          const use = entries.map((_, index) => `entry${index}`).join(', ');
          passed(
            project.compile(
              compilers[version] as string,
              'compiled.mts',
              `${text}\nexport const all: object[] = [${use}];\n${EXAMPLE}`,
              resolution,
            ),
          );
        });
  });

  it('run as npx ipvs-ts', () => {
    const help = project.run('npx', '--no-install', 'ipvs-ts', 'help');
    passed(help);
    expect(help.stdout).to.match(/^Usage: ipvs-ts COMMAND/);
    // With IPVS this lists the table; without it, it says so, as ipvsadm does.
    const list = project.run('npx', '--no-install', 'ipvs-ts', '-ln');
    expect(list.stdout + list.stderr).to.match(/^IP Virtual Server version|Can't initialize ipvs/m);
    expect(list.stderr).not.to.match(/\n {4}at /);
  });

  it('bring the command and its manual page when they are installed globally', () => {
    const prefix = temporaryDirectory('global');
    const options = ['--no-audit', '--no-fund', '--ignore-scripts', '--loglevel=error', '--prefix', prefix];
    passed(project.run('npm', 'install', '--global', ...options, ...tarballs.map(({ path }) => path)));
    for (const file of ['bin/ipvs-ts', 'share/man/man8/ipvs-ts.8'])
      expect(existsSync(join(prefix, file)), file).to.equal(true);
  });

  describe('where the kernel cannot be reached', () => {
    const OPEN = `
      import { Ipvs, IpvsError } from 'ipvs-ts';
      const error = await Ipvs.open().catch((each) => each);
      console.log(IpvsError.is(error), error.code, error.cause?.code, error.message);`;
    const PURE = `
      import { doubleTransport, IpvsKernel } from '@ipvs-ts/ipvs/testing';
      import { Ipvs as Any } from 'ipvs-ts';
      const double = await Any.open({ transport: doubleTransport(new IpvsKernel()) });
      await double.addService('tcp:192.0.2.1:80');
      console.log((await double.plan({ services: {} })).changes.length, (await double.services()).length);`;
    const pretend = (name: string, value: string): string =>
      `Object.defineProperty(process, '${name}', { value: '${value}' });\n`;

    const tells = (ended: Ended, ...patterns: RegExp[]): void => {
      passed(ended);
      expect(ended.stdout).to.match(/^true ERR_IPVS_NETLINK /);
      for (const pattern of patterns) expect(ended.stdout).to.match(pattern);
      expect(ended.stdout, 'what is pure works').to.match(/^0 1$/m);
      expect(ended.stdout, 'a stack').not.to.match(/\n {4}at /);
    };

    for (const platform of ['darwin', 'win32'])
      it(`says so on ${platform}`, () => {
        project.write('platform.cjs', pretend('platform', platform));
        tells(
          project.node('open.mjs', OPEN + PURE, '--require', './platform.cjs'),
          /ERR_NETLINK_PLATFORM/,
          /Linux/,
        );
      });

    it('says so on a CPU that koffi has no binary for', () => {
      project.write('arch.cjs', pretend('arch', 's390x'));
      tells(project.node('open.mjs', OPEN + PURE, '--require', './arch.cjs'), /ERR_NETLINK_NO_FFI/, /s390x/);
    });

    it('says so under the permission model without --allow-addons', () => {
      const permission = process.allowedNodeEnvironmentFlags.has('--permission')
        ? '--permission'
        : '--experimental-permission';
      tells(
        project.node('open.mjs', OPEN + PURE, permission, '--allow-fs-read=*'),
        /ERR_NETLINK_NO_FFI/,
        /--allow-addons/,
      );
    });

    it('says so when it was installed with --omit=optional', () => {
      const without = new Project(tarballs, '--omit=optional', '--ignore-scripts');
      tells(without.node('open.mjs', OPEN + PURE), /ERR_NETLINK_NO_FFI/, /--omit=optional/);
    });
  });

  for (const entry of API_ENTRIES)
    it(`${entry.report}: etc/ shows what is public`, () => {
      expect(checkApi(entry, false)).to.deep.equal([]);
    });

  it('has no dead code or unused dependency (knip)', () => {
    passed(tool('knip'));
  });
});

const EXAMPLE = `
import { Ipvs, IpvsError, type Service } from 'ipvs-ts';
import { doubleTransport, IpvsKernel } from '@ipvs-ts/ipvs/testing';

export async function schedulers(): Promise<string[]> {
  await using ipvs = await Ipvs.open({ transport: doubleTransport(new IpvsKernel()) });
  try {
    await ipvs.addService('tcp:192.0.2.1:80', { scheduler: 'rr', flags: [] });
  } catch (error) {
    if (!IpvsError.is(error, 'ERR_IPVS_SERVICE_EXISTS')) throw error;
  }
  const services: Service[] = await ipvs.services();
  return services.map((service) => service.scheduler);
}
`;
