import { diagnose } from '@ipvs-ts/director';
import { type Bench, makeBench, type Mode } from '../bench.js';
import { askFour } from '../fault.js';
import type { Lab, Scenario } from '../lab.js';

/** A director on which all is well. */
interface Health {
  readonly name: string;
  readonly mode: Mode;
  readonly quick?: boolean;
  readonly needs?: Scenario['needs'];
  /** What is set up beside the mode. */
  readonly also?: (bench: Bench) => unknown;
  /** Who answers four requests. */
  readonly answers?: readonly string[];
}

const BOTH = ['one', 'one', 'two', 'two'];

const directors: readonly Health[] = [
  { name: 'nat', mode: 'nat', quick: true },
  { name: 'nat6', mode: 'nat6' },
  { name: 'nat-one-wire', mode: 'nat-one-wire' },
  {
    name: 'nat6-one-interface',
    mode: 'nat6',
    needs: 'force-forwarding',
    // Only packets that come from the servers are forwarded.
    also: ({ director }) => {
      director.sysctl('net.ipv6.conf.all.forwarding=0', 'net.ipv6.conf.eth1.force_forwarding=1');
    },
  },
  { name: 'fullnat', mode: 'fullnat', quick: true, needs: 'nat-table' },
  { name: 'dr', mode: 'dr', quick: true },
  { name: 'tun', mode: 'tun', quick: true },
  {
    name: 'firewalled',
    mode: 'nat',
    needs: 'iptables',
    // All that is not wanted is dropped; conntrack knows the connections of IPVS.
    also: async ({ ipvs, director }) => {
      await ipvs.setSysctls({ conntrack: 1 });
      const known = '-m conntrack --ctstate RELATED,ESTABLISHED -j ACCEPT';
      await director.sh(
        ...['INPUT', 'FORWARD', 'OUTPUT'].map((chain) => `iptables -A ${chain} ${known}`),
        'iptables -A INPUT -d 192.0.2.10 -p tcp -m multiport --dports 80,443 -j ACCEPT',
        'iptables -A OUTPUT -d 10.0.0.0/24 -p tcp --dport 80 -j ACCEPT',
        ...['INPUT', 'FORWARD', 'OUTPUT'].map((chain) => `iptables -P ${chain} DROP`),
        'iptables -I INPUT -i lo -j ACCEPT',
        'iptables -I OUTPUT -d 192.0.2.10 -j ACCEPT',
      );
    },
  },
  {
    name: 'fwmark',
    mode: 'nat',
    needs: 'iptables',
    also: async ({ ipvs, service, director }) => {
      await ipvs.deleteService(service);
      await ipvs.addService('fwmark:7', { scheduler: 'rr' });
      for (const last of ['11', '12'])
        await ipvs.addDestination('fwmark:7', `10.0.0.${last}:0`, { forwarding: 'masq' });
      await director.sh('iptables -t mangle -A PREROUTING -d 192.0.2.10 -p tcp -j MARK --set-mark 7');
    },
  },
  {
    name: 'forged-senders',
    mode: 'nat',
    // rp_filter drops what it is there for: nobody has to be told.
    also: async ({ director, client, lab, url }) => {
      director.sysctl('net.ipv4.conf.all.rp_filter=1');
      await client.ip('address add 10.0.0.99/32 dev lo');
      client.sysctl('net.ipv4.conf.all.arp_announce=2');
      lab.report.equal('a forged sender gets no answer', await lab.ask(client, url, 1, 2, '10.0.0.99'), [
        '(no page: timeout)',
      ]);
    },
  },
  {
    name: 'drained',
    mode: 'nat',
    // Out of service, and gone: no error while nobody is sent there.
    also: async ({ ipvs, service, stop, two }) => {
      await ipvs.updateDestination(service, '10.0.0.12:80', { weight: 0 });
      await stop.two();
      await two.ip('link set eth0 down');
    },
    answers: ['one', 'one', 'one', 'one'],
  },
  {
    name: 'address-on-lo',
    mode: 'dr',
    also: ({ director }) =>
      director.ip('address del 192.0.2.10/32 dev eth0', 'address add 192.0.2.10/32 dev lo'),
  },
  {
    name: 'synchronised',
    mode: 'nat',
    also: async ({ ipvs, lab, near }) => {
      const other = await lab.ipvs(near);
      await other.startDaemon({ state: 'master', interface: 'eth0', syncId: 7 });
      await ipvs.startDaemon({ state: 'backup', interface: 'eth1', syncId: 7 });
      await ipvs.startDaemon({ state: 'master', interface: 'eth1', syncId: 7 });
    },
  },
  {
    name: 'server-on-the-director',
    mode: 'nat',
    also: async ({ ipvs, service, lab, director }) => {
      await lab.serve(director, 'local');
      await ipvs.deleteDestination(service, '10.0.0.12:80');
      await ipvs.addDestination(service, '10.0.0.1:80', { forwarding: 'masq' });
    },
    answers: ['local', 'local', 'one', 'one'],
  },
];

async function run(lab: Lab, { mode, also, answers = BOTH }: Health): Promise<void> {
  const { report } = lab;
  const bench = await makeBench(lab, mode);
  await also?.(bench);
  report.equal('clients are served', (await askFour(bench)).sort(), answers);
  const { findings } = await diagnose(bench.ipvs, { netns: bench.director.path });
  report.equal('doctor finds nothing', findings, []);
  const { status, stdout } = await bench.director.try(['ipvs-ts', 'doctor', '--probe']);
  report.check(
    'nor does ipvs-ts doctor --probe',
    status === 0 && stdout.includes('No problems found'),
    stdout,
  );
}

/** Directors on which all is well, in every mode. */
export const healthyScenarios: readonly Scenario[] = directors.map((health) => ({
  name: `healthy/${health.name}`,
  title: 'clients are served, and doctor finds nothing',
  quick: health.quick ?? false,
  needs: health.needs,
  run: (lab) => run(lab, health),
}));
