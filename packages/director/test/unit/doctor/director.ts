import { Ipvs, type TableEntry } from '@ipvs-ts/ipvs';
import { doubleTransport, IpvsKernel } from '@ipvs-ts/ipvs/testing';
import type { Facts, Link, Route } from '@ipvs-ts/director';

/** Creates services in an IPVS kernel in memory and returns the table. */
export async function tableOf(build: (ipvs: Ipvs) => Promise<void>): Promise<TableEntry[]> {
  await using ipvs = await Ipvs.open({ transport: doubleTransport(new IpvsKernel()) });
  await build(ipvs);
  return await ipvs.table();
}

/** A NAT service with two destinations. */
export const nat = (): Promise<TableEntry[]> =>
  tableOf(async (ipvs) => {
    await ipvs.addService('tcp:192.0.2.10:80', { scheduler: 'rr' });
    await ipvs.addDestination('tcp:192.0.2.10:80', '10.0.0.11:80', { forwarding: 'masq' });
    await ipvs.addDestination('tcp:192.0.2.10:80', '10.0.0.12:80', { forwarding: 'masq' });
  });

export const link = (index: number, name: string, more: Partial<Link> = {}): Link => ({
  index,
  name,
  mtu: 1500,
  up: true,
  running: true,
  loopback: name === 'lo',
  ...more,
});

const inside: Route = { type: 'unicast', link: 3, source: '10.0.0.1' };

/** A healthy director: eth0 outside with the virtual address, eth1 towards the servers. */
export async function healthy(
  changes: Partial<Facts> & { readonly sysctls?: Record<string, string> } = {},
): Promise<Facts> {
  const sysctls: Record<string, string> = {
    'net/ipv4/ip_forward': '1',
    'net/ipv4/conf/eth0/forwarding': '1',
    'net/ipv4/conf/eth1/forwarding': '1',
    'net/ipv6/conf/all/forwarding': '1',
    ...changes.sysctls,
  };
  return {
    privileged: true,
    table: changes.table ?? (await nat()),
    missing: [],
    connections: [],
    waiting: new Set(changes.connections?.filter(({ state }) => state === 'SYN_RECV')),
    settings: {
      conntrack: 0,
      expire_nodest_conn: 0,
      expire_quiescent_template: 0,
      run_estimation: 1,
      drop_packet: 0,
    },
    daemons: [],
    info: { version: '1.2.1', connectionTableSize: 4096 },
    links: [link(1, 'lo'), link(2, 'eth0'), link(3, 'eth1')],
    addresses: [
      { link: 2, family: 'ipv4', address: '192.0.2.10', prefixLength: 24, usable: true },
      { link: 3, family: 'ipv4', address: '10.0.0.1', prefixLength: 24, usable: true },
    ],
    neighbours: [{ link: 3, address: '10.0.0.11', state: 'reachable' }],
    routes: new Map<string, Route>([
      ['192.0.2.10', { type: 'local', link: 1 }],
      ['10.0.0.11', inside],
      ['10.0.0.12', inside],
      ['192.0.2.77', { type: 'unicast', link: 2, source: '192.0.2.10' }],
    ]),
    clients: [],
    asked: [],
    markRoutes: new Map(),
    firewall: { tables: [], unseen: [] },
    sysctl: (path) => sysctls[path],
    reversePathDrops: 0,
    gatewayLinks: new Set(),
    ...changes,
  };
}
