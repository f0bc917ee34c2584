// Bundles the program: all that ipvsadm's language needs, in one CommonJS file. One file of CommonJS starts in half the
// time of the eighty modules that it is made of; the project's own words stay modules, loaded when they are used.
import { createHash } from 'node:crypto';
import { renameSync, writeFileSync } from 'node:fs';
import { relative, resolve } from 'node:path';
import { fileURLToPath } from 'node:url';
import { build } from 'esbuild';

const dist = fileURLToPath(new URL('../dist', import.meta.url));

const ownWordsOutside = {
  name: 'own words outside',
  setup({ onResolve }) {
    onResolve({ filter: /^\./ }, ({ kind, path, resolveDir }) =>
      kind === 'dynamic-import'
        ? { path: `./${relative(dist, resolve(resolveDir, path))}`, external: true }
        : undefined,
    );
  },
};

// A file of CommonJS has its own `require`. The module that makes others costs a fortieth of a one-shot to load.
const requireAtHand = {
  name: 'require at hand',
  setup({ onResolve, onLoad }) {
    onResolve({ filter: /^node:module$/ }, ({ path }) => ({ path, namespace: 'at-hand' }));
    onLoad({ filter: /^/, namespace: 'at-hand' }, () => ({
      contents: 'export const createRequire = () => require;',
    }));
  },
};

const { metafile, outputFiles } = await build({
  entryPoints: [`${dist}/bin.js`],
  outfile: `${dist}/ipvs-ts.cjs`,
  bundle: true,
  platform: 'node',
  format: 'cjs',
  target: 'node20.19',
  define: { 'import.meta.url': '__filename' },
  external: ['koffi', 'debug'],
  minifySyntax: true,
  minifyWhitespace: true,
  metafile: true,
  plugins: [ownWordsOutside, requireAtHand],
  logLevel: 'warning',
  write: false,
});

// Whoever starts the program now finds the old one whole, or the new one.
for (const { path, contents } of outputFiles) {
  const unfinished = `${path}.${process.pid}`;
  // By what stands first it is told whether compiled code is of this bundle.
  const mark = createHash('sha256').update(contents).digest('hex').slice(0, 16);
  writeFileSync(unfinished, Buffer.concat([Buffer.from(`//${mark}\n`), contents]));
  renameSync(unfinished, path);
}
await import('./code-cache.js');

if (process.argv.includes('--metafile')) process.stdout.write(`${JSON.stringify(metafile)}\n`);
