// Packages of npm for other processors than this machine's: npm does not install them, but its lock file names them.
import { execFileSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import { existsSync, mkdirSync, mkdtempSync, readFileSync, renameSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { cacheDirectory, CHECKOUT, readJson } from '../settings.js';

/** The directory of a package that the lock file names: as installed, or from the cache, fetched once by npm. */
export function npmPackage(name, { offline = false } = {}) {
  const installed = join(CHECKOUT, 'node_modules', name);
  if (existsSync(join(installed, 'package.json'))) return installed;
  const locked = lockedPackage(name);
  const kept = join(cacheDirectory(), `npm-${name.replace('/', '-')}-${locked.version}`);
  if (existsSync(kept)) return join(kept, 'package');
  if (offline)
    throw new Error(
      `${name}@${locked.version} is neither installed nor in ${cacheDirectory()}; npm run package -- --fetch fetches it`,
    );
  process.stderr.write(`Fetching ${name}@${locked.version} from npm …\n`);
  fetchInto(kept, `${name}@${locked.version}`, locked.integrity);
  return join(kept, 'package');
}

/** What package-lock.json says of a package. */
export function lockedPackage(name, path = `node_modules/${name}`) {
  const locked = readJson('package-lock.json').packages[path];
  if (locked === undefined) throw new Error(`package-lock.json does not name ${path}`);
  return locked;
}

function fetchInto(directory, specifier, integrity) {
  mkdirSync(cacheDirectory(), { recursive: true });
  const temporary = mkdtempSync(join(cacheDirectory(), '.npm-'));
  try {
    const options = ['--silent', '--ignore-scripts', '--pack-destination', temporary];
    const file = execFileSync('npm', ['pack', ...options, specifier], { encoding: 'utf8' }).trim();
    const archive = join(temporary, file);
    const found = `sha512-${createHash('sha512').update(readFileSync(archive)).digest('base64')}`;
    if (found !== integrity)
      throw new Error(`${specifier}: ${found}, and package-lock.json has ${integrity}`);
    execFileSync('tar', ['--extract', '--gzip', '--file', archive, '--directory', temporary]);
    rmSync(archive);
    renameSync(temporary, directory);
  } finally {
    rmSync(temporary, { recursive: true, force: true });
  }
}
