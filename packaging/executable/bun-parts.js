// What Bun links into its runtime, with licences: its package on npm has no text of them. From LICENSE.md of its sources.

/** Name, licence as an SPDX expression, and the name under which `process.versions` has its version. */
export const BUN_PARTS = [
  ['JavaScriptCore (WebKit)', 'LGPL-2.0-or-later AND BSD-2-Clause', 'webkit'],
  ['BoringSSL', 'Apache-2.0 AND ISC AND OpenSSL', 'boringssl'],
  ['brotli', 'MIT'],
  ['libarchive', 'BSD-2-Clause', 'libarchive'],
  ['lol-html', 'BSD-3-Clause', 'lolhtml'],
  ['ls-hpack', 'MIT', 'lshpack'],
  ['ls-qpack', 'MIT'],
  ['lsquic', 'MIT AND BSD-3-Clause'],
  ['mimalloc', 'MIT', 'mimalloc'],
  ['picohttpparser', 'MIT', 'picohttpparser'],
  ['zstd', 'BSD-3-Clause', 'zstd'],
  ['simdutf', 'Apache-2.0'],
  ['tinycc', 'LGPL-2.1-or-later', 'tinycc'],
  ['uSockets and uWebSockets', 'Apache-2.0', 'uwebsockets'],
  ['zlib-ng', 'Zlib', 'zlib'],
  ['c-ares', 'MIT', 'ares'],
  ['ICU', 'Unicode-3.0', 'icu'],
  ['libbase64', 'BSD-2-Clause'],
  ['libdeflate', 'MIT', 'libdeflate'],
  ['libjpeg-turbo', 'BSD-3-Clause AND IJG AND Zlib'],
  ['libspng', 'BSD-2-Clause'],
  ['libwebp', 'BSD-3-Clause'],
  ['highway', 'Apache-2.0'],
  ['uucode', 'MIT'],
  ['SQLite', 'blessing', 'sqlite'],
  ['llhttp', 'MIT', 'llhttp'],
  ['libc++abi', 'Apache-2.0 WITH LLVM-exception'],
];

/** How the licences of Bun's parts are met, for people. */
export const BUN_NOTICE = `Bun is MIT-licensed, Copyright (c) Oven. The executable contains its runtime, unchanged, as published in the
package @oven/bun-linux-* of npm. Source: https://github.com/oven-sh/bun

It links JavaScriptCore and other files of WebKit and tinycc, which are under the GNU Lesser General Public License. Their sources
are at https://github.com/oven-sh/WebKit and https://github.com/oven-sh/tinycc, at the commits below. To run this program with a
changed JavaScriptCore, build Bun with it as the documentation of Bun describes, and make the executable again with
packaging/executable/compile.js from the sources of this program, which are MIT-licensed.
`;
