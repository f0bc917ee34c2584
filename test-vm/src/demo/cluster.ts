// The network of the demo, and how it shows commands.
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Namespace } from '../namespace.js';
import { type Outcome, ProgramError } from '../run-program.js';
import type { Stage } from '../scenario.js';
import type { Topology, TopologyPlan } from '../topology.js';

/** The virtual address. */
export const VIP = '192.168.56.128';
/** The virtual service, as subcommands name it. */
export const SERVICE = `tcp:${VIP}:80`;
/** The real servers by name; the spare one joins while the demo runs. */
export const SERVERS = { master: '192.168.0.134', slave: '192.168.0.140', spare: '192.168.0.150' } as const;

type Host = 'client' | 'director' | keyof typeof SERVERS;

/** The hosts and their networks. */
export const PLAN: TopologyPlan<Host> = {
  hosts: {
    client: { interfaces: { eth0: ['192.168.56.1/24'] } },
    director: { interfaces: { ens33: [`${VIP}/24`], ens34: ['192.168.0.139/24'] } },
    master: { interfaces: { eth0: [`${SERVERS.master}/24`] }, gateways: ['192.168.0.139'] },
    slave: { interfaces: { eth0: [`${SERVERS.slave}/24`] }, gateways: ['192.168.0.139'] },
    spare: { interfaces: { eth0: [`${SERVERS.spare}/24`] }, gateways: ['192.168.0.139'] },
  },
  networks: {
    outside: ['client/eth0', 'director/ens33'],
    inside: ['director/ens34', 'master/eth0', 'slave/eth0', 'spare/eth0'],
  },
};

const PICTURE = `
   client 192.168.56.1
     |
   director  outside 192.168.56.128 (the virtual address, VIP)
     |       inside  192.168.0.139
     +---- master 192.168.0.134 (nginx)
     +---- slave  192.168.0.140 (nginx)
     +---- spare  192.168.0.150 (nginx), not in service yet
`;

/** A running demo: its hosts and its stage. */
export interface Demo extends Topology<Host> {
  readonly stage: Stage;
}

/** Builds the network, starts the web servers, and changes to a temporary directory for the files of the demo. */
export async function buildCluster(stage: Stage): Promise<Demo> {
  const { report, cleanup } = stage;
  report.step('A small network; each host is a network namespace');
  report.write(PICTURE);
  const directory = await mkdtemp(join(tmpdir(), 'ipvs-ts-demo-'));
  cleanup.add(`directory ${directory}`, () => rm(directory, { recursive: true }));
  process.chdir(directory);
  const topology = await stage.build(PLAN);
  for (const name of ['master', 'slave', 'spare'] as const)
    await stage.serve(topology[name], `this is ${name} server`);
  report.say('The default gateway of the real servers is 192.168.0.139, the inside address of the director.');
  report.say(
    'Tutorials sometimes name the VIP there; no kernel takes a gateway outside the server’s own network.',
  );
  return { ...topology, stage };
}

/** How {@link show} runs a line. */
export interface ShowOptions {
  /** The exit status that is expected; 0 by default. */
  readonly status?: number;
  /** What to print before the line; an empty prompt prints neither. */
  readonly prompt?: string;
}

/** Runs a line of shell on a host and shows it with its output; returns its standard output. */
export async function show(
  { stage: { report } }: Demo,
  host: Namespace,
  line: string,
  { status = 0, prompt = '   $ ' }: ShowOptions = {},
): Promise<string> {
  if (prompt !== '') report.write(`${prompt}${line}\n`);
  const command = ['sh', '-ec', line];
  const outcome: Outcome = await host.try(command, { onOutput: (text) => report.write(text) });
  if (outcome.status !== status) throw new ProgramError(command, outcome);
  return outcome.stdout;
}
