// Bundles the program, its subcommands and the agent in one CommonJS file.
import { readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { build } from 'esbuild';
import { CHECKOUT } from '../settings.js';

const at = (name) => fileURLToPath(new URL(name, import.meta.url));

const requireAtHand = {
  name: 'require at hand',
  setup({ onResolve }) {
    onResolve({ filter: /^node:module$/ }, () => ({ path: at('at-hand.js') }));
  },
};

/** Writes the bundle to `outfile`. Resolves with the files that it was made of, relative to the checkout. */
export async function bundle(outfile) {
  const { version } = JSON.parse(readFileSync(`${CHECKOUT}/node_modules/koffi/package.json`, 'utf8'));
  const { metafile } = await build({
    absWorkingDir: CHECKOUT,
    entryPoints: [at('start.js')],
    outfile,
    bundle: true,
    platform: 'node',
    format: 'cjs',
    target: 'node20.19',
    define: { 'import.meta.url': '__filename', KOFFI_VERSION: JSON.stringify(version) },
    minifySyntax: true,
    minifyWhitespace: true,
    metafile: true,
    plugins: [requireAtHand],
    logLevel: 'warning',
  });
  return Object.keys(metafile.inputs);
}
