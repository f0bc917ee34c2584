import type { Ipvs } from '@ipvs-ts/ipvs';
import type { Lab } from './lab.js';
import type { Namespace } from './namespace.js';
import { runProgram } from './run-program.js';
import type { TopologyPlan } from './topology.js';

/** The modes that a bench can be built in. `nat-one-wire`: clients and servers share a network. */
export type Mode = 'nat' | 'nat6' | 'nat-one-wire' | 'fullnat' | 'dr' | 'tun';

type Host = 'client' | 'near' | 'director' | 'one' | 'two';

/** A healthy cluster: a client, a director with one service, and two web servers; `near` is on the servers' network. */
export interface Bench extends Readonly<Record<Host, Namespace>> {
  readonly lab: Lab;
  readonly ipvs: Ipvs;
  /** Key of the service. */
  readonly service: string;
  readonly url: string;
  /** Ends the web server of a host. */
  readonly stop: Readonly<Record<'one' | 'two', () => Promise<void>>>;
}

/** The tunnel interface of the kernel on a real server, and its settings. */
const TUNNEL = ['link set tunl0 up', 'address add 192.0.2.10/32 dev tunl0'];
/** On real servers that have the virtual address: they must not answer ARP for it. */
const SILENT = ['net.ipv4.conf.all.arp_ignore=1', 'net.ipv4.conf.all.arp_announce=2'];
const NO_FILTER = ['net.ipv4.conf.all.rp_filter=0', 'net.ipv4.conf.default.rp_filter=0'];

const outside: TopologyPlan<Host>['networks'][string] = ['client/eth0', 'director/eth0'];
const inside: TopologyPlan<Host>['networks'][string] = ['director/eth1', 'one/eth0', 'two/eth0', 'near/eth0'];

const nat: TopologyPlan<Host> = {
  hosts: {
    client: { interfaces: { eth0: ['192.0.2.77/24'] } },
    near: { interfaces: { eth0: ['10.0.0.50/24'] }, gateways: ['10.0.0.1'] },
    director: { interfaces: { eth0: ['192.0.2.1/24', '192.0.2.10/32'], eth1: ['10.0.0.1/24'] } },
    one: { interfaces: { eth0: ['10.0.0.11/24'] }, gateways: ['10.0.0.1'] },
    two: { interfaces: { eth0: ['10.0.0.12/24'] }, gateways: ['10.0.0.1'] },
  },
  networks: { outside, inside },
};

/** The networks of the modes. */
export const plans: Readonly<Record<Mode, TopologyPlan<Host>>> = {
  nat,
  nat6: {
    ...nat,
    hosts: {
      client: { interfaces: { eth0: ['2001:db8::77/64'] } },
      near: { interfaces: { eth0: ['fd00::50/64'] }, gateways: ['fd00::1'] },
      director: { interfaces: { eth0: ['2001:db8::1/64', '2001:db8::10/128'], eth1: ['fd00::1/64'] } },
      one: { interfaces: { eth0: ['fd00::11/64'] }, gateways: ['fd00::1'] },
      two: { interfaces: { eth0: ['fd00::12/64'] }, gateways: ['fd00::1'] },
    },
  },
  'nat-one-wire': {
    hosts: {
      ...nat.hosts,
      director: { interfaces: { eth0: ['192.0.2.1/24', '192.0.2.10/32', '10.0.0.1/24'] } },
    },
    networks: { wire: ['client/eth0', 'director/eth0', 'one/eth0', 'two/eth0', 'near/eth0'] },
  },
  // The default route of the servers is another router: without source translation their answers get lost.
  fullnat: {
    ...nat,
    hosts: {
      ...nat.hosts,
      one: { interfaces: { eth0: ['10.0.0.11/24'] } },
      two: { interfaces: { eth0: ['10.0.0.12/24'] } },
    },
  },
  dr: {
    hosts: {
      client: { interfaces: { eth0: ['192.0.2.77/24'] } },
      near: { interfaces: { eth0: ['192.0.2.50/24'] } },
      director: { interfaces: { eth0: ['192.0.2.1/24', '192.0.2.10/32'] } },
      one: { interfaces: { eth0: ['192.0.2.11/24'] }, commands: ['address add 192.0.2.10/32 dev lo'] },
      two: { interfaces: { eth0: ['192.0.2.12/24'] }, commands: ['address add 192.0.2.10/32 dev lo'] },
    },
    networks: { wire: ['client/eth0', 'director/eth0', 'one/eth0', 'two/eth0', 'near/eth0'] },
  },
  tun: {
    hosts: {
      ...nat.hosts,
      one: { interfaces: { eth0: ['10.0.0.11/24'], eth1: ['192.0.2.11/24'] }, commands: TUNNEL },
      two: { interfaces: { eth0: ['10.0.0.12/24'], eth1: ['192.0.2.12/24'] }, commands: TUNNEL },
    },
    networks: { outside: [...outside, 'one/eth1', 'two/eth1'], inside },
  },
};

/** Builds a healthy cluster. */
export async function makeBench(lab: Lab, mode: Mode): Promise<Bench> {
  if (mode === 'tun') await modprobe('ipip');
  const hosts = await lab.build(plans[mode]);
  const { director, one, two } = hosts;
  const host = mode === 'nat6' ? '[2001:db8::10]' : '192.0.2.10';
  const service = `tcp:${host}:80`;
  const servers = [one, two];
  const forwarding = mode === 'dr' ? 'route' : mode === 'tun' ? 'tunnel' : 'masq';
  const net = mode === 'dr' ? '192.0.2' : '10.0.0';
  const settings = [
    'net.ipv4.conf.all.rp_filter=0',
    ...(forwarding === 'masq' ? ['net.ipv4.ip_forward=1', 'net.ipv6.conf.all.forwarding=1'] : []),
  ];
  if (mode === 'nat-one-wire')
    settings.push(...['all', 'eth0'].map((each) => `net.ipv4.conf.${each}.send_redirects=0`));
  director.sysctl(...settings);
  for (const server of forwarding === 'masq' ? [] : servers) server.sysctl(...SILENT, ...NO_FILTER);
  for (const server of mode === 'tun' ? servers : []) server.sysctl('net.ipv4.conf.tunl0.rp_filter=0');
  const [stopOne, stopTwo] = await Promise.all([lab.serve(one, 'one'), lab.serve(two, 'two')]);
  const ipvs = await lab.ipvs(director);
  await ipvs.addService(service, { scheduler: 'rr' });
  for (const last of [11, 12]) {
    const destination = mode === 'nat6' ? `[fd00::${String(last)}]:80` : `${net}.${String(last)}:80`;
    await ipvs.addDestination(service, destination, { forwarding });
  }
  if (mode === 'fullnat') {
    await ipvs.setSysctls({ conntrack: 1 });
    await director.sh('iptables -t nat -A POSTROUTING -m ipvs --vaddr 192.0.2.10 --vport 80 -j MASQUERADE');
  }
  return { ...hosts, lab, ipvs, stop: { one: stopOne, two: stopTwo }, service, url: `http://${host}/` };
}

/** Loads a module of the kernel, which all namespaces share. */
export async function modprobe(...names: string[]): Promise<void> {
  await runProgram(['modprobe', '-a', ...names]);
}
