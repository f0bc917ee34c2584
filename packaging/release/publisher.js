// Writes where the project is published into the packages, from the one setting: `repository` of the root's package.json.
//
//   npm pkg set repository=https://HOST/OWNER/NAME       once, by whoever publishes
//   node packaging/release/publisher.js [--check]
//
// --check   write nothing; fail where the setting is missing
import { readdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { CHECKOUT, readJson } from '../settings.js';

/** The fields of package.json for a package in `directory`. Throws where the setting is missing, or is no address. */
export function publisherFields(repository, directory) {
  const address = typeof repository === 'object' ? repository?.url : repository;
  if (typeof address !== 'string' || address === '')
    throw new Error(
      'package.json names no repository; set it once with: npm pkg set repository=https://HOST/OWNER/NAME',
    );
  const plain = address
    .replace(/^git\+/, '')
    .replace(/\.git$/, '')
    .replace(/\/$/, '');
  if (!/^https:\/\/[^/\s]+\/\S+$/.test(plain))
    throw new Error(
      `repository in package.json must be an address as https://HOST/OWNER/NAME, not ${address}`,
    );
  return {
    repository: { type: 'git', url: `git+${plain}.git`, directory },
    homepage: `${plain}#readme`,
    bugs: `${plain}/issues`,
  };
}

/** Writes the fields into all packages. */
export function writePublisher(repository, checkout = CHECKOUT) {
  for (const name of readdirSync(join(checkout, 'packages'))) {
    const path = join('packages', name, 'package.json');
    const manifest = { ...readJson(path), ...publisherFields(repository, `packages/${name}`) };
    writeFileSync(join(checkout, path), `${JSON.stringify(manifest, undefined, 2)}\n`);
  }
}

if (import.meta.filename === process.argv[1]) {
  try {
    const { repository } = readJson('package.json');
    publisherFields(repository, '.');
    if (!process.argv.includes('--check')) writePublisher(repository);
  } catch (error) {
    process.stderr.write(`release: ${error.message}\n`);
    process.exitCode = 1;
  }
}
