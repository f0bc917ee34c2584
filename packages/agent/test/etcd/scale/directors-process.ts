/** Some directors of a fleet in one process, each with a kernel in memory: `directors-process.js JOB`, asked over its IPC channel. */
import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { type Agent, runAgent } from '@ipvs-ts/agent';
import { Ipvs } from '@ipvs-ts/ipvs';
import { doubleTransport, IpvsKernel } from '@ipvs-ts/ipvs/testing';
import type { Cost, Job, Question } from './job.js';

const { ids, etcd, folder } = JSON.parse(process.argv[2] ?? '') as Job;
const kernels = ids.map(() => new IpvsKernel());
const agents: Agent[] = [];
for (const [index, id] of ids.entries()) {
  const own = join(folder, id);
  mkdirSync(own, { recursive: true });
  const file = join(own, 'director.yaml');
  writeFileSync(file, JSON.stringify({ agent: { id, source: { etcd } } }));
  const transport = doubleTransport(kernels[index] as IpvsKernel);
  agents.push(
    await runAgent({
      file,
      runtimeDirectory: join(own, 'run'),
      stateDirectory: join(own, 'state'),
      open: () => Ipvs.open({ transport, proc: '/nonexistent' }),
    }),
  );
}

const CHANGE = /^(?:NEW|SET|DEL)_/;

function changesOf(kernel: IpvsKernel): number {
  return kernel.requests.filter(({ operation = '' }) => CHANGE.test(operation)).length;
}

async function answer(question: Exclude<Question, 'end'>): Promise<object> {
  if (question === 'cost') {
    const { user, system } = process.cpuUsage();
    return { cpu: (user + system) / 1000, memory: process.memoryUsage.rss() } satisfies Cost;
  }
  while (kernels.some((kernel) => changesOf(kernel) < question.changes)) await sleep(50);
  for (const kernel of kernels) kernel.requests.length = 0;
  return {};
}

async function end(): Promise<void> {
  await Promise.all(agents.map((agent) => agent.close()));
  process.disconnect();
}

process.on('message', (question: Question) => {
  if (question === 'end') void end();
  else void answer(question).then((reply) => process.send?.(reply));
});
process.send?.({});
