import { fileURLToPath } from 'node:url';
import { format, resolveConfig } from 'prettier';
import { CHECKS, examine, type Finding } from '@ipvs-ts/director';
import { examples } from './examples.js';
import { directFaults } from '../../../../../test-vm/dist/faults/direct.js';
import { firewallFaults } from '../../../../../test-vm/dist/faults/firewall.js';
import { hostFaults } from '../../../../../test-vm/dist/faults/host.js';
import { natFaults } from '../../../../../test-vm/dist/faults/nat.js';
import { roleFaults } from '../../../../../test-vm/dist/faults/roles.js';
import { ruleFaults } from '../../../../../test-vm/dist/faults/rules.js';
import { situations } from '../../../../../test-vm/dist/situations.js';

/** Where it is kept. */
export const PATH = fileURLToPath(new URL('../../../../../docs/doctor.md', import.meta.url));

const FAULTS = [
  ...natFaults,
  ...firewallFaults,
  ...ruleFaults,
  ...directFaults,
  ...roleFaults,
  ...hostFaults,
];

const HEAD = `# What \`ipvs-ts doctor\` finds

“The table looks right, why does curl hang?” Ask the director:

\`\`\`sh
ipvs-ts doctor                     # all services; changes nothing
ipvs-ts doctor tcp:192.0.2.10:80   # one service
ipvs-ts doctor --probe             # also connects to destinations and services, asks who answers ARP
ipvs-ts doctor --client 192.0.2.77 # judges the set-up for one client, before it has failed too
ipvs-ts doctor --fix               # changes the settings of the kernel that are wrong; prints the other commands
ipvs-ts doctor --json
\`\`\`

Exit status: 0 no problems, 1 problems were found, 2 it could not run. Ask when clients have just failed: the half-open
connections that they leave tell much, for a minute. After a fix, let a client try before you ask again. Without root it
says what it can, and what it could not see. Programs call \`diagnose()\` of \`@ipvs-ts/director\`.

One cause is one finding: it lists the services that suffer from it, on a terminal the first ten and how many more there
are. Rules that differ only by ports or addresses are printed as one command (\`-m multiport\`, sets of nft), which opens exactly the
ports of the services. “No problems found” is followed by what could not be seen, and by what was not tried without \`--probe\`.

\`--client\` judges the set-up for one client, before it has failed: what the firewall does with its address, the route back
to it, whether it is on the servers’ own network. It is refused if no service has its address family.

\`--fix\` shows what was found, writes the settings that are marked below, prints the other commands as “Not run”, and looks
again. Where it may not write (without root, or in a container whose /proc/sys is read-only) it says “Failed” and why. What
it wrote lasts until the next reboot. With \`--json\` there are \`findings\` (those that are left; each with all its
\`services\`, \`destinations\` and commands, exactly as they are), \`fixed\`, \`failed\` (each a \`finding\` and a \`reason\`),
\`unseen\`, \`untried\` and \`services\`; the lists are empty where there is nothing.

It looks at the director only. What is wrong on a real server shows in the director's connections, and the commands that it
prints for that are to be run there. Values in commands are quoted for a shell; control characters in names are shown as
\`\\x1b\`.

## How sure it is

A finding is certain unless it begins with “perhaps”, and is then a warning that names the rule it depends on.

Rules of iptables (legacy and nft), ipset and nft are followed packet by packet, through jumps, sets, maps, marks and
priorities, with the states that conntrack gives packets of IPVS on real kernels:

| packets                          | vs.conntrack 0                                  | vs.conntrack 1          |
| -------------------------------- | ----------------------------------------------- | ----------------------- |
| first request                    | NEW                                             | NEW                     |
| later requests, NAT              | NEW (INVALID with nf_conntrack_tcp_loose 0)     | ESTABLISHED             |
| later requests, direct, tunnel   | NEW (INVALID with nf_conntrack_tcp_loose 0)     | TCP INVALID, UDP NEW    |
| replies of NAT servers           | TCP: SYN/ACK INVALID, later NEW; UDP: NEW       | ESTABLISHED             |
| requests behind IPVS             | UNTRACKED                                       | as before IPVS          |
| packets of tunnels behind IPVS   | NEW                                             | NEW                     |

What is behind a rule that cannot be judged (a limit, a match of an unknown module) is certain where every branch ends
alike: where rules tell clients apart by address, clients of every kind are followed. Ports of clients are 1024 and more. Else the
finding says “perhaps”, unless the rules count packets and none was dropped. A rule that differs from client
to client (addresses, hardware addresses, countries) is no problem in itself: it is listed under “Not seen” until
\`--client\` names one; of clients with connections that wait for an answer, the addresses are known. Chains behind IPVS
(\`input\` of priority 100 and more) see no requests and are asked only where this host is a server itself. A chain with
exactly the priority of IPVS (\`input\` 99, \`forward\` 100, \`output\` -98 and -99) is called before IPVS or after it, depending on which
was registered last: what it drops is “perhaps” dropped. Tables of address translation see first packets only, and no untracked ones; with vs.conntrack 0
replies that are NEW are first packets too. A queue without a program drops, or with \`bypass\` accepts.

## Whom it knows

- A **standby** has no virtual address and must not: it runs a backup daemon, listens to VRRP, or has heard another host
  answer for the address. It is never told to add it.
- **Real servers on the director** work by NAT and by direct routing; on 127.0.0.1 by direct routing only, unless the
  director is the only client. Their answers pass OUTPUT.
- With **IPv6** the firewall has to let neighbour discovery in and out, with IPv4 ARP, or nothing else arrives. Rules for ARP are those of
  arptables (legacy and nft) and of nft: families arp, netdev, and bridge where an address is on a bridge. Rules of ebtables-legacy are
  not read.
- A director whose **only client is itself** needs no forwarding; its requests pass OUTPUT and the answers INPUT.
- On **Kubernetes nodes** kube-ipvs0 is down by design, and kube-proxy keeps the table; its sets of ipset are read.
- On **container hosts** rules for published ports count only if they take requests of services.
- **Services by firewall mark** are judged by the addresses and ports that rules mark, also in parts (\`--or-mark\`,
  \`--xor-mark\`), by CONNMARK with masks, by maps of nft, in INPUT, and where a rule of routing by mark makes an address this host’s.

This page is made from the checks and their tests (\`npm run document:doctor\`). A fault that is named under “proved by” is
made on a real kernel by \`npm run test:e2e\`: a client fails as described here, the doctor names the fault and no
other, its commands are run, and the client is served. A situation is a fault beside a healthy director that looks like it, of which
the doctor has to find nothing.
`;

/** The expected text of docs/doctor.md. */
export async function doctorDocument(): Promise<string> {
  const parts = [HEAD, '| check | severity | what is right |', '| --- | --- | --- |'];
  for (const { id, severity, title } of CHECKS) parts.push(`| [${id}](#${id}) | ${severity} | ${title} |`);
  for (const { id, title, why, symptom } of CHECKS) {
    const [finding] = examine((await examples[id]?.()) ?? fail(id));
    parts.push('', `## ${id}`, '', `${title}.`, '', why, '', `**Clients see:** ${symptom}`, '');
    parts.push(...(finding === undefined ? fail(id) : example(finding)), '', proof(id));
  }
  const text = `${parts.join('\n')}\n`;
  return format(text, { ...(await resolveConfig(PATH)), filepath: PATH });
}

function example({ found, fix, on, safe, advice }: Finding): string[] {
  const where = on === 'destination' ? ' (on the real server)' : safe ? ' (what `--fix` does)' : '';
  return [
    `**Found**, for example: ${found}.`,
    ...(fix.length === 0 ? [] : ['', `**Fixed by**${where}:`, '', '```sh', ...fix, '```']),
    ...(advice === undefined ? [] : ['', advice.endsWith('.') ? advice : advice]),
  ];
}

function proof(id: string): string {
  const named = (
    list: readonly { readonly check?: string; readonly name: string }[],
    kind: string,
  ): string[] => list.filter(({ check }) => check === id).map(({ name }) => `\`${kind}/${name}\``);
  const names = [...named(FAULTS, 'fault'), ...named(situations, 'situation')];
  return `_Proved by:_ ${names.length === 0 ? `the unit test of its example (\`packages/director/test/unit/checks\`)` : names.join(', ')}`;
}

function fail(id: string): never {
  throw new Error(`the example of ${id} finds nothing`);
}
