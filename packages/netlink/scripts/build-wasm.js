/**
 * Compiles `wasm/` to WebAssembly, and writes it into `src/bulk/wasm.generated.ts`, which is kept: whoever only builds needs no
 * compiler for it. usage: node packages/netlink/scripts/build-wasm.js
 */
import { readFileSync, writeFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import asc from 'assemblyscript/asc';
import {
  FLAGS_AT,
  HEADER_BYTES,
  NLM_F,
  NLMSG,
  SEQUENCE_AT,
  STATUS_BYTES,
  TYPE_AT,
} from '../dist/wire/constants.js';

const SOURCES = new URL('../wasm/', import.meta.url);
const TARGET = new URL('../src/bulk/wasm.generated.ts', import.meta.url);

/** What `wasm/message.ts` is given. */
const CONSTANTS = {
  NLMSG_HEADER_BYTES: HEADER_BYTES.MESSAGE,
  NLATTR_HEADER_BYTES: HEADER_BYTES.ATTRIBUTE,
  NLMSG_TYPE_AT: TYPE_AT,
  NLMSG_FLAGS_AT: FLAGS_AT,
  NLMSG_SEQUENCE_AT: SEQUENCE_AT,
  NLMSG_DONE: NLMSG.DONE,
  NLMSG_MIN_TYPE: NLMSG.MIN_TYPE,
  NLMSG_STATUS_BYTES: STATUS_BYTES,
  NLM_F_MULTI: NLM_F.MULTI,
  NLM_F_DUMP_INTR: NLM_F.DUMP_INTR,
};

/**
 * The modules, by the name of what is exported, and how they are optimised. Short listings are over soon after V8 has compiled
 * what is hot a second time, so small functions pay there; restores are longer.
 */
const MODULES = {
  PATTERN_ENCODER: { file: 'pattern-encoder.ts', level: '-O3' },
  DUMP_LISTER: { file: 'dump-lister.ts', level: '-O3s' },
};

/** What `src/bulk/wasm.generated.ts` has to be. */
export async function wasmModule() {
  const texts = await Promise.all(
    Object.entries(MODULES).map(
      async ([name, { file, level }]) =>
        `\n/** \`wasm/${file}\` */\nexport const ${name} =\n  '${(await compiled(file, level)).toString('base64')}';\n`,
    ),
  );
  return `// Written by scripts/build-wasm.js from wasm/: do not edit.\n${texts.join('')}`;
}

async function compiled(file, level) {
  let binary;
  const { error, stderr } = await asc.main(
    [
      ...[file, '--outFile', 'binary', level, '--runtime', 'stub', '--noAssert', '--initialMemory', '5'],
      ...Object.entries(CONSTANTS).flatMap(([name, value]) => ['--use', `${name}=${value}`]),
    ],
    {
      readFile: (name) => readSource(name),
      writeFile: (_name, contents) => void (binary = contents),
      listFiles: () => [],
    },
  );
  if (error !== null) throw new Error(`${file}: ${stderr.toString()}`, { cause: error });
  return Buffer.from(binary);
}

function readSource(name) {
  try {
    return readFileSync(new URL(name, SOURCES), 'utf8');
  } catch {
    return null;
  }
}

if (process.argv[1] === fileURLToPath(import.meta.url)) writeFileSync(TARGET, await wasmModule());
