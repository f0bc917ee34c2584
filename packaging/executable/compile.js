// Compiles the bundle and a runtime to one executable, with Bun.
import { execFileSync } from 'node:child_process';
import { copyFileSync, mkdirSync, mkdtempSync, renameSync, rmSync } from 'node:fs';
import { arch as thisArch } from 'node:process';
import { join } from 'node:path';
import { ARCHITECTURES, directoryOf } from '../settings.js';
import { npmPackage } from './npm-package.js';

/** A program run in any directory, as root, takes no settings from files there. */
const NO_FILES = ['dotenv', 'bunfig', 'tsconfig', 'package-json'].map(
  (name) => `--no-compile-autoload-${name}`,
);

const bunOf = (arch, options) =>
  join(npmPackage(`@oven/bun-linux-${ARCHITECTURES[arch].bun}`, options), 'bin/bun');

/** Where koffi's binary for a processor is. */
export function addonOf(arch, options) {
  return join(npmPackage(`@koromix/koffi-linux-${arch}`, options), `linux_${arch}`, 'koffi.node');
}

/**
 * Makes `ipvs-ts` and `koffi.node` in the directory of `arch`. The runtime is named, so Bun downloads none; `offline` stops npm
 * too.
 */
export function compile(bundle, arch, options) {
  const directory = directoryOf(arch);
  mkdirSync(directory, { recursive: true });
  // Its name is a part of what is compiled.
  const temporary = mkdtempSync(join(directory, '.compile-'));
  const unfinished = join(temporary, 'ipvs-ts');
  try {
    execFileSync(
      bunOf(thisArch, options),
      [
        ...[
          'build',
          '--compile',
          '--bytecode',
          '--format=cjs',
          `--target=bun-linux-${ARCHITECTURES[arch].bun}`,
        ],
        ...[
          `--compile-executable-path=${bunOf(arch, options)}`,
          ...NO_FILES,
          `--outfile=${unfinished}`,
          bundle,
        ],
      ],
      { stdio: ['ignore', 'ignore', 'inherit'], cwd: directory },
    );
    renameSync(unfinished, join(directory, 'ipvs-ts'));
  } finally {
    rmSync(temporary, { recursive: true });
  }
  copyFileSync(addonOf(arch, options), join(directory, 'koffi.node'));
}
