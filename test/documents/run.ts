/**
 * Runs every block of the documents: node test/dist/documents/run.js [--host] [FILE…]
 *
 * * Without `--host` all but the blocks that are for the machine itself, in a guest of test-vm; with it only those.
 */
import { type Document, documents, TRIED_ELSEWHERE } from './documents.js';
import { Place } from './place.js';
import { type Step, steps } from './step.js';
import { Trial, tryOnHost } from './trial.js';

const words = process.argv.slice(2);
const host = words[0] === '--host';
const wanted = host ? words.slice(1) : words;
const chosen = documents().filter(({ path }) => wanted.length === 0 || wanted.includes(path));
const missing = wanted.filter((path) => !chosen.some((document) => document.path === path));

const write = (text: string): void => void process.stdout.write(`${text}\n`);
let passed = 0;
let failed = 0;
const notRun: string[] = [];

for (const path of missing) fail(path, 'no such document is tried');
for (const document of chosen) {
  try {
    await (host ? tryHostSteps(document) : tryDocument(document));
  } catch (error) {
    fail(document.path, String(error));
  }
}
if (!host && wanted.length === 0)
  for (const [path, by] of Object.entries(TRIED_ELSEWHERE)) notRun.push(`${path}: run by ${by}`);
for (const line of notRun) write(`not run  ${line}`);
write(`${passed} passed, ${failed} failed, ${notRun.length} not run`);
// Running nothing is not a success; but named documents need not have blocks for the machine itself.
process.exitCode = failed === 0 && (passed > 0 || (host && wanted.length > 0)) ? 0 : 1;

async function tryDocument({ path, text }: Document): Promise<void> {
  const all = steps(text).filter((step) => step.kind !== 'shell' || !step.host);
  if (!all.some(({ kind }) => kind !== 'not run')) {
    for (const step of all) tell(path, step, undefined, 0);
    return;
  }
  const place = new Place();
  try {
    const trial = new Trial(place);
    for (const step of all) {
      const start = performance.now();
      tell(path, step, await trial.try(step), performance.now() - start);
    }
  } finally {
    place.remove();
  }
}

async function tryHostSteps({ path, text }: Document): Promise<void> {
  for (const step of steps(text)) {
    if (step.kind !== 'shell' || !step.host) continue;
    const start = performance.now();
    tell(path, step, await tryOnHost(step), performance.now() - start);
  }
}

function tell(path: string, step: Step, problem: string | undefined, milliseconds: number): void {
  const name = `${path}:${step.line}`;
  if (step.kind === 'not run') notRun.push(`${name}: ${step.reason}`);
  else if (problem !== undefined) fail(name, problem);
  else {
    passed++;
    write(`ok       ${name} ${step.kind}, ${(milliseconds / 1000).toFixed(1)} s`);
  }
}

function fail(name: string, problem: string): void {
  failed++;
  write(`WRONG    ${name} ${problem}`);
}
