// Keeps what V8 compiles the bundles to, beside them, for the V8 of the Node that runs this: a short run of the program spends
// half of its time in compiling. Another V8, another processor and other flags of V8 refuse it, and compile as usual.
// A file holds the code twice, and then the source: bin/ipvs-ts.js uses it only if the copies agree and the source is that
// of the bundle.
import { existsSync, readdirSync, readFileSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { Session } from 'node:inspector';
import { createRequire } from 'node:module';
import { setFlagsFromString } from 'node:v8';
import { fileURLToPath, pathToFileURL } from 'node:url';
import { Script } from 'node:vm';
import { usedFunctions } from './rehearsal.js';

const { wrap } = createRequire(import.meta.url)('node:module');
const dist = fileURLToPath(new URL('../dist/', import.meta.url));
const suffix = `-${process.versions.v8.split('-')[0]}-${process.arch}.code`;

// Code takes three times as much room as its source. These are read where a command runs for a while anyway: the checks of the
// doctor, and what reads documents that are not plain YAML.
const WITHOUT_CODE = /^(?:doctor|dist)-/;

const used = usedFunctions();

for (const directory of [dist, `${dist}bundles/`]) {
  if (!existsSync(directory)) continue;
  const files = readdirSync(directory);
  const bundles = files.filter((file) => file.endsWith('.cjs') && !WITHOUT_CODE.test(file));
  for (const file of files.filter((each) => each.endsWith('.code'))) dropOthers(directory, file, bundles);
  for (const file of bundles) keep(directory, file);
}

/** Removes code of other bundles, which is of no more use. Other versions of Node may have added theirs for these. */
function dropOthers(directory, file, bundles) {
  const bytes = readFileSync(directory + file);
  const isOf = (bundle) => {
    const source = readFileSync(directory + bundle);
    return (
      file.startsWith(`${bundle.slice(0, -'.cjs'.length)}-`) && bytes.subarray(-source.length).equals(source)
    );
  };
  if (!bundles.some(isOf)) rmSync(directory + file);
}

function keep(directory, bundle) {
  const filename = directory + bundle;
  const source = readFileSync(filename);
  const text = wrap(source.toString('latin1'));
  const ends = used.get(filename);
  const code = ends === undefined ? allCode(text, filename) : codeOf(text, filename, ends);
  const path = filename.slice(0, -'.cjs'.length) + suffix;
  const unfinished = `${path}.${process.pid}`;
  writeFileSync(unfinished, Buffer.concat([code, code, source]));
  renameSync(unfinished, path);
}

/** All functions, of a bundle that no usual run loads. */
function allCode(text, filename) {
  setFlagsFromString('--no-lazy');
  const script = new Script(text, { filename });
  // V8 accepts the code only with the flags with which it was made.
  setFlagsFromString('--lazy');
  return script.createCachedData();
}

/**
 * The functions that end at these offsets. They are compiled, but not run: code that has run is optimised too early wherever it is loaded. A
 * debugger that asks for a place in a function has it compiled.
 */
function codeOf(text, filename, ends) {
  const debug = new Session();
  debug.connect();
  try {
    let scriptId;
    debug.on('Debugger.scriptParsed', ({ params }) => {
      if (params.url === pathToFileURL(filename).href) scriptId = params.scriptId;
    });
    debug.post('Debugger.enable');
    const script = new Script(text, { filename });
    // Returns the function around the bundle, and makes the script known to the debugger.
    script.runInThisContext();
    const place = placesOf(text, scriptId);
    for (const end of ends)
      debug.post('Debugger.getPossibleBreakpoints', { start: place(end - 1), end: place(end) }, (error) => {
        if (error) throw new Error(`${filename}: no function ends at ${end}: ${error.message}`);
      });
    debug.post('Debugger.disable');
    return script.createCachedData();
  } finally {
    debug.disconnect();
  }
}

/** Converts offsets in a text to the debugger's places. */
function placesOf(text, scriptId) {
  const starts = [0];
  for (let at = text.indexOf('\n'); at !== -1; at = text.indexOf('\n', at + 1)) starts.push(at + 1);
  return (offset) => {
    const lineNumber = starts.findLastIndex((start) => start <= offset);
    return { scriptId, lineNumber, columnNumber: offset - starts[lineNumber] };
  };
}
