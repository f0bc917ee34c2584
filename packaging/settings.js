// What all packages have in common: places, version, date.
import { execFileSync } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { homedir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';

export const CHECKOUT = fileURLToPath(new URL('..', import.meta.url)).replace(/\/$/, '');

/** Where packages are made; git ignores it. */
export const OUTPUT = join(CHECKOUT, 'dist');

/** The version of all packages of the checkout. */
export const VERSION = readJson('packages/cli/package.json').version;

/** Processors, as Node and npm name them: how Debian and Bun do. */
export const ARCHITECTURES = {
  x64: { debian: 'amd64', bun: 'x64' },
  arm64: { debian: 'arm64', bun: 'aarch64' },
};

/** The directory of one processor's executable. */
export function directoryOf(arch) {
  return join(OUTPUT, `linux-${arch}`);
}

export function readJson(path) {
  return JSON.parse(readFileSync(join(CHECKOUT, path), 'utf8'));
}

/** The time of what is packed, in seconds: that of the commit, so that packing it again gives the same bytes. */
export function sourceDate() {
  const { SOURCE_DATE_EPOCH } = process.env;
  if (SOURCE_DATE_EPOCH !== undefined && /^\d+$/.test(SOURCE_DATE_EPOCH)) return Number(SOURCE_DATE_EPOCH);
  return Number(execFileSync('git', ['log', '-1', '--format=%ct'], { cwd: CHECKOUT, encoding: 'utf8' }));
}

/** Where what was fetched is kept, as test-vm/lib/cache.sh has it. */
export function cacheDirectory() {
  const { IPVS_TS_CACHE, XDG_CACHE_HOME } = process.env;
  return IPVS_TS_CACHE ?? join(XDG_CACHE_HOME ?? join(homedir(), '.cache'), 'ipvs-ts');
}
