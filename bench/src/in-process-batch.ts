/** A restore by the library inside one process: what remains of a restore when Node runs already. */
import { readFileSync } from 'node:fs';
import { type Call, calls, IpvsSync } from '@ipvs-ts/ipvs';

const rules = readFileSync(0, 'utf8');
const ipvs = IpvsSync.open();
const start = process.cpuUsage();
const list: Call[] = [];
for (const line of rules.split('\n')) {
  const [command, , service = '', , word = '', , , weight] = line.split(' ');
  if (command === '-A') list.push(calls.addService(`tcp:${service}`, { scheduler: word }));
  if (command === '-a')
    list.push(calls.addDestination(`tcp:${service}`, word, { forwarding: 'masq', weight: Number(weight) }));
}
const failed = ipvs.batch(list).filter(({ ok }) => !ok).length;
const { user, system } = process.cpuUsage(start);
ipvs.close();
process.stdout.write(`${JSON.stringify({ user, system })}\n`);
process.exitCode = failed === 0 ? 0 : 1;
