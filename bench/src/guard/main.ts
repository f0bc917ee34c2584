/**
 * `npm run test:instructions`: fails where a task takes over 3 % more instructions than recorded. `--update` records
 * the present counts. Exit status 125: the record is of another version of Node.
 */
import { countTasks, type ModeCounts } from './callgrind.js';
import { biggestFunctions } from './profile.js';
import { compare, ratiosOf, readRecord, TOLERANCE, writeRecord } from './record.js';

const CANNOT_RUN = 125;
const SHOWN_FUNCTIONS = 12;

const words = process.argv.slice(2);
const print = (text: string): void => void process.stdout.write(`${text}\n`);

if (words.length > 1 || (words[0] !== undefined && words[0] !== '--update')) {
  process.stderr.write('usage: npm run test:instructions -- [--update]\n');
  process.exitCode = 2;
} else if (words[0] === '--update') {
  const ratios = ratiosOf(await count());
  writeRecord(process.version, ratios);
  for (const [task, ratio] of Object.entries(ratios)) print(`${task.padEnd(24)} ${ratio.toFixed(4)}`);
} else if (readRecord().node !== process.version) {
  process.stderr.write(
    `bench/instructions.json holds for Node ${readRecord().node}, and this is ${process.version}: run it with that one, or record anew with --update\n`,
  );
  process.exitCode = CANNOT_RUN;
} else process.exitCode = await check();

function count(): Promise<ModeCounts[]> {
  print('Counting instructions, some two minutes …');
  return countTasks((task) => print(`counted: ${task}`));
}

async function check(): Promise<number> {
  const counts = await count();
  const { comparisons, gone } = compare(ratiosOf(counts), readRecord().ratios);
  print(`${'task'.padEnd(24)} ${'now'.padStart(9)} ${'recorded'.padStart(9)} ${'change'.padStart(9)}`);
  for (const { task, ratio, recorded, change, verdict } of comparisons)
    print(
      `${task.padEnd(24)} ${ratio.toFixed(4).padStart(9)} ${(recorded ?? 0).toFixed(4).padStart(9)} ${change.toFixed(2).padStart(7)} %  ${verdict}`,
    );
  for (const task of gone) print(`${task}: recorded, and no longer a task`);
  const slower = comparisons.filter(({ verdict }) => verdict === 'slower');
  for (const { task } of slower) {
    print(
      `\nWRONG ${task} takes over ${100 * TOLERANCE} % more instructions than recorded. Its biggest functions, by samples:`,
    );
    for (const line of await biggestFunctions(task, SHOWN_FUNCTIONS)) print(line);
    print('… and of Node itself, by instructions:');
    const { instructions = 1, functions = new Map<string, number>() } =
      counts.find(({ tasks }) => tasks.has(task))?.tasks.get(task) ?? {};
    for (const [name, count] of [...functions].sort(([, a], [, b]) => b - a).slice(0, SHOWN_FUNCTIONS))
      print(`${((100 * count) / instructions).toFixed(1).padStart(5)} %  ${name.slice(0, 120)}`);
  }
  const faster = comparisons.filter(({ verdict }) => verdict === 'faster');
  if (faster.length > 0) print('\nWhat became faster can be kept so: npm run test:instructions -- --update');
  const unrecorded = comparisons.filter(({ verdict }) => verdict === 'not recorded').length + gone.length;
  if (unrecorded > 0) print('\nTasks and record differ: npm run test:instructions -- --update');
  print(`\n${comparisons.length - slower.length - unrecorded} passed, ${slower.length + unrecorded} failed`);
  return slower.length + unrecorded === 0 ? 0 : 1;
}
