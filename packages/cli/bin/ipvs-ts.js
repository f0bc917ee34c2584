#!/usr/bin/env node
'use strict';
// CommonJS, which starts faster than a module; package.json beside this file says so.

const { readFileSync, statSync } = require('node:fs');
const { dirname, join } = require('node:path');
const { Script } = require('node:vm');

const home = join(__dirname, '..');
const bundle = join(home, 'dist', 'ipvs-ts.cjs');

const ownWords = () => import('../dist/process/command.js');

if (isWhole()) program(readFileSync(bundle, 'latin1')).start(ownWords);
else import('../dist/bin.js').then(({ start }) => start(ownWords));

/** Whether the bundle is there and, in a checkout, of the last build: what was edited since must run. */
function isWhole() {
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

/** The bundle's exports, by the code that was compiled when it was built if this is such a V8 (scripts/code-cache.js). */
function program(source) {
  const cachedData = compiled(`${bundle.slice(0, -'.cjs'.length)}-${source.slice(2, 18)}-${v8()}.code`);
  if (cachedData === undefined) return require(bundle);
  const script = new Script(module.constructor.wrap(source), { filename: bundle, cachedData });
  script.runInThisContext()(exports, require, module, bundle, dirname(bundle));
  return module.exports;
}

/** V8's version, without what Node adds to it, and the processor. */
function v8() {
  return `${process.versions.v8.split('-')[0]}-${process.arch}`;
}

function compiled(path) {
  try {
    return readFileSync(path);
  } catch {
    return undefined;
  }
}
