/** `ipvs-ts doctor`: why packets do not flow, and what fixes it. */
import { isIP } from 'node:net';
import { diagnose, type Diagnosis, type Finding } from '@ipvs-ts/director';
import { type Ipvs, IpvsError, parseServiceKey } from '@ipvs-ts/ipvs';
import type { Arguments } from '../framework/arguments.js';
import type { Subcommand } from '../framework/subcommand.js';
import { fix, type Fixes } from './fix.js';
import { findingText, type Style, summaryText } from './doctor-text.js';
import type { SubcommandIo } from '../framework/io.js';
import { visible } from '../framework/visible.js';
import { UsageError } from '../framework/usage-error.js';

export const DOCTOR: Subcommand = {
  name: 'doctor',
  operands: ['[SERVICE…]'],
  summary: 'say why packets do not flow, and what fixes it',
  description: [
    'Looks at the services (or those that are named: tcp:192.0.2.10:80, fwmark:7), at their destinations, and at what on this host lies on the way of packets: addresses, routes, neighbours, settings of the kernel, firewall, connections. Each problem is told with the way clients see it and the command that fixes it.',
    'Nothing is changed unless --fix is given. Run it when clients have just failed: half-open connections tell much.',
  ],
  options: {
    client: { value: 'ADDRESS', help: 'judge the set-up for this client too, before or after it has failed' },
    fix: {
      help: 'change the settings of the kernel that are wrong, until the next reboot; other commands are printed only',
    },
    json: { help: 'print findings as JSON' },
    probe: {
      help: 'also connect to each destination and service, ask who answers ARP, listen for sync messages',
    },
  },
  statuses: { 0: 'no problems', 1: 'problems were found, and are there still', 2: 'it could not run' },
  failure: 2,
  run,
};

async function run(args: Arguments, io: SubcommandIo): Promise<number> {
  const services = args.operands.length === 0 ? undefined : args.operands.map(checkService);
  const client = checkClient(args.value('client'));
  const ipvs = await open(io);
  try {
    const options = {
      services,
      probe: args.has('probe'),
      ...(client !== undefined && { clients: [client] }),
    };
    const before = await diagnose(ipvs, options);
    if (!args.has('json')) await print(io, before.findings);
    const fixes = args.has('fix') ? await applyFixes(before, args, io) : NOTHING_DONE;
    const tried = fixes.fixed.length + fixes.failed.length > 0;
    const after = tried ? await diagnose(ipvs, { ...options, fixed: fixes.fixed }) : before;
    await conclude(after, fixes, args, io);
    return after.findings.length === 0 ? 0 : 1;
  } finally {
    if (!IpvsError.is(ipvs)) await ipvs.close();
  }
}

/** If IPVS cannot be opened, that is a finding; if there is no netlink at all, it is an error. */
async function open(io: SubcommandIo): Promise<Ipvs | IpvsError> {
  try {
    return await io.open();
  } catch (error) {
    if (IpvsError.is(error) && error.code !== 'ERR_IPVS_NETLINK') return error;
    throw error;
  }
}

function checkClient(address: string | undefined): string | undefined {
  if (address === undefined || (isIP(address) !== 0 && !address.includes('%'))) return address;
  throw new UsageError(`--client must be an IPv4 or IPv6 address, not ${JSON.stringify(address)}`);
}

function checkService(name: string): string {
  try {
    parseServiceKey(name, 'SERVICE');
    return name;
  } catch (error) {
    throw new UsageError(error instanceof Error ? error.message : String(error));
  }
}

async function print(io: SubcommandIo, findings: readonly Finding[]): Promise<void> {
  for (const finding of findings) await io.stdout.write(findingText(finding, style(io)));
}

const NOTHING_DONE: Fixes = { fixed: [], failed: [] };

async function applyFixes({ findings }: Diagnosis, args: Arguments, io: SubcommandIo): Promise<Fixes> {
  return fix(findings, async (line) => {
    if (!args.has('json')) await io.stdout.write(`${visible(line)}\n`);
  });
}

async function conclude(
  after: Diagnosis,
  { fixed, failed }: Fixes,
  args: Arguments,
  io: SubcommandIo,
): Promise<void> {
  if (args.has('json')) {
    const { findings, unseen, untried, services } = after;
    await io.stdout.write(
      `${JSON.stringify({ services, findings, fixed, failed, unseen, untried }, null, 2)}\n`,
    );
    return;
  }
  if (fixed.length > 0) {
    await io.stdout.write(`${KEPT}\nAfter that:\n\n`);
    await print(io, after.findings);
  } else if (args.has('fix') && after.findings.length > 0) {
    await io.stdout.write('Nothing was fixed.\n\n');
  }
  await io.stdout.write(summaryText(after, style(io)));
}

const KEPT = 'These settings last until the next reboot; a file in /etc/sysctl.d keeps them.\n';

function style({ stdout }: SubcommandIo): Style {
  return { colour: stdout.colour, columns: stdout.columns() };
}
