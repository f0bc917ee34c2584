/**
 * Bundles the page into `src/serve/page.generated.ts`, which is kept: whoever only builds needs no bundler, and packages
 * and executables have the page wherever they have the agent.
 */
import { readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { build, transform } from 'esbuild';

const FOLDER = fileURLToPath(new URL('../page', import.meta.url));

/** The file that has the page. */
export const TARGET = fileURLToPath(new URL('../src/serve/page.generated.ts', import.meta.url));

/** What it has to be. */
export async function pageModule() {
  const script = await build({
    entryPoints: [`${FOLDER}/main.tsx`],
    bundle: true,
    format: 'esm',
    target: 'es2023',
    minify: true,
    jsx: 'automatic',
    jsxImportSource: 'preact',
    legalComments: 'none',
    charset: 'utf8',
    write: false,
  });
  const style = await transform(readFileSync(`${FOLDER}/style.css`, 'utf8'), { loader: 'css', minify: true });
  const { version, license } = JSON.parse(readFileSync(new URL('package.json', preact()), 'utf8'));
  const licence = readFileSync(new URL('LICENSE', preact()), 'utf8').trim();
  return [
    '/** Made of `page/` by `npm run page`. */',
    constant('SCRIPT', 'The script of the page.', script.outputFiles[0].text.trim()),
    constant('STYLE', 'Its style.', style.code.trim()),
    constant(
      'NOTICE',
      'The licence of what the script contains.',
      `preact ${version} (${license})\n\n${licence}`,
    ),
    '',
  ].join('\n');
}

function constant(name, about, text) {
  return `/** ${about} */\nexport const ${name} =\n  ${JSON.stringify(text).replace(/\u2028|\u2029/g, (each) => `\\u${each.charCodeAt(0).toString(16)}`)};`;
}

function preact() {
  return new URL('../package.json', import.meta.resolve('preact'));
}
