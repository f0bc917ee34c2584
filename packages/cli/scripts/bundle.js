// Bundles the program as CommonJS, which starts in half the time of the modules that it is made of: ipvsadm's language and all
// that it needs in one file, and the subcommands in several, since each loads what it needs. bin/ipvs-ts.js loads them.
import { mkdirSync, readdirSync, readFileSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { dirname, resolve } from 'node:path';
import { fileURLToPath } from 'node:url';
import { build, transform } from 'esbuild';
import { joinFiles } from './join-files.js';

const dist = fileURLToPath(new URL('../dist', import.meta.url));
const subcommands = `${dist}/bundles`;
/** esbuild makes names from paths relative to it. As it is fixed, builds that run at once make the same files. */
const absWorkingDir = dirname(dist);

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

// What is imported from a package is imported from the file that has it: its index names every file of the package, and a
// bundle that needs one of them would be split as if it needed all.
const pastIndexes = {
  name: 'past indexes',
  setup({ onLoad }) {
    const indexes = new Map();
    onLoad({ filter: /\/packages\/\w+\/dist\/.*\.js$/ }, ({ path }) => ({
      contents: readFileSync(path, 'utf8').replace(
        /^(import|export) \{([^}]*)\} from '@ipvs-ts\/(\w+)';$/gm,
        (_, keyword, names, name) => {
          if (!indexes.has(name))
            indexes.set(name, exportsOf(fileURLToPath(import.meta.resolve(`@ipvs-ts/${name}`))));
          return names
            .split(',')
            .map((each) => each.trim())
            .filter((each) => each !== '')
            .map((each) => {
              const [exported, local = exported] = each.split(' as ');
              const { file, own } = indexes.get(name).get(exported);
              return `${keyword} { ${own} as ${local} } from '${file}';`;
            })
            .join(' ');
        },
      ),
    }));
  },
};

/** What an index exports: the file of each name, and what it is called there. */
function exportsOf(index) {
  const found = new Map();
  for (const [, names, file] of readFileSync(index, 'utf8').matchAll(/^export \{([^}]*)\} from '(.*)';$/gm))
    for (const each of names.split(',')) {
      const [own, exported = own] = each.trim().split(' as ');
      found.set(exported, { own, file: resolve(dirname(index), file) });
    }
  return found;
}

const options = {
  absWorkingDir,
  bundle: true,
  platform: 'node',
  target: 'node20.19',
  define: { 'import.meta.url': '__filename' },
  external: ['koffi', 'debug', '@ipvs-ts/agent'],
  minifySyntax: true,
  minifyWhitespace: true,
  metafile: true,
  plugins: [requireAtHand],
  logLevel: 'warning',
  write: false,
};

const language = await build({
  ...options,
  entryPoints: [`${dist}/bin.js`],
  outfile: `${dist}/ipvs-ts.cjs`,
  format: 'cjs',
});
// Only modules can be split into files that share what they have in common; each file is then made CommonJS.
const split = await build({
  ...options,
  entryPoints: [`${dist}/process/subcommand.js`],
  outdir: subcommands,
  outExtension: { '.js': '.cjs' },
  chunkNames: '[name]-[hash]',
  plugins: [requireAtHand, pastIndexes],
  minifyWhitespace: false,
  format: 'esm',
  splitting: true,
});

mkdirSync(subcommands, { recursive: true });
for (const { path, contents } of language.outputFiles) replace(path, contents);
const joined = await joinFiles(split);
// The first file names the others, so they are there before it.
for (const { name, text } of joined.toReversed()) {
  const { code } = await transform(text, {
    format: 'cjs',
    platform: 'node',
    target: options.target,
    minifySyntax: true,
    minifyWhitespace: true,
  });
  // The loader knows which of them are files of the bundle, and imports the others.
  replace(`${subcommands}/${name}`, code.replace(/\bimport\(/g, 'require.import('));
}
const made = new Set(joined.map(({ name }) => name));
for (const file of readdirSync(subcommands))
  if (file.endsWith('.cjs') && !made.has(file)) rmSync(`${subcommands}/${file}`);
await import('./code-cache.js');

if (process.argv.includes('--metafile')) process.stdout.write(`${JSON.stringify(language.metafile)}\n`);

/** Writes a file by a rename: a start at this moment finds the old bundle or the new one, never a part of it. */
function replace(path, contents) {
  const unfinished = `${path}.${process.pid}`;
  writeFileSync(unfinished, contents);
  renameSync(unfinished, path);
}
