import { execFileSync } from 'node:child_process';
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { temporaryDirectory } from './tarballs.js';

/** Versions of TypeScript that users may have, each in a project of its own. */
export class Compilers {
  readonly #path = temporaryDirectory('compilers');

  constructor(versions: readonly string[]) {
    writeFileSync(join(this.#path, 'package.json'), '{ "name": "compilers", "private": true }\n');
    const options = ['--no-audit', '--no-fund', '--ignore-scripts', '--loglevel=error'];
    const names = versions.map((version) => `${folder(version)}@npm:typescript@${version}`);
    execFileSync('npm', ['install', ...options, ...names], {
      cwd: this.#path,
      stdio: ['ignore', 'ignore', 'inherit'],
    });
  }

  /** Path of the compiler's program. */
  tsc(version: string): string {
    return join(this.#path, 'node_modules', folder(version), 'bin/tsc');
  }
}

function folder(version: string): string {
  return `typescript-${version}`;
}
