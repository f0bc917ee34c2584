// Joins files of the split bundle that are loaded together: each file costs a hundredth of Node's start, and a name of another
// file is looked up wherever it is used.
import { basename } from 'node:path';
import { build } from 'esbuild';

/**
 * The joined files: the modules that they begin with. They have all that these import, unless an earlier file has it. What
 * `version` needs is first, then what reads and compares documents, then what asks the kernel.
 */
const JOINED = [
  { name: 'subcommand.cjs', entries: ['process/subcommand', 'subcommands/version'] },
  {
    name: 'state.cjs',
    entries: ['plan', 'apply', 'validate', 'export'].map((each) => `subcommands/state/${each}`),
  },
  { name: 'ipvs.cjs', entries: ['process/open-ipvs'] },
];

// What esbuild writes.
const STATEMENT = /^import \{([^}]*)\} from "\.\/([\w-]+\.cjs)";$/gm;
const BARE_STATEMENT = /^import "\.\/([\w-]+\.cjs)";$/gm;
const CALL = /\bimport\("\.\/([\w-]+\.cjs)"\)/g;
const ANY_STATEMENT = /^import (?:\{([^}]*)\} from )?"([^"]+)";$/gm;
const EXPORTS = /^export \{([^}]*)\};$/m;

/** The files of a split build, as `{ name, text }`: those that are loaded together are joined. */
export async function joinFiles({ outputFiles, metafile }) {
  const outputs = new Map(Object.entries(metafile.outputs).map(([path, each]) => [basename(path), each]));
  const homes = homesOf(outputs);
  /** Names that are used in other files, by the joined file that has them, as statements that export them. */
  const exported = new Map(JOINED.map(({ name }) => [name, new Set()]));
  const texts = new Map(
    outputFiles.map(({ path, text }) => [
      basename(path),
      redirected(text, homes.get(basename(path)), homes, exported),
    ]),
  );
  // The program calls what its first file exports.
  exported.get('subcommand.cjs').add('export { startSubcommand } from "./subcommand.cjs";');
  const joined = JOINED.map(({ name }) => join([...exported.get(name)].join('\n'), name, texts, homes));
  const others = [...texts].filter(([file]) => !homes.has(file)).map(([name, text]) => ({ name, text }));
  return [...(await Promise.all(joined)), ...others];
}

/** The joined file that each file becomes part of. */
function homesOf(outputs) {
  const homes = new Map();
  const take = (file, home) => {
    if (homes.has(file)) return;
    homes.set(file, home);
    for (const { path, kind } of outputs.get(file).imports)
      if (kind === 'import-statement' && outputs.has(basename(path))) take(basename(path), home);
  };
  for (const { name, entries } of JOINED)
    for (const entry of entries) {
      const [file] =
        [...outputs].find(([, { entryPoint }]) => entryPoint?.endsWith(`dist/${entry}.js`)) ?? [];
      if (file === undefined) throw new Error(`no file of the bundle begins with ${entry}`);
      take(file, name);
    }
  return homes;
}

/** A file whose imports name the joined files. Two files may use the same name, so names of others have their file's name before them. */
function redirected(text, own, homes, exported) {
  const outside = (file, name) => {
    const unique = `${file.slice(0, -'.cjs'.length).replaceAll('-', '_')}$${name ?? 'all'}`;
    exported
      .get(homes.get(file))
      .add(`export ${name === undefined ? `* as ${unique}` : `{ ${name} as ${unique} }`} from "./${file}";`);
    return unique;
  };
  const isElsewhere = (file) => homes.has(file) && homes.get(file) !== own;
  return text
    .replace(STATEMENT, (statement, names, file) => {
      if (!isElsewhere(file)) return statement;
      const renamed = namesIn(names).map(([name, local]) => `${outside(file, name)} as ${local}`);
      return `import { ${renamed.join(', ')} } from "./${homes.get(file)}";`;
    })
    .replace(BARE_STATEMENT, (statement, file) =>
      isElsewhere(file) ? `import "./${homes.get(file)}";` : statement,
    )
    .replace(CALL, (call, file) =>
      homes.has(file) ? `import("./${homes.get(file)}").then((all) => all.${outside(file)})` : call,
    );
}

/** A joined file, with `exports` of its parts. They are plain properties: none is assigned again, and each is a call otherwise. */
async function join(exports, name, texts, homes) {
  const parts = {
    name: 'files of the split bundle',
    setup({ onResolve, onLoad }) {
      onResolve({ filter: /^/ }, ({ path, kind }) => {
        const file = basename(path);
        return kind !== 'dynamic-import' && homes.get(file) === name
          ? { path: file, namespace: 'part' }
          : { path, external: true };
      });
      onLoad({ filter: /^/, namespace: 'part' }, ({ path }) => ({ contents: texts.get(path) }));
    },
  };
  const { outputFiles } = await build({
    stdin: { contents: exports },
    bundle: true,
    platform: 'node',
    format: 'esm',
    plugins: [parts],
    write: false,
    logLevel: 'warning',
  });
  // Each part has its own imports; one of each file is enough.
  const imports = new Map();
  const body = outputFiles[0].text.replace(ANY_STATEMENT, (_, names = '', path) => {
    imports.set(path, [...(imports.get(path) ?? []), ...namesIn(names)]);
    return '';
  });
  const statements = [...imports].map(
    ([path, names]) => `import { ${names.map((pair) => pair.join(' as ')).join(', ')} } from "${path}";\n`,
  );
  const text =
    statements.join('') +
    body.replace(EXPORTS, (_, names) => {
      const properties = namesIn(names).map(([local, each]) => `${each}: ${local}`);
      return `module.exports = { ${properties.join(', ')} };`;
    });
  return { name, text };
}

/** `a, b as c` as pairs of names. */
function namesIn(text) {
  return text
    .split(',')
    .map((each) => each.trim())
    .filter((each) => each !== '')
    .map((each) => {
      const [name, other = name] = each.split(' as ');
      return [name, other];
    });
}
