import { type Connection, IpvsError } from '@ipvs-ts/ipvs';
import { type ConnectResult, type Facts, readIptables, type Route } from '@ipvs-ts/director';
import { healthy, link, nat, tableOf } from './director.js';

const WEB = 'tcp:192.0.2.10:80';

/** A fault that each check finds, by the check's id: a change of a healthy director. */
export const examples: Readonly<Record<string, () => Promise<Facts>>> = {
  family: () =>
    healthy({
      table: [],
      failure: new IpvsError(
        'ERR_IPVS_UNAVAILABLE',
        'cannot open IPVS: the kernel has no IP virtual server support, and loading the module ip_vs did not help',
        { operation: 'open IPVS' },
      ),
    }),
  capability: () => healthy({ table: [], privileged: false }),
  'missing-service': () => healthy({ missing: ['tcp:192.0.2.10:8080'] }),
  scheduler: () => service('none', 'masq'),
  destinations: async () =>
    healthy({ table: await tableOf((ipvs) => ipvs.addService(WEB, { scheduler: 'rr' })) }),
  weights: () => service('rr', 'masq', { weight: 0 }),
  overloaded: async () => {
    const [entry] = (await service('rr', 'masq', { upperThreshold: 2 })).table;
    if (entry === undefined) throw new Error('the table has a service');
    const [full] = entry.destinations;
    if (full === undefined) throw new Error('the service has a destination');
    return healthy({
      table: [{ service: entry.service, destinations: [{ ...full, inactiveConnections: 2 }] }],
    });
  },
  'virtual-address': async () => {
    const facts = await healthy();
    return {
      ...facts,
      addresses: facts.addresses.map((own) => (own.link === 2 ? { ...own, address: '192.0.2.1' } : own)),
      routes: new Map([...facts.routes, ['192.0.2.10', { type: 'unicast', link: 2 }]]),
    };
  },
  'virtual-interface': () =>
    healthy({ links: [link(1, 'lo'), link(2, 'eth0', { up: false, running: false }), link(3, 'eth1')] }),
  'forwarding-ipv4': () =>
    healthy({ sysctls: { 'net/ipv4/ip_forward': '0', 'net/ipv4/conf/eth1/forwarding': '0' } }),
  'forwarding-ipv6': async () =>
    healthy({
      sysctls: { 'net/ipv6/conf/all/forwarding': '0' },
      table: await tableOf(async (ipvs) => {
        await ipvs.addService('tcp:[2001:db8::10]:80', { scheduler: 'rr' });
        await ipvs.addDestination('tcp:[2001:db8::10]:80', '[fd00::11]:80', { forwarding: 'masq' });
      }),
      addresses: [{ link: 2, family: 'ipv6', address: '2001:db8::10', prefixLength: 64, usable: true }],
      routes: new Map([['fd00::11', { type: 'unicast', link: 3, source: 'fd00::1' }]]),
    }),
  'destination-route': () => routed({ type: 'unreachable' }),
  'client-route': async () => {
    const facts = await healthy({ asked: ['198.51.100.7'], clients: ['198.51.100.7'] });
    return { ...facts, routes: new Map([...facts.routes, ['198.51.100.7', { type: 'unreachable' }]]) };
  },
  'direct-gateway': () => service('rr', 'route', {}, { type: 'unicast', link: 3, gateway: '10.0.0.254' }),
  'loopback-destination': async () => {
    const facts = await service('rr', 'masq', {}, undefined, '127.0.0.1:80');
    return { ...facts, routes: new Map([...facts.routes, ['127.0.0.1', { type: 'local', link: 1 }]]) };
  },
  neighbour: () => healthy({ neighbours: [{ link: 3, address: '10.0.0.11', state: 'failed' }] }),
  'destination-port': () =>
    probed({ destinations: new Map([[WEB, new Map([['10.0.0.11:80', 'refused']])]]) }),
  'firewall-input': () => ruled(':INPUT DROP', ':FORWARD ACCEPT'),
  'nat-first': () =>
    healthy({
      firewall: {
        tables: readIptables(
          '*nat\n:PREROUTING ACCEPT\n:DOCKER -\n-A PREROUTING -m addrtype --dst-type LOCAL -j DOCKER\n-A DOCKER ! -i docker0 -p tcp -m tcp --dport 80 -j DNAT --to-destination 172.17.0.2:80\n',
          'iptables-nft',
          'ipv4',
        ),
        unseen: [],
      },
    }),
  'nat-replies': () =>
    healthy({
      firewall: {
        tables: readIptables(
          '*nat\n:PREROUTING ACCEPT\n-A PREROUTING -i eth1 -p tcp -j REDIRECT --to-ports 3128\n',
          'iptables',
          'ipv4',
        ),
        unseen: [],
      },
    }),
  'firewall-output': () => ruled(':OUTPUT ACCEPT', '-A OUTPUT -d 10.0.0.0/24 -p tcp -j DROP'),
  'firewall-forward': () => ruled(':FORWARD DROP', '-A FORWARD -i eth0 -j ACCEPT'),
  'firewall-stateful': () =>
    ruled(':FORWARD DROP', '-A FORWARD -m conntrack --ctstate RELATED,ESTABLISHED -j ACCEPT'),
  'snat-conntrack': () =>
    healthy({
      firewall: {
        tables: readIptables(
          '*nat\n:POSTROUTING ACCEPT\n-A POSTROUTING -m ipvs --vaddr 192.0.2.10 --vport 80 -j MASQUERADE\n',
          'iptables-legacy',
          'ipv4',
        ),
        unseen: [],
      },
    }),
  'conntrack-full': () =>
    healthy({
      sysctls: { 'net/netfilter/nf_conntrack_count': '65536', 'net/netfilter/nf_conntrack_max': '65536' },
    }),
  'reverse-path-filter': () =>
    healthy({
      sysctls: { 'net/ipv4/conf/all/rp_filter': '1' },
      reversePathDrops: 12,
      gatewayLinks: new Set([2, 3]),
    }),
  'send-redirects': async () => {
    const facts = await healthy({
      sysctls: { 'net/ipv4/conf/all/send_redirects': '1', 'net/ipv4/conf/eth1/forwarding': '1' },
    });
    return { ...facts, addresses: facts.addresses.map((own) => ({ ...own, link: 3 })) };
  },
  'tunnel-errors': async () => {
    const facts = await service('rr', 'tunnel');
    const { firewall } = await ruled(':OUTPUT ACCEPT', '-A OUTPUT -p icmp -j DROP');
    return { ...facts, firewall };
  },
  'port-mismatch': () => service('rr', 'route', {}, undefined, '10.0.0.11:8080'),
  'one-packet': async () =>
    healthy({
      table: await tableOf(async (ipvs) => {
        await ipvs.addService('udp:192.0.2.10:53', { scheduler: 'rr', onePacket: true });
        await ipvs.addDestination('udp:192.0.2.10:53', '10.0.0.11:53', { forwarding: 'masq' });
      }),
    }),
  'ftp-helper': async () =>
    healthy({
      helpers: new Set<string>(),
      table: await tableOf(async (ipvs) => {
        await ipvs.addService('tcp:192.0.2.10:21', { scheduler: 'rr' });
        await ipvs.addDestination('tcp:192.0.2.10:21', '10.0.0.11:21', { forwarding: 'masq' });
      }),
    }),
  'unset-mark': async () =>
    healthy({
      table: await tableOf(async (ipvs) => {
        await ipvs.addService('fwmark:7', { scheduler: 'rr' });
        await ipvs.addDestination('fwmark:7', '10.0.0.11:0', { forwarding: 'masq' });
      }),
    }),
  'arp-duplicate': async () => ({
    ...(await service('rr', 'route')),
    probed: { ...NOTHING_PROBED, taken: ['192.0.2.10'] },
  }),
  'arp-ignore': async () => {
    const facts = await healthy({ sysctls: { 'net/ipv4/conf/all/arp_ignore': '1' } });
    const near = { link: 2, family: 'ipv4', address: '192.0.2.1', prefixLength: 24, usable: true } as const;
    const vip = { link: 1, family: 'ipv4', address: '192.0.2.10', prefixLength: 32, usable: true } as const;
    return { ...facts, addresses: [...facts.addresses.slice(1), near, vip] };
  },
  'drop-packet': () => healthy({ settings: { drop_packet: 3, am_droprate: 10 } }),
  'backup-only': () => healthy({ settings: { backup_only: 1 }, daemons: [{ ...BACKUP, interface: 'eth1' }] }),
  'lost-destination': () =>
    healthy({
      settings: { expire_nodest_conn: 0 },
      connections: [connection('10.0.0.99', 'ESTABLISHED', 800)],
    }),
  'reused-connection': async () => {
    const facts = await service('rr', 'masq', { weight: 0 });
    const [spare] = (await nat()).map(({ destinations }) => destinations[1]);
    const waiting = connection('10.0.0.11', 'SYN_RECV', 55);
    return {
      ...facts,
      settings: { ...facts.settings, conn_reuse_mode: 0 },
      connections: [waiting],
      waiting: new Set([waiting]),
      table: facts.table.map((entry) => ({
        ...entry,
        destinations: [...entry.destinations, ...(spare === undefined ? [] : [spare])],
      })),
    };
  },
  'quiescent-template': async () => {
    const facts = await service('rr', 'masq', { weight: 0 });
    const [spare] = await nat();
    return {
      ...facts,
      table: facts.table.map((entry) => ({
        ...entry,
        destinations: [
          ...entry.destinations.map((each) => ({ ...each, persistentConnections: 3 })),
          ...(spare?.destinations.slice(0, 1) ?? []),
        ],
      })),
    };
  },
  'connection-table': async () => {
    const facts = await healthy({ info: { version: '1.2.1', connectionTableSize: 4096 } });
    return {
      ...facts,
      table: facts.table.map((entry) => ({
        ...entry,
        destinations: entry.destinations.map((each) => ({ ...each, activeConnections: 50_000 })),
      })),
    };
  },
  estimation: () => healthy({ settings: { run_estimation: 0 } }),
  'sync-interface': () =>
    healthy({
      daemons: [{ ...BACKUP, interface: 'eth2' }],
      links: [link(1, 'lo'), link(2, 'eth0'), link(3, 'eth1'), link(4, 'eth2', { up: false })],
    }),
  'sync-id': () => probed({ syncIds: [2] }, { daemons: [BACKUP] }),
  hairpin: async () => {
    const facts = await healthy({
      connections: [connection('10.0.0.11', 'SYN_RECV', 55, '10.0.0.50')],
      clients: ['10.0.0.50'],
    });
    return { ...facts, routes: new Map([...facts.routes, ['10.0.0.50', { type: 'unicast', link: 3 }]]) };
  },
  'return-path': () => healthy({ connections: [connection('10.0.0.11', 'SYN_RECV', 55)] }),
  'service-probe': () => probed({ services: new Map([[WEB, 'timeout']]) }),
};

const BACKUP = {
  state: 'backup',
  interface: 'eth1',
  syncId: 1,
  maxLength: 1472,
  group: '224.0.0.81',
  port: 8848,
  ttl: 1,
} as const;
const NOTHING_PROBED = { destinations: new Map(), services: new Map<string, ConnectResult>(), taken: [] };

async function service(
  scheduler: string,
  forwarding: 'masq' | 'route' | 'tunnel',
  settings: { weight?: number; upperThreshold?: number } = {},
  route?: Route,
  destination = '10.0.0.11:80',
): Promise<Facts> {
  const table = await tableOf(async (ipvs) => {
    await ipvs.addService(WEB, { scheduler });
    await ipvs.addDestination(WEB, destination, { forwarding, ...settings });
  });
  const facts = await healthy({ table });
  return route === undefined ? facts : { ...facts, routes: new Map([...facts.routes, ['10.0.0.11', route]]) };
}

async function routed(route: Route): Promise<Facts> {
  const facts = await healthy();
  return { ...facts, routes: new Map([...facts.routes, ['10.0.0.11', route]]) };
}

function ruled(...lines: string[]): Promise<Facts> {
  const tables = readIptables(`*filter\n${lines.join('\n')}\nCOMMIT\n`, 'iptables-legacy', 'ipv4');
  return healthy({ firewall: { tables, unseen: [] } });
}

function probed(found: Partial<NonNullable<Facts['probed']>>, more: Partial<Facts> = {}): Promise<Facts> {
  return healthy({ ...more, probed: { ...NOTHING_PROBED, ...found } });
}

function connection(destination: string, state: string, expires: number, client = '192.0.2.77'): Connection {
  return {
    protocol: 'tcp',
    client: { address: client, port: 40_000 },
    virtual: { address: '192.0.2.10', port: 80 },
    destination: { address: destination, port: 80 },
    state,
    expires,
    template: false,
  };
}
