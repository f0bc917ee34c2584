import { readdirSync, readFileSync } from 'node:fs';
import { join, posix } from 'node:path';
import { fileURLToPath } from 'node:url';

/** The checkout; this file is compiled into test/dist. */
export const CHECKOUT = fileURLToPath(new URL('../..', import.meta.url));

/** A source file of a package. */
export interface SourceFile {
  /** Path from the package's `src`, without `.ts`: `schema/service`. */
  readonly name: string;
  /** Its folder, or for a file that stands in `src` itself its name. */
  readonly room: string;
  readonly text: string;
  /** What it imports or re-exports, as written. */
  readonly imports: readonly string[];
}

/** All source files of a package. */
export function sourceFiles(packageName: string): SourceFile[] {
  const src = join(CHECKOUT, 'packages', packageName, 'src');
  return readdirSync(src, { recursive: true, encoding: 'utf8' })
    .filter((path) => path.endsWith('.ts'))
    .sort()
    .map((path) => {
      const text = readFileSync(join(src, path), 'utf8');
      const imports = [...text.matchAll(/(?<!')\b(?:from|import)\s*\(?\s*'([^']+)'/g)].map(
        (match) => match[1] as string,
      );
      const name = path.replace(/\.ts$/, '');
      return { name, room: roomOf(name), text, imports };
    });
}

/** The room of a file of a package. */
export function roomOf(name: string): string {
  return name.includes('/') ? posix.dirname(name) : name;
}

/** The file that a relative import in `file` names. */
export function resolveImport(file: SourceFile, specifier: string): string {
  return posix.join(posix.dirname(file.name), specifier).replace(/\.js$/, '');
}

/** The rooms of a package in the order in which docs/architecture.md lists them, bottom-up. */
export function listedRooms(packageName: string): string[] {
  const text = readFileSync(join(CHECKOUT, 'docs/architecture.md'), 'utf8');
  const section = text.split(`## packages/${packageName}/src`)[1]?.split('\n## ')[0] ?? '';
  return [...section.matchAll(/^- ((?:`[^`]+`(?:, )?)+)/gm)].flatMap((line) =>
    [...(line[1] as string).matchAll(/`([^`]+?)\/?`/g)].map((name) => name[1] as string),
  );
}
