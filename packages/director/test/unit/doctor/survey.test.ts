import { expect } from 'chai';
import { Ipvs } from '@ipvs-ts/ipvs';
import { doubleTransport, IpvsKernel } from '@ipvs-ts/ipvs/testing';
import {
  diagnose,
  type DiagnoseOptions,
  type Diagnosis,
  type Host,
  type IpvsReader,
  readIptables,
} from '@ipvs-ts/director';
import { link } from './director.js';

/** A healthy host: eth0 outside with the virtual address, eth1 towards the servers. */
const host = (more: Partial<Host> = {}): Host => ({
  links: async () => [link(1, 'lo'), link(2, 'eth0'), link(3, 'eth1')],
  addresses: async () => [
    { link: 2, family: 'ipv4', address: '192.0.2.10', prefixLength: 24, usable: true },
    { link: 3, family: 'ipv4', address: '10.0.0.1', prefixLength: 24, usable: true },
  ],
  neighbours: async () => [],
  route: async (address) =>
    address === '192.0.2.10'
      ? { type: 'local', link: 1 }
      : { type: 'unicast', link: address.startsWith('10.') ? 3 : 2 },
  gatewayLinks: async () => new Set<number>(),
  sysctl: (path) => (/forwarding$|ip_forward$/.test(path) ? '1' : undefined),
  net: () => undefined,
  counter: () => 0,
  firewall: async () => ({ tables: [], unseen: [] }),
  privileged: () => true,
  ...more,
});

async function run(
  more: Partial<Host>,
  options: DiagnoseOptions = {},
  key = 'tcp:192.0.2.10:80',
): Promise<Diagnosis> {
  await using ipvs = await Ipvs.open({ transport: doubleTransport(new IpvsKernel()) });
  await ipvs.addService(key, { scheduler: 'rr' });
  await ipvs.addDestination(key, key.endsWith(':21') ? '10.0.0.11:21' : '10.0.0.11:80', {
    forwarding: 'masq',
  });
  const reader: IpvsReader = {
    table: ipvs.table.bind(ipvs),
    services: ipvs.services.bind(ipvs),
    daemons: ipvs.daemons.bind(ipvs),
    info: ipvs.info.bind(ipvs),
    sysctls: async () => ({ conntrack: 0 }),
    connections: async function* () {
      // Nobody has connected.
    },
  };
  return await diagnose(reader, { ...options, host: host(more) });
}

const ids = ({ findings }: Diagnosis): string[] => findings.map(({ id }) => id);

describe('diagnose', () => {
  it('finds nothing on a healthy host, and says what it did not try', async () => {
    const found = await run({});
    expect(ids(found)).to.deep.equal([]);
    expect(found.untried.join()).to.include('ARP').and.to.include('connections to destinations');
  });

  it('refuses a client that no service can have', async () => {
    const failure = await run({}, { clients: ['2001:db8::7'] }).catch((error: unknown) => error);
    expect(failure).to.be.instanceOf(RangeError);
    expect(String(failure)).to.include('2001:db8::7').and.to.include('IPv6');
  });

  it('finds helpers in /proc/net/ip_vs_app', async () => {
    const text = (name: string): string => `prot port    usecnt name\n${name}`;
    const app = (name: string): Partial<Host> => ({
      net: (file) => (file === 'ip_vs_app' ? text(name) : undefined),
    });
    const ftp = 'tcp:192.0.2.10:21';
    expect(ids(await run(app(''), {}, ftp))).to.deep.equal(['ftp-helper']);
    expect(ids(await run(app('TCP  21      0       ftp\n'), {}, ftp))).to.deep.equal([]);
    expect(ids(await run({}, {}, ftp))).to.deep.equal([]);
  });

  it('recognises a standby by its membership of VRRP', async () => {
    const standby = (net: Host['net']): Partial<Host> => ({
      net,
      addresses: async () => [
        { link: 2, family: 'ipv4', address: '192.0.2.1', prefixLength: 24, usable: true },
      ],
      route: async (address) => ({ type: 'unicast', link: address.startsWith('10.') ? 3 : 2 }),
    });
    const igmp =
      'Idx\tDevice    : Count Querier\tGroup    Users Timer\tReporter\n2\teth0      :     1      V3\n\t\t\t\t120000E0     1 0:00000000\t\t0\n';
    expect(ids(await run(standby((name) => (name === 'igmp' ? igmp : undefined))))).to.deep.equal([]);
    expect(ids(await run(standby(() => undefined)))).to.deep.equal(['virtual-address']);
  });

  it('says what differs from client to client, until one is named', async () => {
    const text = '*filter\n:INPUT DROP\n-A INPUT -s 203.0.113.0/24 -j ACCEPT\n';
    const closed: Partial<Host> = {
      firewall: async () => ({ tables: readIptables(text, 'iptables', 'ipv4'), unseen: [] }),
    };
    const anybody = await run(closed);
    expect(ids(anybody)).to.deep.equal([]);
    expect(anybody.unseen.join()).to.include('-s 203.0.113.0/24').and.to.include('--client');
    const friend = await run(closed, { clients: ['203.0.113.7'] });
    expect([ids(friend), friend.unseen]).to.deep.equal([[], []]);
    expect(ids(await run(closed, { clients: ['198.51.100.7'] }))).to.deep.equal(['firewall-input']);
  });

  it('asks for the routes of marked packets with their mark', async () => {
    const text =
      '*mangle\n:PREROUTING ACCEPT\n-A PREROUTING -d 192.0.2.99/32 -p tcp -j MARK --set-xmark 0x7/0xffffffff\n';
    const asked: unknown[] = [];
    const found = await run(
      {
        firewall: async () => ({ tables: readIptables(text, 'iptables', 'ipv4'), unseen: [] }),
        route: async (address, options) => {
          if (address === '192.0.2.99') asked.push(options?.mark);
          return options?.mark === 7 ? { type: 'local', link: 1 } : { type: 'unicast', link: 3 };
        },
      },
      {},
      'fwmark:7',
    );
    expect(ids(found)).to.deep.equal([]);
    expect(asked).to.include(7);
  });
});
