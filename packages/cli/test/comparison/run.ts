/**
 * Runs the comparison's tests, all or those whose names are given (`comparison`, `random-commands` …), and says how
 * many passed and failed.
 */
import { readdirSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import Mocha from 'mocha';
import { SEED } from './random/settings.js';

const directory = dirname(fileURLToPath(import.meta.url));
const names = process.argv.slice(2);
const all = readdirSync(directory).filter((file) => file.endsWith('.test.js'));
const files = names.length === 0 ? all : names.map((name) => `${name}.test.js`);

const mocha = new Mocha({ reporter: process.env['IPVS_TS_REPORTER'] ?? 'dot', timeout: 120_000 });
for (const file of files) mocha.addFile(join(directory, file));
await mocha.loadFilesAsync();

process.stdout.write(`IPVS_TS_SEED=${SEED}\n`);
const runner = mocha.run((failures) => {
  const { passes = 0, pending = 0 } = runner.stats ?? {};
  // Tests that are skipped silently have not passed.
  const skipped = pending === 0 ? '' : `, ${pending} skipped`;
  process.stdout.write(`${passes} passed, ${failures} failed${skipped} (IPVS_TS_SEED=${SEED})\n`);
  process.exitCode = failures + pending > 0 ? 1 : 0;
});
