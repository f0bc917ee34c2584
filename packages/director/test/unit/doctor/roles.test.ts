import { expect } from 'chai';
import type { Connection, Ipvs } from '@ipvs-ts/ipvs';
import { examine, type Facts, readIptables } from '@ipvs-ts/director';
import { healthy, link, nat, tableOf } from './director.js';

const ids = async (facts: Promise<Facts> | Facts): Promise<string[]> =>
  examine(await facts).map(({ id }) => id);

const rules = (text: string): Facts['firewall'] => ({
  tables: readIptables(text, 'iptables', 'ipv4'),
  unseen: [],
});

/** A director without its virtual address. */
async function without(changes: Partial<Facts> = {}): Promise<Facts> {
  const facts = await healthy();
  return {
    ...facts,
    addresses: facts.addresses.map((own) => (own.link === 2 ? { ...own, address: '192.0.2.1' } : own)),
    routes: new Map([...facts.routes, ['192.0.2.10', { type: 'unicast', link: 2 }]]),
    ...changes,
  };
}

const marked = (build?: (ipvs: Ipvs) => Promise<void>) =>
  tableOf(async (ipvs) => {
    await ipvs.addService('fwmark:7', { scheduler: 'rr' });
    await ipvs.addDestination('fwmark:7', '10.0.0.11:0', { forwarding: 'masq' });
    await build?.(ipvs);
  });

const MARK =
  '*mangle\n:PREROUTING ACCEPT\n-A PREROUTING -d 192.0.2.10/32 -p tcp -m tcp --dport 80 -j MARK --set-xmark 0x7/0xffffffff\n';

const connection = (more: Partial<Connection>): Connection => ({
  protocol: 'tcp',
  client: { address: '192.0.2.77', port: 40_000 },
  virtual: { address: '192.0.2.10', port: 80 },
  destination: { address: '10.0.0.11', port: 80 },
  state: 'ESTABLISHED',
  expires: 800,
  template: false,
  ...more,
});

describe('a standby director', () => {
  const daemon = {
    state: 'backup',
    interface: 'eth1',
    syncId: 1,
    maxLength: 1472,
    group: '224.0.0.81',
    port: 8848,
    ttl: 1,
  } as const;
  const standbys: [name: string, changes: Partial<Facts>][] = [
    ['has a backup daemon', { daemons: [daemon] }],
    ['listens to VRRP', { vrrp: true }],
    ['has heard another host answer', { neighbours: [{ link: 2, address: '192.0.2.10', state: 'stale' }] }],
    [
      'has asked, and another host answered',
      { probed: { destinations: new Map(), services: new Map(), taken: ['192.0.2.10'] } },
    ],
  ];
  for (const [name, changes] of standbys) {
    it(`${name}: no advice to add the address`, async () => {
      expect(await ids(without(changes))).to.deep.equal([]);
    });
  }

  it('is not recognised by a neighbour that did not answer', async () => {
    const neighbours = [{ link: 2, address: '192.0.2.10', state: 'failed' }] as const;
    expect(await ids(without({ neighbours }))).to.deep.equal(['virtual-address']);
  });
});

describe('a node of Kubernetes', () => {
  it('has its addresses on an interface that is down by design', async () => {
    const facts = await healthy();
    const kube = link(4, 'kube-ipvs0', { up: false, running: false, kind: 'dummy' });
    const own = { link: 4, family: 'ipv4', address: '192.0.2.10', prefixLength: 32, usable: true } as const;
    const node: Facts = {
      ...facts,
      links: [...facts.links, kube],
      addresses: [...facts.addresses.slice(1), own],
    };
    expect(await ids(node)).to.deep.equal([]);
    // The interface was set down while it had the addresses, so the kernel no longer treats them as its own.
    const routes = new Map([...facts.routes, ['192.0.2.10', { type: 'unicast', link: 2 } as const]]);
    expect(await ids({ ...node, routes })).to.deep.equal(['virtual-interface']);
  });
});

describe('a director whose only client is itself', () => {
  const sysctls = { 'net/ipv4/ip_forward': '0', 'net/ipv4/conf/eth1/forwarding': '0' };
  it('needs no forwarding', async () => {
    const own = connection({ client: { address: '10.0.0.1', port: 40_000 } });
    expect(await ids(healthy({ sysctls, connections: [own] }))).to.deep.equal([]);
    expect(await ids(healthy({ sysctls, connections: [own, connection({})] }))).to.deep.equal([
      'forwarding-ipv4',
    ]);
    expect(await ids(healthy({ sysctls }))).to.deep.equal(['forwarding-ipv4']);
  });

  it('has its requests in OUTPUT, and the answers in INPUT', async () => {
    const connections = [connection({ client: { address: '10.0.0.1', port: 40_000 } })];
    const run = async (text: string): Promise<string[]> =>
      ids(healthy({ connections, firewall: rules(text) }));
    expect(await run('*filter\n:FORWARD DROP\n')).to.deep.equal([]);
    expect(await run('*filter\n:INPUT DROP\n-A INPUT -s 10.0.0.0/24 -j ACCEPT\n')).to.deep.equal([]);
    expect(await run('*filter\n:INPUT DROP\n')).to.deep.equal(['firewall-forward']);
    expect(await run('*raw\n:OUTPUT ACCEPT\n-A OUTPUT -d 192.0.2.10/32 -j DROP\n')).to.deep.equal([
      'firewall-input',
    ]);
  });
});

describe('a service by firewall mark', () => {
  it('is judged by the addresses and ports that its rules mark', async () => {
    const table = await marked();
    expect(await ids(healthy({ table, firewall: rules(MARK) }))).to.deep.equal([]);
    const closed = rules(`${MARK}*filter\n:INPUT ACCEPT\n-A INPUT -p tcp -m tcp --dport 80 -j DROP\n`);
    expect(await ids(healthy({ table, firewall: closed }))).to.deep.equal(['firewall-input']);
    const other = rules(`${MARK}*filter\n:INPUT ACCEPT\n-A INPUT -p tcp -m tcp --dport 81 -j DROP\n`);
    expect(await ids(healthy({ table, firewall: other }))).to.deep.equal([]);
    expect(await ids({ ...(await without()), table, firewall: rules(MARK) })).to.deep.equal([
      'virtual-address',
    ]);
    const markRoutes = new Map([['7 192.0.2.10', { type: 'local', link: 1 } as const]]);
    expect(await ids({ ...(await without()), table, firewall: rules(MARK), markRoutes })).to.deep.equal([]);
  });

  it('has its mark by a chain, in parts, by xor, or from the connection', async () => {
    const table = await marked();
    const set: string[][] = [
      ['-A PREROUTING -j MARK --set-xmark 0x3/0x3', '-A PREROUTING -j MARK --set-xmark 0x4/0x4'],
      ['-A PREROUTING -j MARK --or-mark 0x7'],
      ['-A PREROUTING -j MARK --set-xmark 0x5/0xffffffff', '-A PREROUTING -j MARK --xor-mark 0x2'],
      ['-A PREROUTING -j CONNMARK --set-xmark 0x7/0xffffffff', '-A PREROUTING -j CONNMARK --restore-mark'],
      [':web -', '-A PREROUTING -d 192.0.2.10/32 -j web', '-A web -p tcp -j MARK --set-mark 0x7'],
    ];
    for (const lines of set)
      expect(
        await ids(healthy({ table, firewall: rules(`*mangle\n:PREROUTING ACCEPT\n${lines.join('\n')}\n`) })),
        lines.join(),
      ).to.deep.equal([]);
    const unset = rules('*mangle\n:PREROUTING ACCEPT\n-A PREROUTING -j MARK --set-xmark 0x3/0x3\n');
    expect(await ids(healthy({ table, firewall: unset }))).to.deep.equal(['unset-mark']);
  });
});

describe('states of conntrack', () => {
  const dr = tableOf(async (ipvs) => {
    await ipvs.addService('tcp:192.0.2.10:80', { scheduler: 'rr' });
    await ipvs.addDestination('tcp:192.0.2.10:80', '10.0.0.11:80', { forwarding: 'route' });
  });
  const run = async (conntrack: number, direct: boolean, ...lines: string[]): Promise<string[]> =>
    ids(
      healthy({
        table: direct ? await dr : await nat(),
        settings: { conntrack },
        firewall: rules(`*filter\n:INPUT ACCEPT\n:FORWARD ACCEPT\n${lines.join('\n')}\n`),
      }),
    );
  const NEW = '-A INPUT -p tcp -m tcp ! --tcp-flags FIN,SYN,RST,ACK SYN -m conntrack --ctstate NEW -j DROP';
  const invalid = (chain: string): string => `-A ${chain} -m conntrack --ctstate INVALID -j DROP`;

  it('of NAT are right with vs.conntrack 1 only', async () => {
    for (const line of [NEW, invalid('FORWARD')]) {
      expect(await run(0, false, line), line).to.deep.equal(['firewall-stateful']);
      expect(await run(1, false, line), line).to.deep.equal([]);
    }
    expect(await run(0, false, invalid('INPUT'))).to.deep.equal([]);
  });

  it('of direct routing are new without vs.conntrack, and invalid with it', async () => {
    expect(await run(0, true, NEW)).to.deep.equal(['firewall-input']);
    expect(await run(1, true, NEW)).to.deep.equal([]);
    expect(await run(0, true, invalid('INPUT'))).to.deep.equal([]);
    expect(await run(1, true, invalid('INPUT'))).to.deep.equal(['firewall-input']);
  });

  it('are not fixed by vs.conntrack where that breaks direct routing', async () => {
    const table = [
      ...(await nat()),
      ...(await tableOf(async (ipvs) => {
        await ipvs.addService('tcp:192.0.2.10:443', { scheduler: 'rr' });
        await ipvs.addDestination('tcp:192.0.2.10:443', '10.0.0.12:443', { forwarding: 'route' });
      })),
    ];
    const firewall = rules(
      `*filter\n:INPUT ACCEPT\n:FORWARD ACCEPT\n${invalid('INPUT')}\n${invalid('FORWARD')}\n`,
    );
    const findings = examine(await healthy({ table, firewall, settings: { conntrack: 0 } }));
    expect(findings.map(({ id }) => id)).to.deep.equal(['firewall-forward']);
    expect(findings.flatMap(({ fix }) => fix).join()).not.to.include('conntrack=1');
  });
});

describe('clients that were named', () => {
  it('are judged by the set-up, before they have failed', async () => {
    const asked = async (client: string, changes: Partial<Facts> = {}): Promise<string[]> => {
      const facts = await healthy({ asked: [client], clients: [client], ...changes });
      const routes = new Map([...facts.routes, ['10.0.0.50', { type: 'unicast', link: 3 } as const]]);
      return ids({ ...facts, routes });
    };
    expect(await asked('192.0.2.77')).to.deep.equal([]);
    expect(await asked('10.0.0.50')).to.deep.equal(['hairpin']);
    const masquerade = rules(
      '*nat\n:POSTROUTING ACCEPT\n-A POSTROUTING -m ipvs --vaddr 192.0.2.10 --vport 80 -j MASQUERADE\n',
    );
    expect(await asked('10.0.0.50', { settings: { conntrack: 1 }, firewall: masquerade })).to.deep.equal([]);
    const friends = rules('*filter\n:INPUT DROP\n-A INPUT -s 192.0.2.0/24 -j ACCEPT\n');
    expect(await asked('192.0.2.77', { firewall: friends })).to.deep.equal([]);
    expect(await asked('10.0.0.50', { firewall: friends })).to.deep.equal(['firewall-input']);
  });
});

describe('UDP', () => {
  const UDP = 'udp:192.0.2.10:53';
  const udp = async (
    stats: [inPackets: bigint, outPackets: bigint][],
    key = UDP,
  ): Promise<Facts['table']> => {
    const table = await tableOf(async (ipvs) => {
      await ipvs.addService(key, { scheduler: 'rr' });
      for (const last of [11, 12].slice(0, stats.length))
        await ipvs.addDestination(key, `10.0.0.${last}:53`, { forwarding: 'masq' });
    });
    return table.map((entry) => ({
      ...entry,
      destinations: entry.destinations.map((each) => {
        const [inPackets = 0n, outPackets = 0n] = stats[each.address === '10.0.0.11' ? 0 : 1] ?? [];
        return { ...each, stats: { ...each.stats, inPackets, outPackets } };
      }),
    }));
  };

  it('without an answer from one of several destinations is a problem, from all of them perhaps', async () => {
    expect(
      await ids(
        healthy({
          table: await udp([
            [9n, 9n],
            [9n, 8n],
          ]),
        }),
      ),
    ).to.deep.equal([]);
    const [one] = examine(
      await healthy({
        table: await udp([
          [9n, 9n],
          [9n, 0n],
        ]),
      }),
    );
    expect(one).to.include({ id: 'return-path', perhaps: false, destination: '10.0.0.12:53' });
    const [all] = examine(
      await healthy({
        table: await udp([
          [9n, 0n],
          [9n, 0n],
        ]),
      }),
    );
    expect(all).to.include({ id: 'return-path', perhaps: true, severity: 'warning' });
    expect(await ids(healthy({ table: await udp([[9n, 0n]], 'udp:192.0.2.10:514') }))).to.deep.equal([]);
  });

  it('clients that keep their port hang at a deleted destination, as those of TCP do', async () => {
    const table = await udp([[9n, 9n]]);
    const lost = connection({
      protocol: 'udp',
      virtual: { address: '192.0.2.10', port: 53 },
      destination: { address: '10.0.0.99', port: 53 },
      state: 'UDP',
      expires: 290,
    });
    expect(await ids(healthy({ table, connections: [lost] }))).to.deep.equal(['lost-destination']);
    expect(
      await ids(
        healthy({ table, connections: [{ ...lost, destination: { address: '10.0.0.11', port: 53 } }] }),
      ),
    ).to.deep.equal([]);
    expect(
      await ids(healthy({ table, connections: [lost], settings: { expire_nodest_conn: 1 } })),
    ).to.deep.equal([]);
  });
});

describe('probes', () => {
  const probed = {
    destinations: new Map([['tcp:192.0.2.10:80', new Map([['10.0.0.11:80', 'timeout' as const]])]]),
    services: new Map([['tcp:192.0.2.10:80', 'timeout' as const]]),
    taken: [],
  };
  it('that the own firewall stops say nothing about servers', async () => {
    expect(await ids(healthy({ probed }))).to.deep.equal(['destination-port']);
    const closed = rules(
      '*filter\n:INPUT DROP\n-A INPUT -d 192.0.2.10/32 -p tcp -m tcp --dport 80 -j ACCEPT\n',
    );
    expect(await ids(healthy({ probed, firewall: closed }))).to.deep.equal([]);
  });
});

describe('one cause', () => {
  it('is one finding, with all services in it', async () => {
    const table = await tableOf(async (ipvs) => {
      for (let port = 1; port <= 60; port++) {
        await ipvs.addService(`tcp:192.0.2.10:${port}`, { scheduler: 'rr' });
        await ipvs.addDestination(`tcp:192.0.2.10:${port}`, '10.0.0.11:80', { forwarding: 'masq' });
      }
    });
    const closed = examine(await healthy({ table, firewall: rules('*filter\n:INPUT DROP\n') }));
    expect(closed.map(({ id, services }) => [id, services.length])).to.deep.equal([['firewall-input', 60]]);
    const sysctls = { 'net/ipv4/ip_forward': '0', 'net/ipv4/conf/eth1/forwarding': '0' };
    const [still] = examine(await healthy({ table, sysctls }));
    expect(still?.services).to.have.lengthOf(60);
    expect(still?.fix).to.deep.equal(['sysctl -w net.ipv4.ip_forward=1']);
  });
});
