/**
 * Writes what this version writes and answers to test/upgrade/VERSION, for the upgrade tests of later versions:
 * `npm run record:version`. A version that was released is never recorded again.
 */
import { execFileSync } from 'node:child_process';
import {
  copyFileSync,
  existsSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { CHECK_TYPES, readDeclaredText } from '@ipvs-ts/agent';
import { exportState } from '@ipvs-ts/ipvs';
import { CHECKOUT } from '../source-files.js';
import { MAINTAINED, QUESTIONS, Sample, SERVICE } from './sample.js';

const { version } = JSON.parse(readFileSync(join(CHECKOUT, 'packages/cli/package.json'), 'utf8')) as {
  version: string;
};
const directory = join(CHECKOUT, 'test/upgrade', version);
const write = (name: string, value: unknown): void =>
  writeFileSync(join(directory, name), `${JSON.stringify(value, undefined, 2)}\n`);

if (execFileSync('git', ['tag', '--list', `v${version}`], { cwd: CHECKOUT }).length > 0)
  throw new Error(`version ${version} was released: its record stays as it is`);
mkdirSync(join(directory, 'answers'), { recursive: true });
// A new version starts with the document of the last one; what is new in it is added by hand.
const [last] = readdirSync(join(CHECKOUT, 'test/upgrade'))
  .filter((name) => name !== version && existsSync(join(CHECKOUT, 'test/upgrade', name, 'document.yaml')))
  .sort((a, b) => b.localeCompare(a, 'en', { numeric: true }));
if (last !== undefined && !existsSync(join(directory, 'document.yaml')))
  copyFileSync(join(CHECKOUT, 'test/upgrade', last, 'document.yaml'), join(directory, 'document.yaml'));

const text = readFileSync(join(directory, 'document.yaml'), 'utf8');
const { declared, problems } = await readDeclaredText(text, 'document.yaml', 'r1', CHECK_TYPES);
if (declared === undefined) throw new Error(JSON.stringify(problems));
write('document.read.json', declared);

const folder = mkdtempSync(join(tmpdir(), 'ipvs-ts-record-'));
const sample = new Sample(folder);
const agent = await sample.start();
await sample.judged();
await agent.startMaintenance({ service: SERVICE, destination: MAINTAINED, why: 'disk', by: 'ops' });
await agent.settled();
for (const [file, path] of Object.entries(QUESTIONS)) {
  const answer = JSON.stringify(await sample.ask(path)).replaceAll(folder, '/FOLDER');
  write(join('answers', file), JSON.parse(answer));
}
const ipvs = await sample.ipvs();
write('table.json', await exportState(ipvs));
await ipvs.close();
await sample.close();
for (const [place, file] of [
  ['runtime', 'agent.json'],
  ['state', 'maintenance.json'],
] as const) {
  mkdirSync(join(directory, place), { recursive: true });
  const saved = readFileSync(join(folder, place, file), 'utf8').replaceAll(folder, '/FOLDER');
  write(join(place, file), JSON.parse(saved));
}
rmSync(folder, { recursive: true });
process.stdout.write(`${directory}\n`);
