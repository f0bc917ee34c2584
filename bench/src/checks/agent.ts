// The agent with many destinations, each with an HTTP check. usage: node agent.js PORT INTERVAL COUNT
// Without a kernel that has IPVS it keeps a table in its own memory, which counts as the agent's.
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { keepHeapSmall, runAgent } from '@ipvs-ts/agent';
import { Ipvs } from '@ipvs-ts/ipvs';
import { doubleTransport, IpvsKernel } from '@ipvs-ts/ipvs/testing';
import { addressAt } from './addresses.js';
import { reportCost } from './cost.js';

const [port, interval, count] = process.argv.slice(2).map(Number) as [number, number, number];
// As the program does.
keepHeapSmall();

const PER_SERVICE = 100;
const services: Record<string, object> = {};
for (let at = 0; at < count; at += PER_SERVICE) {
  const names = Array.from(
    { length: Math.min(PER_SERVICE, count - at) },
    (_, index) => `${addressAt(at + index)}:${String(port)}`,
  );
  services[`tcp:192.0.2.10:${String(1 + at / PER_SERVICE)}`] = {
    scheduler: 'wlc',
    check: { http: {}, interval: `${String(interval)}ms` },
    destinations: Object.fromEntries(names.map((name) => [name, { weight: 100 }])),
  };
}
const folder = mkdtempSync(join(tmpdir(), 'ipvs-ts-bench-'));
const file = join(folder, 'director.json');
writeFileSync(file, JSON.stringify({ services }));
const inMemory = process.env['IPVS_TS_BENCH_KERNEL'] !== 'own';
const kernel = new IpvsKernel({ module: 'loaded' });
const agent = await runAgent({
  file,
  runtimeDirectory: join(folder, 'run'),
  stateDirectory: join(folder, 'state'),
  ...(inMemory && {
    open: () => Ipvs.open({ transport: doubleTransport(kernel, 8192), proc: '/nonexistent' }),
  }),
});
process.on('exit', () => rmSync(folder, { recursive: true, force: true }));
await agent.settled();
while (agent.status().services.some(({ capacity }) => capacity < 1))
  await new Promise((resolve) => setTimeout(resolve, 200));
reportCost();
process.send?.('ready');
