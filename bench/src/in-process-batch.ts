/**
 * A restore by the library inside a running process: the cost without the start of Node. With `warm` the process has
 * made such a batch before, as long-running processes have.
 */
import { readFileSync } from 'node:fs';
import { type Call, calls, IpvsSync } from '@ipvs-ts/ipvs';
import { CostlessKernel } from './costless-kernel.js';

function callsOf(rules: string): Call[] {
  const list: Call[] = [];
  for (const line of rules.split('\n')) {
    const [command, , service = '', , word = '', , , weight] = line.split(' ');
    if (command === '-A') list.push(calls.addService(`tcp:${service}`, { scheduler: word }));
    if (command === '-a')
      list.push(calls.addDestination(`tcp:${service}`, word, { forwarding: 'masq', weight: Number(weight) }));
  }
  return list;
}

const rules = readFileSync(0, 'utf8');
if (process.argv[2] === 'warm') {
  const nothing = IpvsSync.open({ transport: new CostlessKernel({ services: 0, destinations: 0 }) });
  for (let made = 0; made < 100_000;) made += nothing.batch(callsOf(rules)).length;
}
const ipvs = IpvsSync.open();
const start = process.cpuUsage();
const failed = ipvs.batch(callsOf(rules)).filter(({ ok }) => !ok).length;
const { user, system } = process.cpuUsage(start);
ipvs.close();
process.stdout.write(`${JSON.stringify({ user, system })}\n`);
process.exitCode = failed === 0 ? 0 : 1;
