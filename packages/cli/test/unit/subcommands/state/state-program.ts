/**
 * Applies, plans and exports a table that is large enough to go by lines, against a kernel in memory, for `ways.test.ts`: prints
 * whether WebAssembly does it, and the status and output of each command.
 */
import { IpvsKernel } from '@ipvs-ts/ipvs/testing';
import { PatternEncoder } from '@ipvs-ts/netlink/bulk';
import { ran } from '../fake-subcommand-io.js';

const SERVICES = 70;
const SCHEDULERS = ['rr', 'wrr', 'wlc', 'mh'] as const;

const kernel = new IpvsKernel();
const lines: string[] = [
  '-A -f 66051 -s wlc -p 300 -M 255.255.255.0',
  '-a -f 66051 -r 10.0.9.9:0 -g -w 65536',
];
for (let index = 0; index < SERVICES; index++) {
  const name = index % 3 === 0 ? `-u [2001:db8::${index + 1}]:53` : `-t 192.0.2.${index + 1}:443`;
  lines.push(`-A ${name} -s ${SCHEDULERS[index % SCHEDULERS.length] ?? 'rr'}`);
  for (let count = 1; count <= 3; count++) {
    const real = index % 3 === 0 ? `[2001:db8:1::${count}]:53` : `10.0.${index}.${count}:443`;
    const how = index % 5 === 0 ? '-i --tun-type gue --tun-port 6080' : '-m';
    lines.push(`-a ${name} -r ${real} ${how} -w ${count * 258 + index} -x ${index * 300} -y ${index}`);
  }
}
const files: Record<string, string> = { rules: `${lines.join('\n')}\n` };
const results: unknown[] = [];

async function run(...words: string[]): Promise<string> {
  const result = await ran(words, { kernel, files });
  results.push([words.join(' '), result]);
  return result.stdout;
}

await run('apply', '--from-rules', 'rules');
await run('plan', '--from-rules', 'rules');
const document = (files['yaml'] = await run('export'));
files['json'] = await run('export', '--json');
await run('plan', 'yaml');
files['changed'] = document
  .replace(/weight: 259\b/, 'weight: 66051')
  .replace(/scheduler: wrr/, 'scheduler: sh');
await run('plan', 'changed');
await run('apply', 'changed');
await run('plan', 'json');
await run('export');
process.stdout.write(JSON.stringify({ fast: PatternEncoder.load() !== undefined, results }));
