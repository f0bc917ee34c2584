import type { Ipvs } from '@ipvs-ts/ipvs';
import { agentOf, keepalived, type Keeper } from '../table-keepers.js';
import type { Lab } from '../lab.js';
import type { Namespace } from '../namespace.js';
import type { HostPlan } from '../topology.js';
import type { Span } from './accounts.js';
import { Server } from './servers.js';
import { TableWatch } from './table-watch.js';

/** How both programs check: the same settings, in milliseconds. */
export const CHECK = { interval: 2000, failingInterval: 1000, timeout: 1000, fall: 2 } as const;

/** The longest time from an outage to its verdict. */
export const BOUND = CHECK.interval + (CHECK.fall - 1) * CHECK.failingInterval + CHECK.timeout;

const SERVERS = ['31', '32', '33', '34', '35', '36', '37', '38', '39', '40'] as const;

/** The weights of the servers that a document names. */
export type Wanted = Readonly<Record<string, number>>;

/** A director, and the program that keeps its table. */
export interface Director {
  readonly name: string;
  readonly address: string;
  readonly service: string;
  readonly ipvs: Ipvs;
  readonly watch: TableWatch;
  /** When its program did not run, or had not read its document yet. */
  readonly pauses: Span[];
  readonly keeper: Keeper;
  /** Replaces the document of the program. */
  want(wanted: Wanted): Promise<void>;
  /** Kills the program. */
  crash(): Promise<void>;
  start(): Promise<void>;
}

/** The parts of the play. */
export interface Stage {
  readonly client: Namespace;
  readonly servers: readonly Server[];
  readonly ours: Director;
  readonly theirs: Director;
}

const OURS = '192.0.2.10';
const THEIRS = '192.0.2.20';

const serviceOf = (address: string): string => `tcp:${address}:80`;

/** Two directors and ten servers on one wire, by direct routing: every server has both virtual addresses. */
export async function build(lab: Lab): Promise<Stage> {
  const server = (last: string): HostPlan => ({
    interfaces: { eth0: [`192.0.2.${last}/24`] },
    commands: [OURS, THEIRS].map((address) => `address add ${address}/32 dev lo`),
  });
  const director = (last: string, virtual: string): HostPlan => ({
    interfaces: { eth0: [`192.0.2.${last}/24`, `${virtual}/32`] },
  });
  const names = SERVERS.map((last) => `s${last}` as const);
  const hosts = await lab.build({
    hosts: {
      client: { interfaces: { eth0: ['192.0.2.100/24'] } },
      us: director('1', OURS),
      kd: director('2', THEIRS),
      ...(Object.fromEntries(SERVERS.map((last) => [`s${last}`, server(last)])) as Record<
        (typeof names)[number],
        HostPlan
      >),
    },
    networks: {
      wire: ['client/eth0', 'us/eth0', 'kd/eth0', ...names.map((name) => `${name}/eth0` as const)],
    },
  });
  for (const name of names)
    hosts[name].sysctl(
      ...['net.ipv4.conf.all.arp_ignore=1', 'net.ipv4.conf.all.arp_announce=2'],
      ...['net.ipv4.conf.all.rp_filter=0', 'net.ipv4.conf.default.rp_filter=0'],
    );
  const servers = SERVERS.map((last) => new Server(lab, hosts[`s${last}`], `192.0.2.${last}:80`));
  await Promise.all(servers.map((each) => each.start()));
  const first = Object.fromEntries(servers.slice(0, 8).map(({ name }) => [name, 100]));
  return {
    client: hosts.client,
    servers,
    ours: await ourDirector(lab, hosts.us, first),
    theirs: await theirDirector(lab, hosts.kd, first),
  };
}

async function ourDirector(lab: Lab, host: Namespace, first: Wanted): Promise<Director> {
  const pauses: Span[] = [];
  const heard = (line: string): void => {
    const { time, kind } = readLine(line);
    const pause = pauses.at(-1);
    if (kind === 'document' && pause?.to === Infinity) pause.to = Date.parse(time);
    if (kind !== 'changes' && kind !== 'fitness') process.stderr.write(`${line}\n`);
  };
  const keeper = await agentOf(lab, host, documentOf(first), { heard });
  return {
    ...directorOf(lab, 'the agent', OURS, keeper, pauses),
    want: (wanted) => keeper.change(JSON.stringify(documentOf(wanted))),
    start: () => keeper.start(),
  };
}

async function theirDirector(lab: Lab, host: Namespace, first: Wanted): Promise<Director> {
  const pauses: Span[] = [];
  const keeper = await keepalived(lab, host, configurationOf(first));
  return {
    ...directorOf(lab, 'keepalived', THEIRS, keeper, pauses),
    want: (wanted) => keeper.change(configurationOf(wanted)),
    start: async () => {
      await keeper.start();
      // It does not say when it begins to check.
      const pause = pauses.at(-1);
      if (pause?.to === Infinity) pause.to = Date.now();
    },
  };
}

function directorOf(
  lab: Lab,
  name: string,
  address: string,
  keeper: Keeper,
  pauses: Span[],
): Omit<Director, 'want' | 'start'> {
  const watch = new TableWatch(keeper.ipvs, serviceOf(address));
  lab.cleanup.add(`watch of ${name}`, () => watch.end());
  return {
    name,
    address,
    service: serviceOf(address),
    ipvs: keeper.ipvs,
    watch,
    pauses,
    keeper,
    crash: async () => {
      pauses.push({ from: Date.now(), to: Infinity });
      await keeper.crash();
    },
  };
}

function readLine(line: string): { readonly time: string; readonly kind: string } {
  try {
    return JSON.parse(line) as { time: string; kind: string };
  } catch {
    return { time: '', kind: '' };
  }
}

const seconds = (ms: number): string => `${String(ms / 1000)}s`;

/** A document for the agent. */
function documentOf(wanted: Wanted): { readonly services: object } {
  const { interval, failingInterval, timeout, fall } = CHECK;
  return {
    services: {
      [serviceOf(OURS)]: {
        scheduler: 'wrr',
        check: {
          http: { path: '/short' },
          ...{ interval: seconds(interval), failingInterval: seconds(failingInterval) },
          ...{ timeout: seconds(timeout), fall, rise: 1 },
        },
        health: { drainTimeout: '10s' },
        destinations: Object.fromEntries(
          Object.entries(wanted).map(([name, weight]) => [name, { forwarding: 'route', weight }]),
        ),
      },
    },
  };
}

/** The same for keepalived. */
function configurationOf(wanted: Wanted): string {
  const servers = Object.entries(wanted).map(([name, weight]) => {
    const [address = '', port = ''] = name.split(':');
    return `  real_server ${address} ${port} {
    weight ${String(weight)}
    HTTP_GET {
      url {
        path /short
        status_code 200
      }
      connect_timeout ${String(CHECK.timeout / 1000)}
      retry ${String(CHECK.fall - 1)}
      delay_before_retry ${String(CHECK.failingInterval / 1000)}
    }
  }`;
  });
  return `global_defs {
  router_id lab
}
virtual_server ${THEIRS} 80 {
  delay_loop ${String(CHECK.interval / 1000)}
  lb_algo wrr
  lb_kind DR
  protocol TCP
${servers.join('\n')}
}
`;
}
