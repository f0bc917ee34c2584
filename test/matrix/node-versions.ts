import { execFileSync } from 'node:child_process';
import { existsSync, mkdirSync } from 'node:fs';
import { homedir } from 'node:os';
import { join } from 'node:path';

/** A directory with the `node` of a release line in it, fetched from npm the first time. */
export function nodeDirectory(major: number): string {
  const cache =
    process.env['IPVS_TS_CACHE'] ??
    join(process.env['XDG_CACHE_HOME'] ?? join(homedir(), '.cache'), 'ipvs-ts');
  const prefix = join(cache, `node-${major}`);
  const name = `node-linux-${process.arch}`;
  const directory = join(prefix, 'node_modules', name, 'bin');
  if (!existsSync(join(directory, 'node'))) {
    process.stderr.write(`Fetching Node ${major}, some 40 MB …\n`);
    mkdirSync(prefix, { recursive: true });
    const options = ['--no-audit', '--no-fund', '--ignore-scripts', '--loglevel=error'];
    execFileSync('npm', ['install', '--prefix', prefix, ...options, `${name}@${major}`], {
      stdio: 'inherit',
    });
  }
  return directory;
}
