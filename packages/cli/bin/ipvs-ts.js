#!/usr/bin/env node
'use strict';
// CommonJS, which starts faster than a module; package.json beside this file says so.

const { readFileSync, statSync } = require('node:fs');
const { dirname, join } = require('node:path');
const { Script } = require('node:vm');

const home = join(__dirname, '..');
const bundle = join(home, 'dist', 'ipvs-ts.cjs');

const loadSubcommands = () => import('../dist/process/subcommand.js');

if (isCurrent()) program(readFileSync(bundle)).start(loadSubcommands);
else import('../dist/bin.js').then(({ start }) => start(loadSubcommands));

/** Whether the bundle is there and, in a checkout, of the last build: what was edited since must run. */
function isCurrent() {
  const made = time(bundle);
  if (made === undefined) return false;
  if (time(join(home, 'tsconfig.json')) === undefined) return true;
  return ['cli', 'ipvs', 'netlink'].every((name) => {
    const built = time(join(home, '..', name, 'dist', '.tsbuildinfo'));
    return built !== undefined && built <= made;
  });
}

function time(path) {
  return statSync(path, { throwIfNoEntry: false })?.mtimeMs;
}

/** The bundle's exports, by the code that was compiled when it was built, if that is intact and of this source. */
function program(source) {
  const { wrap } = module.constructor;
  // Bun has no such function, and an engine that takes no code of V8.
  const cachedData = typeof wrap === 'function' ? compiled(source) : undefined;
  if (cachedData === undefined) return require(bundle);
  const wrapped = wrap(source.latin1Slice());
  const script = new Script(wrapped, { filename: bundle, cachedData });
  script.runInThisContext()(exports, require, module, bundle, dirname(bundle));
  return module.exports;
}

/**
 * The code for this V8 and processor (scripts/code-cache.js writes the file): twice, and behind it the source that it was
 * compiled from. V8 checks neither: a changed byte of code can crash it. Comparing costs a hundredth of loading a digest.
 */
function compiled(source) {
  const { versions, arch } = process;
  let bytes;
  try {
    bytes = readFileSync(`${bundle.slice(0, -'.cjs'.length)}-${versions.v8.split('-')[0]}-${arch}.code`);
  } catch {
    return undefined;
  }
  const end = bytes.length - source.length;
  const code = bytes.subarray(0, end / 2);
  const intact = end > 0 && code.equals(bytes.subarray(end / 2, end)) && source.equals(bytes.subarray(end));
  return intact ? code : undefined;
}
