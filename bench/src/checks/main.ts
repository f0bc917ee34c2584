// What the checks of the agent cost, beside a bare loop that does the same requests in the same run.
// usage: node main.js [--count 10000] [--interval 5000] [--rounds 3] [--seconds 10] [--kernel]
import { type ChildProcess, fork } from 'node:child_process';
import { once } from 'node:events';
import { setTimeout as delay } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';
import { parseArgs } from 'node:util';
import type { Cost } from './cost.js';
import type { Seen } from './server.js';

const { values } = parseArgs({
  options: {
    count: { type: 'string', default: '10000' },
    interval: { type: 'string', default: '5000' },
    rounds: { type: 'string', default: '3' },
    seconds: { type: 'string', default: '10' },
    kernel: { type: 'boolean', default: false },
  },
});
const { count, interval } = values;

async function started(name: string, ...words: string[]): Promise<{ child: ChildProcess; said: unknown }> {
  const program = fileURLToPath(new URL(`./${name}.js`, import.meta.url));
  const env = { ...process.env, ...(values.kernel && { IPVS_TS_BENCH_KERNEL: 'own' }) };
  const child = fork(program, words, { env });
  const [said] = (await once(child, 'message')) as [unknown];
  return { child, said };
}

async function asked<T>(child: ChildProcess): Promise<T> {
  const answer = once(child, 'message') as Promise<[T]>;
  child.send('report');
  return (await answer)[0];
}

/** What one program costs: CPU a request, memory, and how even its requests come. */
interface Figure {
  readonly microseconds: number;
  readonly rate: number;
  readonly memory: number;
  readonly uneven: number;
}

async function measured(name: 'agent' | 'bare'): Promise<Figure> {
  const { child: server, said: port } = await started('server', interval);
  const { child } = await started(name, String(port), interval, count);
  // Two intervals, so that all of it is warm, and every address was asked.
  await delay(2 * Number(interval));
  await asked<Seen>(server);
  await asked<Cost>(child);
  const start = performance.now();
  await delay(Number(values.seconds) * 1000);
  const { cpu, memory } = await asked<Cost>(child);
  const { requests, uneven } = await asked<Seen>(server);
  const seconds = (performance.now() - start) / 1000;
  for (const each of [child, server]) {
    each.kill();
    await once(each, 'exit');
  }
  return { microseconds: (cpu * 1000) / requests, rate: requests / seconds, memory, uneven };
}

const ratios: number[] = [];
for (let round = 0; round < Number(values.rounds); round++) {
  const [bare, agent] = [await measured('bare'), await measured('agent')];
  ratios.push(agent.microseconds / bare.microseconds);
  for (const [name, figure] of Object.entries({ bare, agent }))
    process.stdout.write(
      `${name.padEnd(6)} ${figure.rate.toFixed(0)} requests/s, ${figure.microseconds.toFixed(0)} µs of CPU each, ${(figure.memory / 1e6).toFixed(0)} MB, at most ${figure.uneven.toFixed(0)} ms uneven\n`,
    );
}
const median = [...ratios].sort((one, other) => one - other)[ratios.length >> 1] ?? NaN;
process.stdout.write(`the agent needs ${median.toFixed(2)} times the CPU of the bare loop (2.5 at most)\n`);
