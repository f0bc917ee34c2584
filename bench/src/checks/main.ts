// What the checks of the agent cost, beside a bare loop that does the same requests at the same time.
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

/** A program that asks a server of its own. */
interface Running {
  readonly server: ChildProcess;
  readonly child: ChildProcess;
}

async function running(name: 'agent' | 'bare'): Promise<Running> {
  const { child: server, said: port } = await started('server', interval);
  const { child } = await started(name, String(port), interval, count);
  return { server, child };
}

async function figure({ server, child }: Running, seconds: number): Promise<Figure> {
  const { cpu, memory } = await asked<Cost>(child);
  const { requests, uneven } = await asked<Seen>(server);
  return { microseconds: (cpu * 1000) / requests, rate: requests / seconds, memory, uneven };
}

// Both run at the same time: what else the machine does costs both the same.
const programs = { bare: await running('bare'), agent: await running('agent') };
// Two intervals, so that all of it is warm, and every address was asked.
await delay(2 * Number(interval));
for (const each of Object.values(programs)) await figure(each, 1);
const ratios: number[] = [];
let before = performance.now();
for (let round = 0; round < Number(values.rounds); round++) {
  await delay(Number(values.seconds) * 1000);
  const seconds = (performance.now() - before) / 1000;
  before = performance.now();
  const bare = await figure(programs.bare, seconds);
  const agent = await figure(programs.agent, seconds);
  ratios.push(agent.microseconds / bare.microseconds);
  for (const [name, each] of Object.entries({ bare, agent }))
    process.stdout.write(
      `${name.padEnd(6)} ${each.rate.toFixed(0)} requests/s, ${each.microseconds.toFixed(0)} µs of CPU each, ${(each.memory / 1e6).toFixed(0)} MB, at most ${each.uneven.toFixed(0)} ms uneven\n`,
    );
}
for (const { server, child } of Object.values(programs)) {
  child.kill();
  await once(child, 'exit');
  server.kill();
  await once(server, 'exit');
}
const median = [...ratios].sort((one, other) => one - other)[ratios.length >> 1] ?? NaN;
process.stdout.write(`the agent needs ${median.toFixed(2)} times the CPU of the bare loop (2.5 at most)\n`);
