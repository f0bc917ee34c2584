// The oldest glibc that programs and libraries run with.
import { execFileSync } from 'node:child_process';

/** The highest version of glibc's symbols that the files need. */
export function glibcOf(files) {
  const needed = execFileSync('readelf', ['--version-info', '--wide', ...files], {
    encoding: 'utf8',
    maxBuffer: 1 << 28,
  });
  const versions = [...needed.matchAll(/Name: GLIBC_(\d+)\.(\d+)/g)].map(([, major, minor]) => [
    Number(major),
    Number(minor),
  ]);
  if (versions.length === 0) throw new Error(`readelf found no versions of glibc in ${files.join(' ')}`);
  return versions
    .sort(([a, b], [c, d]) => a - c || b - d)
    .at(-1)
    .join('.');
}
