import { readFileSync } from 'node:fs';
import { parseArgs } from 'node:util';
import { decodeAll } from './decode.js';
import { mutate, Random } from './mutate.js';

/** Fuzzes the decoder with changed copies of recorded datagrams. usage: main.js [--cases N] [--seed N] */
const { values } = parseArgs({ options: { cases: { type: 'string' }, seed: { type: 'string' } } });
const cases = Number(values.cases ?? 1_000_000);
const seed = Number(values.seed ?? Date.now() % 2 ** 32);

interface Recorded {
  readonly replies?: readonly { readonly hex: string }[];
}

const datagrams = ['5.10', '6.1', '6.12', '7.2'].flatMap((kernel) => {
  const file = new URL(`../../../../vectors/${kernel}.json`, import.meta.url);
  const content = JSON.parse(readFileSync(file, 'utf8')) as Record<string, Recorded[] | undefined>;
  return ['vectors', 'variants', 'extra']
    .flatMap((part) => content[part] ?? [])
    .flatMap(({ replies = [] }) => replies.map(({ hex }) => Uint8Array.from(Buffer.from(hex, 'hex'))));
});

process.stdout.write(
  `fuzzing the decoder: ${cases} cases from ${datagrams.length} recorded datagrams, seed ${seed}\n`,
);
const random = new Random(seed);
const total = { read: 0, refused: 0 };
let slowest = 0;
for (let index = 0; index < cases; index++) {
  const bytes = mutate(random, datagrams[random.below(datagrams.length)] as Uint8Array);
  const start = performance.now();
  try {
    const { read, refused } = decodeAll(bytes);
    total.read += read;
    total.refused += refused;
  } catch (error) {
    process.stdout.write(
      `case ${index} of seed ${seed} broke the decoder: ${Buffer.from(bytes).toString('hex')}\n`,
    );
    throw error;
  }
  slowest = Math.max(slowest, performance.now() - start);
}
process.stdout.write(
  `${total.read} readings, ${total.refused} refusals, nothing else; the slowest case took ${slowest.toFixed(1)} ms\n`,
);
if (total.read === 0 || total.refused === 0) throw new Error('the cases are all alike: this tests nothing');
