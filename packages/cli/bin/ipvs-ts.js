#!/usr/bin/env node
'use strict';
// CommonJS, which starts faster than a module; package.json beside this file says so.

const { readFileSync, statSync } = require('node:fs');
const { dirname, join } = require('node:path');
const { Script } = require('node:vm');

const home = join(__dirname, '..');
const dist = join(home, 'dist');
const LANGUAGE = join(dist, 'ipvs-ts.cjs');
const SUBCOMMANDS = join(dist, 'bundles', 'subcommand.cjs');

/** What has been loaded, by path. */
const loaded = new Map();

const importSubcommands = () => import('../dist/process/subcommand.js');
const [, , first = '-'] = process.argv;

if (!isCurrent()) import('../dist/bin.js').then(({ start }) => start(importSubcommands));
// Bun has no such function, and an engine that takes no code of V8.
else if (typeof module.constructor.wrap !== 'function') require(LANGUAGE).start(importSubcommands);
else if (first.startsWith('-')) load(LANGUAGE).start();
else load(SUBCOMMANDS).startSubcommand(() => load(LANGUAGE).startIpvsadm());

/** Whether the bundles are there and, in a checkout, of the last build: what was edited since must run. */
function isCurrent() {
  const made = Math.min(time(LANGUAGE) ?? 0, time(SUBCOMMANDS) ?? 0);
  if (made === 0) return false;
  if (time(join(home, 'tsconfig.json')) === undefined) return true;
  return ['cli', 'director', 'ipvs', 'netlink'].every((name) => {
    const built = time(join(home, '..', name, 'dist', '.tsbuildinfo'));
    return built !== undefined && built <= made;
  });
}

function time(path) {
  return statSync(path, { throwIfNoEntry: false })?.mtimeMs;
}

/** The exports of a bundle, by the code that was compiled when it was built, if that is intact and of this source. */
function load(path) {
  const known = loaded.get(path);
  if (known !== undefined) return known.exports;
  const bundle = { exports: {} };
  loaded.set(path, bundle);
  const source = readFileSync(path);
  const script = new Script(module.constructor.wrap(source.latin1Slice()), {
    filename: path,
    cachedData: compiled(path, source),
  });
  script.runInThisContext()(bundle.exports, requireOf(path), bundle, path, dirname(path));
  return bundle.exports;
}

/** `require` for a bundle. `require.import` stands where its source has `import(…)`. */
function requireOf(path) {
  const own = (name) => {
    if (!name.startsWith('.')) return require(name);
    const file = join(dirname(path), name);
    return name.endsWith('.cjs') ? load(file) : require(file);
  };
  own.import = (name) => (/^(\.|node:)/.test(name) ? Promise.resolve().then(() => own(name)) : import(name));
  return own;
}

/**
 * The code for this V8 and processor (scripts/code-cache.js writes the file): twice, and behind it the source that it was
 * compiled from. V8 checks neither: a changed byte of code can crash it. Comparing costs a hundredth of loading a digest.
 */
function compiled(path, source) {
  const { versions, arch } = process;
  let bytes;
  try {
    bytes = readFileSync(`${path.slice(0, -'.cjs'.length)}-${versions.v8.split('-')[0]}-${arch}.code`);
  } catch {
    return undefined;
  }
  const end = bytes.length - source.length;
  const code = bytes.subarray(0, end / 2);
  const intact = end > 0 && code.equals(bytes.subarray(end / 2, end)) && source.equals(bytes.subarray(end));
  return intact ? code : undefined;
}
