/**
 * `npm run test:matrix -- [PLACE]…`: the suites on every release line of Node and every kernel, one after another, some
 * 45 minutes; or in the named places (`"Node 22"`, `"uml 6.12"`), or only the named suites (`"unit tests"`). Keeps the
 * results, and writes them to docs/testing.md.
 */
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { CHECKOUT } from '../source-files.js';
import { nodeDirectory } from './node-versions.js';
import { type Place, PLACES, type Suite, SUITES } from './places.js';
import { readResults, RESULTS_FILE, type Result } from './results.js';
import { withTables } from './table.js';

const PAGE = join(CHECKOUT, 'docs/testing.md');
const wanted = process.argv.slice(2);
const placeNames = PLACES.map(({ name }) => name);
const suiteNames: string[] = Object.values(SUITES);
const unknown = wanted.filter((name) => !placeNames.includes(name) && !suiteNames.includes(name));
if (unknown.length > 0) {
  process.stderr.write(
    `no such place or suite: ${unknown.join(', ')}; there are ${[...placeNames, ...suiteNames].join(', ')}\n`,
  );
  process.exit(2);
}

/** Whether `name` is among those of its kind that were named, if any were. */
function isWanted(name: string, kind: readonly string[]): boolean {
  const named = wanted.filter((each) => kind.includes(each));
  return named.length === 0 || named.includes(name);
}

let failed = 0;
for (const place of PLACES.filter(({ name }) => isWanted(name, placeNames)))
  for (const suite of place.suites.filter(({ name }) => isWanted(name, suiteNames))) {
    process.stdout.write(`\n=== ${suite.name}: ${place.name}\n`);
    const result = await run(place, suite);
    process.stdout.write(`=== ${result.passed} passed, ${result.failed} failed (${result.version})\n`);
    failed += result.failed;
    const results = readResults();
    results[place.name] = { ...results[place.name], [suite.name]: result };
    writeFileSync(RESULTS_FILE, `${JSON.stringify(results, null, 2)}\n`);
    writeFileSync(PAGE, withTables(readFileSync(PAGE, 'utf8'), results));
  }
process.exitCode = failed === 0 ? 0 : 1;

async function run(place: Place, suite: Suite): Promise<Result> {
  const path = process.env['PATH'] ?? '';
  const [file = '', ...args] = suite.command;
  const child = spawn(file, args, {
    cwd: CHECKOUT,
    env: { ...process.env, PATH: place.node === undefined ? path : `${nodeDirectory(place.node)}:${path}` },
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  let text = '';
  for (const stream of [child.stdout, child.stderr])
    stream.on('data', (chunk: Buffer) => {
      text += chunk.toString();
      process.stdout.write(chunk);
    });
  const [status] = (await once(child, 'close')) as [number | null];
  const { passed, failed: broken, skipped } = verdict(text);
  return {
    passed,
    // A suite that ended badly without a word of it, or ran nothing, has not passed.
    failed: Math.max(broken, status === 0 && passed > 0 ? 0 : 1),
    skipped,
    date: new Date().toISOString().slice(0, 10),
    version: /^test-vm: engine .*, kernel (.*)$/m.exec(text)?.[1] ?? `Node ${place.node ?? process.version}`,
  };
}

/** The sums of `N passed, M failed`; without any such line those of mocha's own words. */
function verdict(text: string): Required<Pick<Result, 'passed' | 'failed' | 'skipped'>> {
  const skipped = sum(text, /^ *(\d+) pending\b/gm);
  const lines = [...text.matchAll(/^(\d+) passed, (\d+) failed/gm)];
  if (lines.length === 0)
    return { passed: sum(text, /^ *(\d+) passing\b/gm), failed: sum(text, /^ *(\d+) failing\b/gm), skipped };
  return {
    passed: lines.reduce((total, line) => total + Number(line[1]), 0),
    failed: lines.reduce((total, line) => total + Number(line[2]), 0),
    skipped,
  };
}

function sum(text: string, pattern: RegExp): number {
  return [...text.matchAll(pattern)].reduce((total, match) => total + Number(match[1]), 0);
}
