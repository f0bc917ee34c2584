import { argumentsOf } from '../argument-checks.js';
import { isIP } from 'node:net';
import { setTimeout as delay } from 'node:timers/promises';
import {
  type Connection,
  type Ipvs,
  IpvsError,
  type ServiceName,
  SYSCTLS,
  type Sysctls,
  parseServiceKey,
  serviceKeyText,
  type TableEntry,
} from '@ipvs-ts/ipvs';
import type { Firewall } from '../ruleset/read-firewall.js';
import type { Host } from '../host.js';
import type { Finding } from './facts/check.js';
import { explains } from './explains.js';
import type { Facts } from './facts/facts.js';
import { paths } from './facts/paths.js';
import { addressesOf, ownAddresses, readMarkRoutes, readRoutes } from './read-routes.js';
import { runProbes } from './run-probes.js';
import { isSilent } from './facts/silent.js';
import { isHalfOpen } from './facts/unanswered.js';

/** The part of {@link Ipvs} that a survey reads. */
export type IpvsReader = Pick<Ipvs, 'table' | 'services' | 'connections' | 'sysctls' | 'daemons' | 'info'>;

/** What to survey. */
export interface SurveyOptions {
  /** Services to judge; all if absent. */
  readonly services?: readonly ServiceName[] | undefined;
  /** Addresses of clients with problems; clients with connections are always included. */
  readonly clients?: readonly string[] | undefined;
  /** Whether to make connections, and to ask who answers ARP. */
  readonly probe?: boolean | undefined;
  /** Findings that were just fixed: connections that are half-open because of them are ignored. */
  readonly fixed?: readonly Pick<Finding, 'severity' | 'services'>[] | undefined;
}

/** Facts, and what could not be read. */
export interface Survey {
  readonly facts: Facts;
  readonly unseen: readonly string[];
}

/** The most connections to read: enough to see what happens, few enough for a table of millions. */
const CONNECTIONS = 20_000;
/** A connection that is answered does not stay half-open for so many milliseconds. */
const ANSWER_TIME = 1000;
/** Milliseconds in which the kernel updates counters. */
const COUNTER_TIME = 2200;
/** The most clients whose routes are looked up. */
const CLIENTS = 64;

/** Reads everything that the checks use. `ipvs` is the error if IPVS cannot be opened. */
export async function survey(
  ipvs: IpvsReader | IpvsError,
  host: Host,
  { services, clients = [], probe = false, fixed = [] }: SurveyOptions = {},
): Promise<Survey> {
  argumentsOf.list('clients', clients, 'text');
  if (services !== undefined) argumentsOf.is('services', services, 'list');
  argumentsOf.is('fixed', fixed, 'list');
  for (const each of fixed) argumentsOf.object('each of fixed', each, { services: 'list' });
  const unseen: string[] = [];
  const failure = IpvsError.is(ipvs) ? ipvs : undefined;
  const wanted = services && [...new Set(services.map((name) => serviceKeyText(parseServiceKey(name))))];
  for (const client of clients) checkClient(client);
  const own = IpvsError.is(ipvs) ? { ...NOTHING, settings: readableSettings(host) } : await readIpvs(ipvs);
  if (failure !== undefined) unseen.push('services and connections: see the problem with IPVS itself');
  const table = own.table.filter(({ service }) => wanted?.includes(service.key) ?? true);
  const privileged = host.privileged();
  const firewall: Firewall = privileged
    ? await host.firewall()
    : { tables: [], unseen: ['firewall rules: they need CAP_NET_ADMIN'] };
  checkFamilies(clients, table);
  const met = [...clients, ...own.connections.map(({ client }) => client.address)];
  const known = [...new Set(met)].slice(0, CLIENTS);
  const reversePathDrops = host.counter('TcpExt', 'IPReversePathFilter') ?? 0;
  const links = await host.links();
  const addresses = await host.addresses();
  const read: Facts = {
    failure,
    privileged,
    ...own,
    table,
    fixed: new Set(table.map(({ service }) => service.key).filter((key) => explains(fixed, key))),
    missing:
      failure === undefined
        ? (wanted ?? []).filter((key) => !own.table.some((entry) => entry.service.key === key))
        : [],
    links,
    addresses,
    neighbours: await host.neighbours(),
    routes: await readRoutes(host, [...addressesOf(table), ...known], ownAddresses(links, addresses)),
    markRoutes: new Map(),
    asked: clients,
    clients: known,
    vrrp: listensToVrrp(host),
    helpers: readHelpers(host),
    firewall,
    sysctl: readOnce((path) => host.sysctl(path)),
    reversePathDrops,
    gatewayLinks: reversePathDrops > 0 ? await host.gatewayLinks() : new Set(),
  };
  const facts = await readAgain(ipvs, { ...read, markRoutes: await readMarkRoutes(host, read) });
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
  daemons: [],
  info: undefined,
};

function checkClient(client: string): void {
  if (typeof client !== 'string' || isIP(client) === 0 || client.includes('%'))
    throw argumentsOf.error('clients', 'IPv4 or IPv6 addresses', client, 'range');
}

/** Reads each setting once, however many services need it. */
function readOnce(read: Facts['sysctl']): Facts['sysctl'] {
  const known = new Map<string, string | undefined>();
  return (path) => {
    if (!known.has(path)) known.set(path, read(path));
    return known.get(path);
  };
}

/** Throws for a client of a family that no service has. */
function checkFamilies(clients: readonly string[], table: readonly TableEntry[]): void {
  for (const client of clients) {
    const family = client.includes(':') ? 'ipv6' : 'ipv4';
    if (table.length === 0 || table.some(({ service }) => service.family === family)) continue;
    const name = family === 'ipv6' ? 'IPv6' : 'IPv4';
    const message = `client ${client}: none of the services has an ${name} address`;
    throw argumentsOf.mistake('clients', 'addresses of the family of a service', message);
  }
}

/** Reads the counters again if a destination seems never to answer: the kernel updates them every two seconds. */
async function readAgain(ipvs: IpvsReader | IpvsError, facts: Facts): Promise<Facts> {
  if (IpvsError.is(ipvs) || ![...paths(facts)].some((path) => isSilent(facts, path))) return facts;
  await delay(COUNTER_TIME);
  const keys = new Set(facts.table.map(({ service }) => service.key));
  const table = await readTable(ipvs);
  return { ...facts, table: table.filter(({ service }) => keys.has(service.key)) };
}

/** Whether a list of memberships has 224.0.0.18 or ff02::12. */
function listensToVrrp(host: Host): boolean {
  return (
    /\b120000E0\b/i.test(host.net('igmp') ?? '') ||
    (host.net('igmp6') ?? '').includes('ff020000000000000000000000000012')
  );
}

/** The names in /proc/net/ip_vs_app, after its title: protocol, port, users, name. */
function readHelpers(host: Host): ReadonlySet<string> | undefined {
  const text = host.net('ip_vs_app');
  if (text === undefined) return undefined;
  return new Set(
    text
      .trimEnd()
      .split('\n')
      .slice(1)
      .map((line) => line.trim().split(/\s+/).at(-1) ?? ''),
  );
}

/** The settings of IPVS that unprivileged processes may read. */
function readableSettings(host: Host): Sysctls {
  return Object.fromEntries(
    Object.keys(SYSCTLS).flatMap((name) => {
      const value = host.sysctl(`net/ipv4/vs/${name}`);
      return value === undefined ? [] : [[name, Number(value)]];
    }),
  );
}

async function readIpvs(
  ipvs: IpvsReader,
): Promise<
  Pick<Facts, 'connections' | 'waiting' | 'settings' | 'daemons' | 'info'> & { table: readonly TableEntry[] }
> {
  let connections = await readConnections(ipvs);
  const before = new Set(connections.filter(({ state }) => isHalfOpen(state)).map(endpoints));
  if (before.size > 0) {
    await delay(ANSWER_TIME);
    connections = await readConnections(ipvs);
  }
  return {
    table: await readTable(ipvs),
    connections,
    waiting: new Set(connections.filter((each) => isHalfOpen(each.state) && before.has(endpoints(each)))),
    settings: await ipvs.sysctls(),
    daemons: await ipvs.daemons(),
    info: await ipvs.info(),
  };
}

/** How often to read the table until no service is added or deleted meanwhile. */
const READINGS = 3;

/** Reads the whole table, again if services are added or deleted meanwhile, since the kernel loses its place then. */
async function readTable(ipvs: IpvsReader): Promise<readonly TableEntry[]> {
  for (let reading = 1; ; reading++) {
    const table = await ipvs.table();
    const keys = new Set((await ipvs.services({ counters: false })).map(({ key }) => key));
    const still = keys.size === table.length && table.every(({ service }) => keys.has(service.key));
    if (still || reading === READINGS) return table;
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

function endpoints({ protocol, client, virtual }: Connection): string {
  return [protocol, client.address, client.port, virtual.address, virtual.port].join(' ');
}
