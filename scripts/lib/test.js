// The part of scripts/test that needs Node: reads the options and runs the parts.
import { homedir } from 'node:os';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { ENVIRONMENT, parts } from './parts.js';
import { runParts } from './run-parts.js';

const USAGE = 'usage: scripts/test [--engine host] [--list] [PART]…\n';

const { engine, list, names } = readArguments();
const ownKernel = engine !== undefined;
const chosen = choose(parts(ownKernel));
if (list) {
  for (const { name, kernel } of chosen) process.stdout.write(`${name} (${kernel})\n`);
} else {
  Object.assign(process.env, ENVIRONMENT);
  process.exitCode = await runParts(chosen, {
    // A virtual machine keeps one CPU busy, and two of them this machine. One test unloads the module, which would
    // disturb others on the same kernel.
    jobs: ownKernel ? 1 : 2,
    silenceSeconds: 1200,
    reportSeconds: 60,
    strict: (process.env['CI'] ?? '') !== '',
    durationsFile: join(cacheDirectory(), 'durations.json'),
  });
}

function readArguments() {
  try {
    const { values, positionals } = parseArgs({
      options: { engine: { type: 'string' }, list: { type: 'boolean' } },
      allowPositionals: true,
    });
    if (values.engine === undefined || values.engine === 'host')
      return { engine: values.engine, list: values.list === true, names: positionals };
  } catch (error) {
    process.stderr.write(`${error.message}\n`);
  }
  process.stderr.write(USAGE);
  process.exit(2);
}

/** The build, and the parts whose title holds one of the names; all if there are none. */
function choose(all) {
  const has = ({ name, kernel }, wanted) => `${name} (${kernel})`.includes(wanted);
  const unknown = names.filter((wanted) => !all.some((part) => has(part, wanted)));
  if (unknown.length > 0) {
    process.stderr.write(`no part is called ${unknown.join(', ')}; scripts/test --list shows all\n`);
    process.exit(2);
  }
  return names.length === 0
    ? all
    : all.filter((part) => part.first || names.some((wanted) => has(part, wanted)));
}

/** As test-vm/lib/cache.sh has it. */
function cacheDirectory() {
  const { IPVS_TS_CACHE, XDG_CACHE_HOME } = process.env;
  return IPVS_TS_CACHE ?? join(XDG_CACHE_HOME ?? join(homedir(), '.cache'), 'ipvs-ts');
}
