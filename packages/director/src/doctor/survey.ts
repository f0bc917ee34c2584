import { setTimeout as delay } from 'node:timers/promises';
import {
  type Connection,
  type Ipvs,
  IpvsError,
  type ServiceName,
  parseServiceKey,
  serviceKeyText,
  type TableEntry,
} from '@ipvs-ts/ipvs';
import type { Firewall } from '../firewall/read-firewall.js';
import type { Host } from '../host.js';
import type { Route } from '../rtnetlink/route.js';
import type { Facts, Probed } from './facts.js';
import { linkByIndex, ownAddress, ways } from './ways.js';

/** The part of {@link Ipvs} that is read. */
export type IpvsReader = Pick<Ipvs, 'table' | 'connections' | 'settings' | 'daemons' | 'info'>;

/** What is looked at. */
export interface SurveyOptions {
  /** Services to judge; all if absent. */
  readonly services?: readonly ServiceName[] | undefined;
  /** Addresses of clients that complain; those with connections are looked at anyway. */
  readonly clients?: readonly string[] | undefined;
  /** Make connections, and ask who answers ARP. */
  readonly probe?: boolean | undefined;
}

/** Facts, and what could not be seen. */
export interface Survey {
  readonly facts: Facts;
  readonly unseen: readonly string[];
}

/** Connections that are looked at: enough to see what happens, few enough for a table of millions. */
const CONNECTIONS = 20_000;
/** Milliseconds in which a connection that is answered at all does not stay half-open. */
const ANSWER_TIME = 1000;
/** Clients whose routes are looked up. */
const CLIENTS = 64;

/** Reads all that the checks look at. `ipvs` is the reason where IPVS cannot be opened. */
export async function survey(
  ipvs: IpvsReader | IpvsError,
  host: Host,
  { services, clients = [], probe = false }: SurveyOptions = {},
): Promise<Survey> {
  const unseen: string[] = [];
  const failure = IpvsError.is(ipvs) ? ipvs : undefined;
  const wanted = services?.map((name) => serviceKeyText(parseServiceKey(name)));
  const own = IpvsError.is(ipvs) ? NOTHING : await readIpvs(ipvs);
  if (failure !== undefined)
    unseen.push('services, connections and settings: see the problem with IPVS itself');
  const table = own.table.filter(({ service }) => wanted?.includes(service.key) ?? true);
  const privileged = host.privileged();
  const firewall: Firewall = privileged
    ? await host.firewall()
    : { tables: [], unseen: ['firewall rules: they need CAP_NET_ADMIN'] };
  const met = [...clients, ...own.connections.map(({ client }) => client.address)];
  const known = [...new Set(met)].slice(0, CLIENTS);
  const facts: Facts = {
    failure,
    privileged,
    ...own,
    table,
    missing:
      failure === undefined
        ? (wanted ?? []).filter((key) => !own.table.some((entry) => entry.service.key === key))
        : [],
    links: await host.links(),
    addresses: await host.addresses(),
    neighbours: await host.neighbours(),
    routes: await readRoutes(host, [...addressesOf(table), ...known]),
    clients: known,
    firewall,
    sysctl: (path) => host.sysctl(path),
    reversePathDrops: host.counter('TcpExt', 'IPReversePathFilter') ?? 0,
  };
  unseen.push(...firewall.unseen);
  if (!probe) return { facts, unseen };
  if (host.probes === undefined) {
    unseen.push(
      'probes: they start in this process’s own network namespace; run it inside (ip netns exec NAME …)',
    );
    return { facts, unseen };
  }
  return { facts: { ...facts, probed: await runProbes(facts, host.probes, unseen) }, unseen };
}

const NOTHING = {
  table: [],
  connections: [],
  waiting: new Set<Connection>(),
  settings: {},
  daemons: [],
  info: undefined,
};

async function readIpvs(
  ipvs: IpvsReader,
): Promise<
  Pick<Facts, 'connections' | 'waiting' | 'settings' | 'daemons' | 'info'> & { table: readonly TableEntry[] }
> {
  let connections = await readConnections(ipvs);
  const before = new Set(connections.filter(isHalfOpen).map(endpoints));
  if (before.size > 0) {
    await delay(ANSWER_TIME);
    connections = await readConnections(ipvs);
  }
  return {
    table: await readTable(ipvs),
    connections,
    waiting: new Set(connections.filter((each) => isHalfOpen(each) && before.has(endpoints(each)))),
    settings: await ipvs.settings(),
    daemons: await ipvs.daemons(),
    info: await ipvs.info(),
  };
}

/** The whole table, if it holds still for a moment: the kernel loses its place when services come and go meanwhile. */
async function readTable(ipvs: IpvsReader): Promise<readonly TableEntry[]> {
  try {
    return await ipvs.table({ consistency: 'verified' });
  } catch (error) {
    if (!IpvsError.is(error, 'ERR_IPVS_UNSTABLE')) throw error;
    return ipvs.table();
  }
}

async function readConnections(ipvs: IpvsReader): Promise<Connection[]> {
  const connections: Connection[] = [];
  for await (const connection of ipvs.connections()) {
    connections.push(connection);
    if (connections.length === CONNECTIONS) break;
  }
  return connections;
}

function isHalfOpen({ state }: Connection): boolean {
  return state === 'SYN_RECV';
}

function endpoints({ protocol, client, virtual }: Connection): string {
  return [protocol, client.address, client.port, virtual.address, virtual.port].join(' ');
}

function* addressesOf(table: readonly TableEntry[]): Generator<string, void, undefined> {
  for (const { service, destinations } of table) {
    if (service.fwmark === undefined) yield service.address;
    for (const { address } of destinations) yield address;
  }
}

async function readRoutes(host: Host, addresses: readonly string[]): Promise<Map<string, Route>> {
  const unique = [...new Set(addresses)];
  const found = await Promise.all(
    unique.map(async (address) => [address, await host.route(address)] as const),
  );
  return new Map(found);
}

async function runProbes(
  facts: Facts,
  probes: NonNullable<Host['probes']>,
  unseen: string[],
): Promise<Probed> {
  const tcp = facts.table.filter(({ service }) => service.protocol === 'tcp' && service.port !== 0);
  const others = facts.table.length - tcp.length;
  if (others > 0)
    unseen.push(`probes of ${others} services: only TCP services by address and port can be probed`);
  const [destinations, services, taken, syncIds] = await Promise.all([
    probeDestinations(facts, probes),
    probeServices(facts, probes, unseen),
    probeTaken(facts, probes, unseen),
    probeSync(facts, probes, unseen),
  ]);
  return { destinations, services, taken, syncIds };
}

async function probeDestinations(
  facts: Facts,
  probes: NonNullable<Host['probes']>,
): Promise<Probed['destinations']> {
  const results = new Map<string, Map<string, Awaited<ReturnType<typeof probes.connect>>>>();
  await Promise.all(
    [...ways(facts)].map(async ({ service, destination }) => {
      if (service.protocol !== 'tcp' || destination.port === 0 || destination.weight === 0) return;
      const result = await probes.connect(destination.address, destination.port);
      const own = results.get(service.key) ?? new Map<string, typeof result>();
      results.set(service.key, own.set(destination.key, result));
    }),
  );
  return results;
}

/** Through virtual addresses: with direct routing and tunnels the answer would come from an address of this host. */
async function probeServices(
  { table }: Facts,
  probes: NonNullable<Host['probes']>,
  unseen: string[],
): Promise<Probed['services']> {
  const results = new Map<string, Awaited<ReturnType<typeof probes.connect>>>();
  await Promise.all(
    table.map(async ({ service, destinations }) => {
      if (service.protocol !== 'tcp' || service.port === 0) return;
      if (destinations.some(({ forwarding }) => forwarding !== 'masq')) {
        unseen.push(
          `a connection to ${service.key} from the director: only possible where all destinations are reached by NAT`,
        );
        return;
      }
      results.set(service.key, await probes.connect(service.address, service.port));
    }),
  );
  return results;
}

async function probeTaken(
  facts: Facts,
  probes: NonNullable<Host['probes']>,
  unseen: string[],
): Promise<string[]> {
  const addresses = new Set(
    facts.table.flatMap(({ service }) =>
      service.fwmark === undefined && service.family === 'ipv4' ? [service.address] : [],
    ),
  );
  const taken = await Promise.all(
    [...addresses].map(async (address) => {
      const link = linkByIndex(facts, ownAddress(facts, address)?.link);
      if (link === undefined || link.loopback || !link.up) return undefined;
      const answer = await probes.taken(link.name, address);
      if (answer === undefined)
        unseen.push(`who answers ARP for ${address}: arping is not installed, or may not be used`);
      return answer === true ? address : undefined;
    }),
  );
  return taken.filter((address) => address !== undefined);
}

async function probeSync(
  { daemons }: Facts,
  probes: NonNullable<Host['probes']>,
  unseen: string[],
): Promise<readonly number[] | undefined> {
  const backup = daemons.find(({ state }) => state === 'backup');
  if (backup === undefined) return undefined;
  try {
    return await probes.syncIds(backup);
  } catch (error) {
    unseen.push(
      `sync messages on ${backup.interface}: ${error instanceof Error ? error.message : String(error)}`,
    );
    return undefined;
  }
}
