// Keeps what V8 compiles the bundle to, beside it, for the V8 of the Node that runs this: a short run of the program spends
// half of its time in compiling. Another V8, another processor and other flags of V8 refuse it, and compile as usual.
// The file holds the code twice, and then the source: bin/ipvs-ts.js uses it only if the copies agree and the source is that
// of the bundle.
import { readdirSync, readFileSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { setFlagsFromString } from 'node:v8';
import { fileURLToPath } from 'node:url';
import { Script } from 'node:vm';

const NAME = 'ipvs-ts';
const dist = fileURLToPath(new URL('../dist/', import.meta.url));
const filename = `${dist}${NAME}.cjs`;
const source = readFileSync(filename);

// That of other bundles is of no more use. Other versions of Node may have added theirs for this one.
for (const file of readdirSync(dist)) {
  if (!file.startsWith(`${NAME}-`) || !file.endsWith('.code')) continue;
  if (
    !readFileSync(dist + file)
      .subarray(-source.length)
      .equals(source)
  )
    rmSync(dist + file);
}

// All functions, those too that no start calls.
setFlagsFromString('--no-lazy');
const script = new Script(createRequire(import.meta.url)('node:module').wrap(source.toString('latin1')), {
  filename,
});
// Its flags are part of what a V8 must have in common with this one.
setFlagsFromString('--lazy');

const path = `${dist}${NAME}-${process.versions.v8.split('-')[0]}-${process.arch}.code`;
const unfinished = `${path}.${process.pid}`;
const code = script.createCachedData();
writeFileSync(unfinished, Buffer.concat([code, code, source]));
renameSync(unfinished, path);
