// Bundles the program: all that ipvsadm's language needs, in one CommonJS file. One file of CommonJS starts in half the
// time of the eighty modules that it is made of; subcommands stay modules, loaded when they are used.
import { renameSync, writeFileSync } from 'node:fs';
import { relative, resolve } from 'node:path';
import { fileURLToPath } from 'node:url';
import { build } from 'esbuild';

const dist = fileURLToPath(new URL('../dist', import.meta.url));

const subcommandsOutside = {
  name: 'subcommands outside',
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
  plugins: [subcommandsOutside, requireAtHand],
  logLevel: 'warning',
  write: false,
});

// A rename: a start at this moment finds the old bundle or the new one, never a part of it.
for (const { path, contents } of outputFiles) {
  const unfinished = `${path}.${process.pid}`;
  writeFileSync(unfinished, contents);
  renameSync(unfinished, path);
}
await import('./code-cache.js');

if (process.argv.includes('--metafile')) process.stdout.write(`${JSON.stringify(metafile)}\n`);
