#!/usr/bin/env node
'use strict';
// CommonJS, which starts faster than a module; package.json beside this file says so.

const { statSync } = require('node:fs');
const { join } = require('node:path');

const home = join(__dirname, '..');
const bundle = join(home, 'dist', 'ipvs-ts.cjs');

if (isWhole()) require(bundle);
else import('../dist/bin.js');

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
