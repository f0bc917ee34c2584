/** `ipvs-ts doctor`: why packets do not flow, and what mends it. */
import { diagnose, type Diagnosis, type Finding, mendSafely } from '@ipvs-ts/director';
import { type Ipvs, IpvsError, parseServiceKey } from '@ipvs-ts/ipvs';
import type { Arguments } from './arguments.js';
import type { Command } from './command.js';
import { findingText, type Layout, summaryText } from './doctor-text.js';
import type { CommandIo } from './io.js';
import { UsageError } from './usage-error.js';

export const DOCTOR: Command = {
  name: 'doctor',
  operands: ['[SERVICE…]'],
  summary: 'say why packets do not flow, and what mends it',
  description: [
    'Looks at the services (or those that are named: tcp:192.0.2.10:80, fwmark:7), at their destinations, and at what on this host lies on the way of packets: addresses, routes, neighbours, settings of the kernel, firewall, connections. Each problem is told with the way clients see it and the command that mends it.',
    'Nothing is changed unless --fix is given. Run it when clients have just failed: half-open connections tell much.',
  ],
  options: {
    client: { value: 'ADDRESS', help: 'a client that complains: look at the way back to it' },
    fix: { help: 'change the settings of the kernel that are wrong; other commands are printed only' },
    json: { help: 'print findings as JSON' },
    probe: {
      help: 'also connect to each destination and service, ask who answers ARP, listen for sync messages',
    },
  },
  statuses: { 0: 'no problems', 1: 'problems were found, and are there still', 2: 'it could not run' },
  failure: 2,
  run,
};

async function run(args: Arguments, io: CommandIo): Promise<number> {
  const services = args.operands.length === 0 ? undefined : args.operands.map(checkService);
  const client = args.value('client');
  const ipvs = await open(io);
  try {
    const options = {
      services,
      probe: args.has('probe'),
      ...(client !== undefined && { clients: [client] }),
    };
    const before = await diagnose(ipvs, options);
    const safe = args.has('fix') ? before.findings.filter((finding) => finding.safe) : [];
    if (!args.has('json')) await print(io, before.findings);
    for (const finding of safe) await mend(finding, args, io);
    const after = safe.length === 0 ? before : await diagnose(ipvs, options);
    await conclude(after, safe, args, io);
    return after.findings.length === 0 ? 0 : 1;
  } finally {
    if (!IpvsError.is(ipvs)) await ipvs.close();
  }
}

/** That IPVS cannot be opened is a finding; that there is no netlink to look at anything is not. */
async function open(io: CommandIo): Promise<Ipvs | IpvsError> {
  try {
    return await io.open();
  } catch (error) {
    if (IpvsError.is(error) && error.code !== 'ERR_IPVS_NETLINK') return error;
    throw error;
  }
}

function checkService(name: string): string {
  try {
    parseServiceKey(name);
    return name;
  } catch (error) {
    throw new UsageError(error instanceof Error ? error.message : String(error));
  }
}

async function print(io: CommandIo, findings: readonly Finding[]): Promise<void> {
  for (const finding of findings) await io.stdout.write(findingText(finding, layout(io)));
}

async function mend(finding: Finding, args: Arguments, io: CommandIo): Promise<void> {
  if (!args.has('json'))
    await io.stdout.write(finding.mend.map((command) => `Running: ${command}\n`).join(''));
  mendSafely(finding);
}

async function conclude(
  after: Diagnosis,
  fixed: readonly Finding[],
  args: Arguments,
  io: CommandIo,
): Promise<void> {
  if (args.has('json')) {
    const { findings, unseen, services } = after;
    await io.stdout.write(`${JSON.stringify({ services, findings, fixed, unseen }, null, 2)}\n`);
    return;
  }
  if (fixed.length > 0) await io.stdout.write('\nAfter that:\n\n');
  if (fixed.length > 0) await print(io, after.findings);
  await io.stdout.write(summaryText(after, layout(io)));
}

function layout({ stdout }: CommandIo): Layout {
  return { colour: stdout.colour, columns: stdout.columns() };
}
