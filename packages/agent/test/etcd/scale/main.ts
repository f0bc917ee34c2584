/** Measures fleets of several sizes: `main.js [DIRECTORSxDESTINATIONS…]`. Prints a row for each step of each. */
import { setTimeout as sleep } from 'node:timers/promises';
import { type FleetSize, ScaleFleet, type StepCost } from './scale-fleet.js';

const SIZES = ['10x1000', '100x1000', '10x10000', '100x10000'];
const MINUTE = 60_000;
const COLUMNS = ['fleet', 'step', 'received', 'sent', 'MB', 'etcd CPU s', 'directors CPU s'];

const names = process.argv.length > 2 ? process.argv.slice(2) : SIZES;
const sizes = names.map(sizeOf);
const wrong = names.find((_, index) => sizes[index] === undefined);
if (wrong === undefined) {
  print(COLUMNS);
  print(COLUMNS.map((_, index) => (index < 2 ? '---' : '--:')));
  for (const size of sizes) if (size !== undefined) await measure(size);
} else {
  process.stderr.write(`${JSON.stringify(wrong)} must be DIRECTORSxDESTINATIONS, such as 100x10000\n`);
  process.exitCode = 1;
}

async function measure(size: FleetSize): Promise<void> {
  const name = `${size.directors}x${size.destinations}`;
  const fleet = await ScaleFleet.start(size);
  try {
    show(name, 'all destinations', await fleet.putAll());
    show(name, 'one weight', await fleet.putOneChange());
    show(name, 'a quiet minute', await fleet.meanwhile(() => sleep(MINUTE)));
    const megabytes = Math.round((await fleet.memory()) / size.directors / 1e6);
    process.stderr.write(`${name}: ${megabytes} MB a director\n`);
  } finally {
    await fleet.stop();
  }
}

function show(name: string, step: string, cost: StepCost): void {
  const { received, sent, bytes, cpu, directorsCpu } = cost;
  const seconds = (milliseconds: number): string => (milliseconds / 1000).toFixed(1);
  const megabytes = (bytes / 1e6).toFixed(1);
  print([name, step, String(received), String(sent), megabytes, seconds(cpu), seconds(directorsCpu)]);
}

function print(cells: readonly string[]): void {
  process.stdout.write(`| ${cells.join(' | ')} |\n`);
}

function sizeOf(text: string): FleetSize | undefined {
  const [, directors, destinations] = /^([1-9]\d{0,2})x([1-9]\d{0,4})$/.exec(text) ?? [];
  return destinations === undefined
    ? undefined
    : { directors: Number(directors), destinations: Number(destinations) };
}
