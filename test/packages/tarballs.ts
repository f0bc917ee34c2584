import { execFileSync } from 'node:child_process';
import { mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { CHECKOUT } from '../source-files.js';

/** A package as `npm publish` would send it. */
export interface Tarball {
  /** Its folder in `packages/`. */
  readonly folder: string;
  /** Its name in the registry. */
  readonly name: string;
  /** Path of the file. */
  readonly path: string;
  /** What is in it, as paths below the package. */
  readonly files: readonly string[];
}

/** Folders of the packages that are published. */
export const FOLDERS: readonly string[] = readdirSync(join(CHECKOUT, 'packages')).sort();

const temporary: string[] = [];
process.on('exit', () => {
  for (const path of temporary) rmSync(path, { recursive: true, force: true });
});

/** A temporary directory that is removed when the process exits. */
export function temporaryDirectory(name: string): string {
  const path = mkdtempSync(join(tmpdir(), `ipvs-ts-${name}-`));
  temporary.push(path);
  return path;
}

/** Packs all packages. */
export function packAll(): Tarball[] {
  const directory = temporaryDirectory('tarballs');
  return FOLDERS.map((folder) => {
    const output = execFileSync(
      'npm',
      ['pack', '--json', '--loglevel=error', '--pack-destination', directory],
      { cwd: join(CHECKOUT, 'packages', folder), encoding: 'utf8' },
    );
    const [packed] = JSON.parse(output) as [{ name: string; filename: string; files: { path: string }[] }];
    return {
      folder,
      name: packed.name,
      path: join(directory, packed.filename),
      files: packed.files.map((file) => file.path),
    };
  });
}

/** The package.json of a package. */
export function manifest(folder: string): {
  readonly name: string;
  readonly exports: Readonly<Record<string, string | { readonly types: string; readonly default: string }>>;
} {
  return JSON.parse(readFileSync(join(CHECKOUT, 'packages', folder, 'package.json'), 'utf8')) as ReturnType<
    typeof manifest
  >;
}
