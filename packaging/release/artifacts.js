// npm run release:artifacts: all that a release has, in dist/release: archives and bills of materials of the executables, Debian
// packages, archives for npm, and SHA256SUMS of them.
import { execFileSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import { copyFileSync, mkdirSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { ARCHITECTURES, CHECKOUT, directoryOf, OUTPUT, VERSION } from '../settings.js';

const release = join(OUTPUT, 'release');
rmSync(release, { recursive: true, force: true });
mkdirSync(release, { recursive: true });

const run = (program, ...words) =>
  execFileSync(program, words, { cwd: CHECKOUT, stdio: ['ignore', 'ignore', 'inherit'] });
run('node', 'packaging/executable/build.js', '--arch', 'all');
for (const arch of Object.keys(ARCHITECTURES)) {
  run('node', 'packaging/debian/build.js', '--arch', arch, '--output', release);
  const name = `ipvs-ts-${VERSION}-linux-${arch}`;
  copyFileSync(join(OUTPUT, `${name}.tar.gz`), join(release, `${name}.tar.gz`));
  copyFileSync(join(directoryOf(arch), 'sbom.cdx.json'), join(release, `${name}.cdx.json`));
}
run('npm', 'pack', '--silent', '--workspaces', '--pack-destination', release);
// Benchmarks and the virtual machine are workspaces, and not published.
for (const file of readdirSync(release))
  if (file.endsWith('.tgz') && !/^ipvs-ts-(agent|director|ipvs|netlink)?-?\d/.test(file))
    rmSync(join(release, file));

const sums = readdirSync(release)
  .sort()
  .map(
    (file) =>
      `${createHash('sha256')
        .update(readFileSync(join(release, file)))
        .digest('hex')}  ${file}\n`,
  );
writeFileSync(join(release, 'SHA256SUMS'), sums.join(''));
process.stdout.write(sums.join(''));
