/** The files written for the import, and the files that they include. */
import { readdirSync, readFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import type { TextFile } from '@ipvs-ts/agent';

/** The files of `program`: `keepalived` or `ldirectord`. This file is compiled into `dist-test/unit/import`. */
export function corpus(program: string): TextFile[] {
  const folder = fileURLToPath(new URL(`../../../test/corpus/${program}/`, import.meta.url));
  return readdirSync(folder)
    .filter((name) => name.endsWith('.conf') || name.endsWith('.cf'))
    .sort()
    .map((name) => readText(join(folder, name)));
}

/** The files that `pattern`, with `*` in its last part, names as seen from the file `from`. */
export function readIncluded(pattern: string, from: string): TextFile[] {
  const path = join(dirname(from), pattern);
  const form = new RegExp(
    `^${path
      .slice(dirname(path).length + 1)
      .replaceAll('.', '\\.')
      .replaceAll('*', '.*')}$`,
  );
  try {
    return readdirSync(dirname(path))
      .filter((name) => form.test(name))
      .sort()
      .map((name) => readText(join(dirname(path), name)));
  } catch {
    return [];
  }
}

function readText(path: string): TextFile {
  return { path, text: readFileSync(path, 'utf8') };
}
