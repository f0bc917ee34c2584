import { expect } from 'chai';
import { examine, type Facts, readIpsets, readIptables } from '@ipvs-ts/director';
import type { Connection } from '@ipvs-ts/ipvs';
import { healthy, link, tableOf } from './director.js';

type Changes = Parameters<typeof healthy>[0];

/** The ids of the findings with rules of iptables; each line begins with the name of its table. */
async function found(
  lines: readonly string[],
  changes: Changes = {},
  {
    family = 'ipv4',
    sets = '',
    queues,
  }: { family?: 'ipv4' | 'ipv6'; sets?: string; queues?: Set<number> } = {},
): Promise<string[]> {
  const names = [...new Set(lines.map((line) => line.split(' ')[0]))];
  const text = names
    .map((name = '') => {
      const own = lines
        .filter((line) => line.startsWith(`${name} `))
        .map((line) => line.slice(name.length + 1));
      const chains = ['PREROUTING', 'INPUT', 'FORWARD', 'OUTPUT', 'POSTROUTING']
        .filter((chain) => !own.some((line) => line.startsWith(`:${chain} `)))
        .map((chain) => `:${chain} ACCEPT [0:0]`);
      return ['*' + name, ...chains, ...own, 'COMMIT', ''].join('\n');
    })
    .join('');
  const tables = readIptables(text, 'iptables', family, readIpsets(sets), queues);
  return examine(await healthy({ ...changes, firewall: { tables, unseen: [] } })).map(({ id }) => id);
}

const marked = (): Promise<Facts['table'] extends readonly (infer T)[] ? T[] : never> =>
  tableOf(async (ipvs) => {
    await ipvs.addService('fwmark:7', { scheduler: 'rr' });
    await ipvs.addDestination('fwmark:7', '10.0.0.11:0', { forwarding: 'masq' });
  });

/** A connection that no server has answered. */
const WAITING: Connection = {
  protocol: 'tcp',
  client: { address: '192.0.2.77', port: 40_000 },
  virtual: { address: '192.0.2.10', port: 80 },
  destination: { address: '10.0.0.11', port: 80 },
  state: 'SYN_RECV',
  expires: 50,
  template: false,
};

const WEB = '-d 192.0.2.10/32 -p tcp -m tcp --dport 80';

describe('replies of servers in tables of address translation', () => {
  const proxy = ['nat -A PREROUTING -i eth1 -p tcp -j REDIRECT --to-ports 3128'];
  it('are new without vs.conntrack, and known with it', async () => {
    const settings = async (conntrack: number): Promise<Facts['settings']> => ({
      ...(await healthy()).settings,
      conntrack,
    });
    expect(await found(proxy, { settings: await settings(0) })).to.deep.equal(['nat-replies']);
    expect(await found(proxy, { settings: await settings(1) })).to.deep.equal([]);
  });
});

describe('ports of clients', () => {
  it('are 1024 and more', async () => {
    const closed = (sport: string): string[] => [`filter -A INPUT -p tcp -m tcp --dport 80 ${sport} -j DROP`];
    expect(await found(closed('--sport 1024:65535'))).to.deep.equal(['firewall-input']);
    expect(await found(closed('! --sport 0:1023'))).to.deep.equal(['firewall-input']);
    expect(await found(closed('--sport 0:1023'))).to.deep.equal([]);
    expect(await found(closed('--sport 80'))).to.deep.equal([]);
    expect(await found(closed('--sport 32768:40000'))).to.deep.equal([]);
    const replies = (dport: string): string[] => [
      'filter :FORWARD DROP [0:0]',
      `filter -A FORWARD -p tcp -m tcp ${dport} -j ACCEPT`,
    ];
    expect(await found(replies('--dport 1024:65535'))).to.deep.equal([]);
    expect(await found(replies('--dport 80'))).to.deep.equal(['firewall-forward']);
  });
});

describe('rules by client', () => {
  it('are certain where they keep every client away', async () => {
    const drop = (...sources: string[]): string[] => sources.map((each) => `filter -A INPUT ${each} -j DROP`);
    expect(await found(drop('-s 0.0.0.0/1', '-s 128.0.0.0/1'))).to.deep.equal(['firewall-input']);
    expect(await found(drop('-s 203.0.113.5/32', '! -s 203.0.113.5/32'))).to.deep.equal(['firewall-input']);
    expect(await found(drop('-s 0.0.0.0/1'))).to.deep.equal([]);
    expect(await found(drop('-s 0.0.0.0/1', '-s 128.0.0.0/2'))).to.deep.equal([]);
    // Only this host has these addresses.
    const only = (source: string): string[] => [
      'filter :INPUT DROP [0:0]',
      `filter -A INPUT -s ${source} -j ACCEPT`,
    ];
    expect(await found(only('127.0.0.0/8'))).to.deep.equal(['firewall-input']);
    expect(await found(only('192.0.2.10/32'))).to.deep.equal(['firewall-input']);
    expect(await found(only('224.0.0.0/4'))).to.deep.equal(['firewall-input']);
    expect(await found(only('192.0.2.0/24'))).to.deep.equal([]);
  });

  it('are certain of sets that hold every client, and for IPv6', async () => {
    const rule = ['filter -A INPUT -m set --match-set block src -j DROP'];
    const sets = (...elements: string[]): string =>
      ['create block hash:net family inet', ...elements.map((each) => `add block ${each}`)].join('\n');
    expect(await found(rule, {}, { sets: sets('0.0.0.0/1', '128.0.0.0/1') })).to.deep.equal([
      'firewall-input',
    ]);
    expect(
      await found(rule, {}, { sets: sets('0.0.0.0/1', '128.0.0.0/1', '192.0.2.0/24 nomatch') }),
    ).to.deep.equal([]);
    expect(await found(rule, {}, { sets: sets('192.0.2.0/24') })).to.deep.equal([]);
  });

  it('name the client that waits for an answer', async () => {
    const rule = ['raw -A PREROUTING -d 192.0.2.64/26 -j DROP'];
    expect(await found(rule)).to.deep.equal([]);
    expect(await found(rule, { connections: [WAITING] })).to.deep.equal(['firewall-forward']);
    expect(
      await found(rule, { connections: [{ ...WAITING, client: { address: '192.0.2.7', port: 40_000 } }] }),
    ).to.deep.equal(['return-path']);
  });
});

describe('marks where IPVS looks at them', () => {
  const unset: [name: string, ...lines: string[]][] = [
    ['of another chain', `mangle -A POSTROUTING ${WEB} -j MARK --set-xmark 0x7/0xffffffff`],
    ['of another interface', `mangle -A PREROUTING -i eth5 ${WEB} -j MARK --set-xmark 0x7/0xffffffff`],
    [
      'set again',
      `mangle -A PREROUTING ${WEB} -j MARK --set-xmark 0x7/0xffffffff`,
      'mangle -A PREROUTING -p tcp -j MARK --set-xmark 0x1/0xffffffff',
    ],
    [
      'restored before they are stored',
      'mangle -A PREROUTING -j CONNMARK --restore-mark --nfmask 0xffffffff --ctmask 0xffffffff',
      `mangle -A PREROUTING ${WEB} -j CONNMARK --set-xmark 0x7/0xffffffff`,
    ],
    [
      'restored with more bits',
      `mangle -A PREROUTING ${WEB} -j CONNMARK --set-xmark 0x107/0xffffffff`,
      'mangle -A PREROUTING -j CONNMARK --restore-mark --nfmask 0xffffffff --ctmask 0xffffffff',
    ],
    [
      'in a state that first packets never have',
      `mangle -A PREROUTING ${WEB} -m conntrack --ctstate ESTABLISHED -j MARK --set-xmark 0x7/0xffffffff`,
    ],
  ];
  const set: [name: string, ...lines: string[]][] = [
    ['of INPUT', `mangle -A INPUT ${WEB} -j MARK --set-xmark 0x7/0xffffffff`],
    [
      'restored in part',
      `mangle -A PREROUTING ${WEB} -j CONNMARK --set-xmark 0x107/0xffffffff`,
      'mangle -A PREROUTING -j CONNMARK --restore-mark --nfmask 0xff --ctmask 0xff',
    ],
    [
      'of new connections',
      `mangle -A PREROUTING ${WEB} -m conntrack --ctstate NEW -j MARK --set-xmark 0x7/0xffffffff`,
    ],
  ];
  for (const [name, ...lines] of unset) {
    it(`are missed: ${name}`, async () => {
      expect(await found(lines, { table: await marked() })).to.deep.equal(['unset-mark']);
    });
  }
  for (const [name, ...lines] of set) {
    it(`are there: ${name}`, async () => {
      expect(await found(lines, { table: await marked() })).to.deep.equal([]);
    });
  }
});

describe('tables of address translation', () => {
  it('do not see untracked packets', async () => {
    const redirect = 'nat -A PREROUTING -p tcp -m tcp --dport 80 -j REDIRECT --to-ports 3128';
    expect(await found([redirect])).to.deep.equal(['nat-first']);
    expect(await found([`raw -A PREROUTING ${WEB} -j CT --notrack`, redirect])).to.deep.equal([]);
    expect(
      await found(['raw -A PREROUTING -p tcp -m tcp --dport 443 -j CT --notrack', redirect]),
    ).to.deep.equal(['nat-first']);
  });

  it('translate networks before routing', async () => {
    expect(await found(['nat -A PREROUTING -d 192.0.2.0/24 -j NETMAP --to 10.9.9.0/24'])).to.deep.equal([
      'nat-first',
    ]);
    expect(await found(['nat -A PREROUTING -d 198.51.100.0/24 -j NETMAP --to 10.9.9.0/24'])).to.deep.equal(
      [],
    );
    expect(await found(['nat -A POSTROUTING -d 192.0.2.0/24 -j NETMAP --to 10.9.9.0/24'])).to.deep.equal([]);
  });

  it('are certain where every branch translates', async () => {
    const lines = [
      'nat :SVC - [0:0]',
      `nat -A PREROUTING ${WEB} -j SVC`,
      'nat -A SVC -m statistic --mode random --probability 0.5 -j DNAT --to-destination 172.17.0.2:80',
    ];
    const perhaps = await found(lines);
    expect(perhaps).to.deep.equal(['nat-first']);
    const tables = readIptables(
      ['*nat', ':PREROUTING ACCEPT', ...lines, 'nat -A SVC -j DNAT --to-destination 172.17.0.3:80']
        .map((line) => line.replace(/^nat /, ''))
        .join('\n'),
      'iptables',
      'ipv4',
    );
    const [finding] = examine(await healthy({ firewall: { tables, unseen: [] } }));
    expect([finding?.id, finding?.perhaps, finding?.severity]).to.deep.equal(['nat-first', false, 'error']);
  });
});

describe('neighbour discovery', () => {
  const v6 = async (lines: readonly string[]): Promise<string[]> => {
    const table = await tableOf(async (ipvs) => {
      await ipvs.addService('tcp:[2001:db8::10]:80', { scheduler: 'rr' });
      await ipvs.addDestination('tcp:[2001:db8::10]:80', '[fd00::11]:80', { forwarding: 'masq' });
    });
    return found(
      lines,
      {
        table,
        links: [link(1, 'lo'), link(2, 'eth0'), link(3, 'eth1')],
        addresses: [
          { link: 2, family: 'ipv6', address: '2001:db8::10', prefixLength: 64, usable: true },
          { link: 3, family: 'ipv6', address: 'fd00::1', prefixLength: 64, usable: true },
        ],
        routes: new Map([
          ['2001:db8::10', { type: 'local', link: 1 }],
          ['fd00::11', { type: 'unicast', link: 3, source: 'fd00::1' }],
        ]),
        neighbours: [{ link: 3, address: 'fd00::11', state: 'failed' }],
      },
      { family: 'ipv6' },
    );
  };
  const web = 'filter -A INPUT -p tcp -m tcp --dport 80 -j ACCEPT';

  it('has to pass INPUT and OUTPUT', async () => {
    expect(await v6([])).to.deep.equal(['neighbour']);
    expect(await v6(['filter :INPUT DROP [9:900]', web])).to.deep.equal(['firewall-input']);
    expect(await v6(['filter -A OUTPUT -p ipv6-icmp -j DROP'])).to.deep.equal(['firewall-output']);
  });

  it('passes rules that are made for it', async () => {
    for (const match of [
      '',
      '-m icmp6 --icmpv6-type 135 -m hl --hl-eq 255',
      '-m conntrack --ctstate UNTRACKED',
    ]) {
      const also = match.includes('135')
        ? [`filter -A INPUT -p ipv6-icmp ${match.replace('135', '136')} -j ACCEPT`]
        : [];
      expect(
        await v6([
          'filter :INPUT DROP [9:900]',
          web,
          ...also,
          `filter -A INPUT -p ipv6-icmp ${match} -j ACCEPT`,
        ]),
        match,
      ).to.deep.equal(['neighbour']);
    }
    const known = 'filter -A INPUT -m conntrack --ctstate RELATED,ESTABLISHED -j ACCEPT';
    expect(await v6(['filter :INPUT DROP [9:900]', web, known])).to.deep.equal(['firewall-input']);
  });
});

describe('the answers of a server on the director', () => {
  const own = async (
    forwarding: 'masq' | 'route',
    lines: readonly string[],
    conntrack = 0,
    connections: readonly Connection[] = [],
  ): Promise<string[]> => {
    const table = await tableOf(async (ipvs) => {
      await ipvs.addService('tcp:192.0.2.10:80', { scheduler: 'rr' });
      await ipvs.addDestination('tcp:192.0.2.10:80', '10.0.0.1:80', { forwarding });
    });
    const facts = await healthy();
    const routes = new Map([...facts.routes, ['10.0.0.1', { type: 'local', link: 1 } as const]]);
    return found(lines, { table, routes, connections, settings: { ...facts.settings, conntrack } });
  };

  it('leave by the interface towards the client that waits', async () => {
    const rule = ['filter :OUTPUT DROP [0:0]', 'filter -A OUTPUT -o eth1 -j ACCEPT'];
    expect(await own('masq', rule)).to.deep.equal([]);
    const destination = { address: '10.0.0.1', port: 80 };
    expect(await own('masq', rule, 0, [{ ...WAITING, destination }])).to.deep.equal(['firewall-output']);
  });

  it('pass OUTPUT, with NAT from the virtual address', async () => {
    for (const forwarding of ['masq', 'route'] as const) {
      expect(await own(forwarding, ['filter -A OUTPUT -p tcp -m tcp --sport 80 -j DROP'])).to.deep.equal([
        'firewall-output',
      ]);
      expect(await own(forwarding, ['filter -A OUTPUT -p tcp -m tcp --sport 81 -j DROP'])).to.deep.equal([]);
      const only = ['filter :OUTPUT DROP [0:0]', 'filter -A OUTPUT -s 192.0.2.10/32 -j ACCEPT'];
      expect(await own(forwarding, only)).to.deep.equal([]);
      expect(
        await own(forwarding, [only[0] as string, 'filter -A OUTPUT -s 10.0.0.1/32 -j ACCEPT']),
      ).to.deep.equal(['firewall-output']);
    }
    expect(await own('masq', ['raw -A OUTPUT -s 10.0.0.1/32 -p tcp -j DROP'])).to.deep.equal([
      'firewall-output',
    ]);
  });

  it('are invalid to conntrack, unless IPVS keeps its connections there', async () => {
    const rule = ['filter -A OUTPUT -m conntrack --ctstate INVALID -j DROP'];
    expect(await own('route', rule)).to.deep.equal(['firewall-output']);
    expect(await own('masq', rule, 1)).to.deep.equal([]);
  });
});

describe('queues', () => {
  it('drop what no program takes, unless they are passed by', async () => {
    const rule = (more = ''): string[] => [
      `filter -A INPUT -p tcp -m tcp --dport 80 -j NFQUEUE --queue-num 7${more}`,
    ];
    const queues = (...numbers: number[]) => ({ queues: new Set(numbers) });
    expect(await found(rule(), {}, queues())).to.deep.equal(['firewall-input']);
    expect(await found(rule(' --queue-bypass'), {}, queues())).to.deep.equal([]);
    expect(await found(rule(), {}, queues(3))).to.deep.equal(['firewall-input']);
    const balanced = ['filter -A INPUT -p tcp -j NFQUEUE --queue-balance 5:8 --queue-bypass'];
    expect(await found(balanced, {}, queues(9))).to.deep.equal([]);
  });
});

describe('sets of ports', () => {
  it('hold the ports of every protocol', async () => {
    const table = await tableOf(async (ipvs) => {
      await ipvs.addService('udp:192.0.2.10:53', { scheduler: 'rr' });
      await ipvs.addDestination('udp:192.0.2.10:53', '10.0.0.11:53', { forwarding: 'masq' });
    });
    const rule = ['filter -A INPUT -m set --match-set closed dst -j DROP'];
    const sets = (port: number): string =>
      `create closed bitmap:port range 0-65535\nadd closed ${String(port)}\n`;
    expect(await found(rule, { table }, { sets: sets(53) })).to.deep.equal(['firewall-input']);
    expect(await found(rule, { table }, { sets: sets(54) })).to.deep.equal([]);
  });
});
