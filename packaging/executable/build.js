// npm run package: the executable of each processor, with licences and bill of materials, as a directory and an archive in dist/.
//
//   npm run package -- [--arch x64|arm64|all] [--offline] [--fetch]
//
// --arch      the processor: this machine's unless it is named
// --offline   fetch nothing: what another processor needs must be in the cache
// --fetch     fetch that, and stop
import { execFileSync } from 'node:child_process';
import { cpSync, mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { createHash } from 'node:crypto';
import { basename, join } from 'node:path';
import { parseArgs } from 'node:util';
import { ARCHITECTURES, CHECKOUT, directoryOf, OUTPUT, sourceDate, VERSION } from '../settings.js';
import { bundle } from './bundle.js';
import { commonLicence, components, licencesText } from './components.js';
import { compile } from './compile.js';
import { npmPackage } from './npm-package.js';
import { sbom } from './sbom.js';

const { arch, offline, fetch } = parseArgs({
  options: {
    arch: { type: 'string', default: process.arch },
    offline: { type: 'boolean', default: false },
    fetch: { type: 'boolean', default: false },
  },
}).values;
const wanted = arch === 'all' ? Object.keys(ARCHITECTURES) : [arch];
for (const each of wanted)
  if (!Object.hasOwn(ARCHITECTURES, each)) throw new Error(`--arch is x64, arm64 or all, not ${each}`);

for (const each of wanted) {
  npmPackage(`@oven/bun-linux-${ARCHITECTURES[each].bun}`, { offline });
  npmPackage(`@koromix/koffi-linux-${each}`, { offline });
}
if (!fetch) {
  mkdirSync(OUTPUT, { recursive: true });
  const source = join(OUTPUT, 'ipvs-ts.js');
  const inputs = await bundle(source);
  for (const each of wanted) makeDirectory(each, source, inputs);
  rmSync(source);
}

function makeDirectory(architecture, source, inputs) {
  const directory = directoryOf(architecture);
  rmSync(directory, { recursive: true, force: true });
  compile(source, architecture, { offline });
  const parts = components(inputs, architecture);
  const write = (name, text) => writeFileSync(join(directory, name), text);
  write('LICENSES.txt', licencesText(parts));
  write('LGPL-2.1.txt', commonLicence('LGPL-2.1'));
  write('sbom.cdx.json', `${JSON.stringify(sbom(parts, architecture), undefined, 2)}\n`);
  cpSync(join(CHECKOUT, 'LICENSE'), join(directory, 'LICENSE'));
  for (const part of ['man', 'completions'])
    cpSync(join(CHECKOUT, 'packages/cli', part), join(directory, part), { recursive: true });
  archive(directory, architecture);
}

/** One archive, whose bytes depend on the files alone, and its checksum. */
function archive(directory, architecture) {
  const name = `ipvs-ts-${VERSION}-linux-${architecture}`;
  const file = join(OUTPUT, `${name}.tar.gz`);
  execFileSync('tar', [
    ...[
      '--create',
      '--file',
      file,
      '--use-compress-program=gzip -n',
      '--sort=name',
      `--mtime=@${sourceDate()}`,
    ],
    ...['--owner=0', '--group=0', '--numeric-owner', '--mode=u=rwX,go=rX', '--directory', OUTPUT],
    ...[`--transform=s,^${basename(directory)},${name},`, basename(directory)],
  ]);
  const digest = createHash('sha256').update(readFileSync(file)).digest('hex');
  writeFileSync(`${file}.sha256`, `${digest}  ${basename(file)}\n`);
  process.stdout.write(`${file}\n`);
}
