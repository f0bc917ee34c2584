// npm run package:deb: the Debian packages ipvs-ts and ipvs-ts-ipvsadm, made in dist/ from the executable of `npm run package`.
//
//   node packaging/debian/build.js [--arch x64|arm64] [--version VERSION] [--output DIRECTORY]
//
// --version   another version than that of the checkout: for tests of upgrades
//
// DEBFULLNAME and DEBEMAIL name the maintainer, as for Debian's own tools.
import { mkdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { ARCHITECTURES, CHECKOUT, directoryOf, OUTPUT, readJson, VERSION } from '../settings.js';
import { glibcOf } from './glibc.js';
import { Package } from './package.js';

const { arch, version, output } = parseArgs({
  options: {
    arch: { type: 'string', default: process.arch },
    version: { type: 'string', default: VERSION },
    output: { type: 'string', default: OUTPUT },
  },
}).values;
if (!Object.hasOwn(ARCHITECTURES, arch)) throw new Error(`--arch is x64 or arm64, not ${arch}`);

const architecture = ARCHITECTURES[arch].debian;
const built = directoryOf(arch);
const source = (name) => join(CHECKOUT, 'packaging/debian', name);
const { repository } = readJson('package.json');
const common = {
  version,
  maintainer: `${process.env.DEBFULLNAME ?? 'the ipvs-ts authors'} <${process.env.DEBEMAIL ?? 'ipvs-ts@packages.invalid'}>`,
  homepage: typeof repository === 'string' ? repository.replace(/^git\+|\.git$/g, '') : undefined,
};
const licences = `ipvs-ts is MIT-licensed. What the executable contains beside it follows. On Debian, the text of the LGPL is in
/usr/share/common-licenses/LGPL-2 and LGPL-2.1, of the Apache licence in /usr/share/common-licenses/Apache-2.0.

${readFileSync(join(CHECKOUT, 'LICENSE'), 'utf8')}
`;

mkdirSync(output, { recursive: true });
for (const make of [program, replacement]) process.stdout.write(`${make().build(output)}\n`);

/** The program, its manual and completions, and its units. */
function program() {
  const made = new Package({
    ...common,
    name: 'ipvs-ts',
    architecture,
    fields: {
      Depends: `libc6 (>= ${glibcOf([join(built, 'ipvs-ts'), join(built, 'koffi.node')])}), libgcc-s1, libstdc++6, init-system-helpers (>= 1.54~)`,
      Recommends: 'kmod',
      Suggests: 'ipvs-ts-ipvsadm, iptables, nftables, iputils-arping',
    },
    description: [
      'manage Linux IPVS: load balancing at layer 4',
      'ipvs-ts speaks the language of ipvsadm, and has subcommands that show and',
      'apply documents (plan, apply), remove servers without dropping connections',
      '(drain), find out why packets do not flow (doctor) and keep the table true to',
      'a document with health checks (agent).',
      '.',
      'The executable contains its runtime; neither Node nor npm is needed.',
    ],
  });
  made.file('usr/lib/ipvs-ts/ipvs-ts', join(built, 'ipvs-ts'), 0o755);
  made.file('usr/lib/ipvs-ts/koffi.node', join(built, 'koffi.node'));
  made.file('usr/lib/ipvs-ts/restore', source('ipvs-ts/restore'), 0o755);
  made.link('usr/bin/ipvs-ts', '../lib/ipvs-ts/ipvs-ts');
  made.directory('etc/ipvs-ts');
  made.unit(source('ipvs-ts/ipvs-ts-restore.service'));
  made.systemd(join(CHECKOUT, 'packages/agent/systemd'));
  made.compressed('usr/share/man/man8/ipvs-ts.8.gz', join(CHECKOUT, 'packages/cli/man/ipvs-ts.8'));
  const completions = join(CHECKOUT, 'packages/cli/completions');
  made.file('usr/share/bash-completion/completions/ipvs-ts', join(completions, 'ipvs-ts.bash'));
  made.file('usr/share/zsh/vendor-completions/_ipvs-ts', join(completions, '_ipvs-ts'));
  made.file('usr/share/fish/vendor_completions.d/ipvs-ts.fish', join(completions, 'ipvs-ts.fish'));
  for (const name of ['grafana/ipvs-ts.json', 'prometheus/ipvs-ts.rules.yml'])
    made.file(`usr/share/doc/ipvs-ts/examples/${name}`, join(CHECKOUT, 'packages/agent', name));
  made.compressed('usr/share/doc/ipvs-ts/sbom.cdx.json.gz', join(built, 'sbom.cdx.json'));
  made.documents(licences + withoutApacheText(readFileSync(join(built, 'LICENSES.txt'), 'utf8')));
  made.scripts(source('ipvs-ts'));
  return made;
}

/** The Apache licence by reference: Debian keeps its text in one place, and lintian refuses copies. Notices stay. */
function withoutApacheText(text) {
  return text.replaceAll(
    /^ *Apache License\s+Version 2\.0,[^]*?END OF TERMS AND CONDITIONS$/gm,
    'The Apache License, Version 2.0: /usr/share/common-licenses/Apache-2.0.',
  );
}

/** The program in the place of Debian's ipvsadm. */
function replacement() {
  const made = new Package({
    ...common,
    name: 'ipvs-ts-ipvsadm',
    architecture: 'all',
    fields: {
      Depends: `ipvs-ts (>= ${version}), init-system-helpers (>= 1.54~)`,
      Provides: 'ipvsadm (= 1:1.31)',
      Conflicts: 'ipvsadm',
      Replaces: 'ipvsadm',
    },
    description: [
      'ipvs-ts in the place of ipvsadm',
      'Installs ipvs-ts as /sbin/ipvsadm, with ipvsadm-save, ipvsadm-restore and a',
      'unit that obeys /etc/default/ipvsadm and /etc/ipvsadm.rules at boot. Scripts',
      'and packages that need ipvsadm work as they are.',
    ],
  });
  const home = 'usr/lib/ipvs-ts-ipvsadm';
  made.link(`${home}/ipvsadm`, '../../bin/ipvs-ts');
  for (const name of ['ipvsadm-save', 'ipvsadm-restore', 'boot'])
    made.file(`${home}/${name}`, source(`ipvs-ts-ipvsadm/${name}`), 0o755);
  for (const name of ['ipvsadm', 'ipvsadm-save', 'ipvsadm-restore'])
    made.link(`usr/sbin/${name}`, `../lib/ipvs-ts-ipvsadm/${name}`);
  made.unit(source('ipvs-ts-ipvsadm/ipvsadm.service'));
  made.link('usr/share/man/man8/ipvsadm.8.gz', 'ipvs-ts.8.gz');
  made.compressed('usr/share/man/man8/ipvsadm-save.8.gz', source('ipvs-ts-ipvsadm/ipvsadm-save.8'));
  made.link('usr/share/man/man8/ipvsadm-restore.8.gz', 'ipvsadm-save.8.gz');
  made.documents(`ipvs-ts-ipvsadm is MIT-licensed.\n\n${readFileSync(join(CHECKOUT, 'LICENSE'), 'utf8')}`);
  made.scripts(source('ipvs-ts-ipvsadm'));
  return made;
}
