/** Files of an `include` of keepalived: glob(3) with braces. */
import { readdirSync, readFileSync, statSync } from 'node:fs';
import { dirname, isAbsolute, join } from 'node:path';
import type { TextFile } from '@ipvs-ts/agent';

/** The largest file to read, in bytes. */
export const MOST_BYTES = 64 * 1024 * 1024;

/** The regular files that `pattern` matches, relative to the folder of the file `from`, sorted by name. */
export function readIncluded(pattern: string, from: string): readonly TextFile[] {
  const paths = alternatives(pattern).flatMap((each) =>
    matches(isAbsolute(each) ? each : join(dirname(from), each)),
  );
  return paths.filter(isRegular).map((path) => ({ path, text: readFileSync(path, 'utf8') }));
}

/** `a{b,c}` is `ab` and `ac`; braces may be nested. */
function alternatives(pattern: string): readonly string[] {
  const open = pattern.indexOf('{');
  const close = open === -1 ? -1 : closing(pattern, open);
  if (close === -1) return [pattern];
  const [before, inside, after] = [
    pattern.slice(0, open),
    pattern.slice(open + 1, close),
    pattern.slice(close + 1),
  ];
  return parts(inside).flatMap((part) => alternatives(before + part + after));
}

function closing(text: string, open: number): number {
  let depth = 0;
  for (let at = open; at < text.length; at += 1) {
    if (text[at] === '{') depth += 1;
    if (text[at] === '}') depth -= 1;
    if (depth === 0) return at;
  }
  return -1;
}

function parts(inside: string): readonly string[] {
  const found: string[] = [];
  let part = '';
  let depth = 0;
  for (const character of inside) {
    if (character === '{') depth += 1;
    if (character === '}') depth -= 1;
    if (character === ',' && depth === 0) {
      found.push(part);
      part = '';
    } else part += character;
  }
  return [...found, part];
}

/** The paths that a pattern without braces matches, sorted. */
function matches(pattern: string): readonly string[] {
  const [first = '', ...rest] = pattern.split('/');
  let found = [first === '' ? '/' : '.'];
  for (const part of first === '' ? rest : [first, ...rest]) {
    if (part === '') continue;
    found = found.flatMap((folder) => {
      if (!/[*?[]/.test(part)) return [join(folder, part)];
      const form = formOf(part);
      return namesIn(folder)
        .filter((name) => form.test(name) && (part.startsWith('.') || !name.startsWith('.')))
        .map((name) => join(folder, name));
    });
  }
  return found;
}

function formOf(part: string): RegExp {
  const source = part.replace(/\[!?[^\]]+\]|[*?]|[.+^${}()|[\]\\]/g, (each) => {
    if (each === '*') return '.*';
    if (each === '?') return '.';
    if (each.length > 2)
      return `[${each.startsWith('[!') ? '^' : ''}${each.slice(each.startsWith('[!') ? 2 : 1, -1).replace(/[\\\]^]/g, '\\$&')}]`;
    return `\\${each}`;
  });
  return new RegExp(`^${source}$`, 's');
}

function namesIn(folder: string): readonly string[] {
  try {
    return readdirSync(folder).sort();
  } catch {
    return [];
  }
}

/** Anything else, such as a folder or a pipe, is not a configuration. */
function isRegular(path: string): boolean {
  const status = statSync(path, { throwIfNoEntry: false });
  return status?.isFile() === true && status.size <= MOST_BYTES;
}
