import { expect } from 'chai';
import { judge, type Packet, readIpsets, readIptables, readNftables, translate } from '@ipvs-ts/director';

const SYN: Packet = {
  family: 'ipv4',
  protocol: 'tcp',
  destination: '192.0.2.10',
  destinationPort: 80,
  destinationType: 'local',
  sourceType: 'unicast',
  input: 'eth0',
  output: '',
  state: 'new',
  tcpFlags: ['syn'],
  reply: false,
  ipvs: false,
};
const ACK: Packet = { ...SYN, tcpFlags: ['ack'] };
const SYN6: Packet = { ...SYN, family: 'ipv6', destination: '2001:db8::10' };
const DNS: Packet = { ...SYN, protocol: 'udp', destinationPort: 53, tcpFlags: undefined };

const SETS = readIpsets(`create web hash:ip,port family inet hashsize 1024
add web 192.0.2.10,tcp:80
add web 192.0.2.10,udp:53
create own hash:ip family inet
add own 192.0.2.10
create friends hash:net family inet
add friends 203.0.113.0/24
create ports bitmap:port range 0-65535
add ports 80
create all list:set size 8
add all own
create odd hash:ip,mac
add odd 192.0.2.10,02:00:00:00:00:01
`);

type Case = [verdict: string, name: string, lines: string[], packet?: Packet];

/** The verdict, and the rule behind it: the one that drops, or the one that cannot be judged. */
function verdict(lines: readonly string[], packet: Packet = SYN): string {
  const family = packet.family;
  const found = judge(
    readIptables(`*filter\n${lines.join('\n')}\nCOMMIT\n`, 'iptables', family, SETS),
    'input',
    packet,
  );
  return found.type;
}

const cases: readonly Case[] = [
  // Certain behind uncertain.
  [
    'drop',
    'a policy behind flags that no first packet has',
    [':INPUT DROP', '-A INPUT -p tcp -m tcp --tcp-flags FIN,SYN,RST,PSH,ACK,URG NONE -j ACCEPT'],
  ],
  [
    'drop',
    'a policy behind ALL NONE',
    [':INPUT DROP', '-A INPUT -p tcp -m tcp --tcp-flags ALL NONE -j ACCEPT'],
  ],
  [
    'drop',
    'a policy behind a limit that only logs',
    [':INPUT DROP', '-A INPUT -m limit --limit 3/min -j LOG'],
  ],
  ['drop', 'a policy behind a limit that drops', [':INPUT DROP', '-A INPUT -m limit --limit 3/min -j DROP']],
  [
    'drop',
    'a policy behind a mark that nobody set',
    [':INPUT DROP', '-A INPUT -m mark --mark 0x7/0xff -j ACCEPT'],
  ],
  [
    'drop',
    'a limit on a port of others',
    [':INPUT DROP', '-A INPUT -p tcp -m tcp --dport 22 -m limit --limit 3/min -j ACCEPT'],
  ],
  [
    'perhaps',
    'a policy behind a limit that accepts',
    [':INPUT DROP', '-A INPUT -m limit --limit 3/min -j ACCEPT'],
  ],
  [
    'pass',
    'a limit that accepts before all are accepted',
    [':INPUT DROP', '-A INPUT -m limit --limit 3/min -j ACCEPT', '-A INPUT -p tcp -j ACCEPT'],
  ],
  [
    'pass',
    'an unknown chain before all are accepted',
    [
      ':INPUT DROP',
      ':odd -',
      '-A INPUT -m frobnicate --x 1 -j odd',
      '-A odd -j RETURN',
      '-A INPUT -j ACCEPT',
    ],
  ],
  [
    'perhaps',
    'an unknown match that drops',
    [':INPUT ACCEPT', '-A INPUT -m string --string "x" --algo bm -j DROP'],
  ],
  ['perhaps', 'an unknown target', [':INPUT ACCEPT', '-A INPUT -j FROBNICATE --x 1']],
  ['perhaps', 'a queue', [':INPUT ACCEPT', '-A INPUT -p tcp -j NFQUEUE --queue-num 0 --queue-bypass']],
  [
    'drop',
    'an unknown match where each branch drops',
    [':INPUT ACCEPT', ':odd -', '-A INPUT -m frobnicate -j odd', '-A odd -j DROP', '-A INPUT -j DROP'],
  ],
  [
    'drop',
    'a chain that perhaps returns early',
    [
      ':INPUT ACCEPT',
      ':odd -',
      '-A INPUT -j odd',
      '-A odd -m limit --limit 1/s -j RETURN',
      '-A odd -j RETURN',
      '-A INPUT -j DROP',
    ],
  ],
  [
    'perhaps',
    'a chain that perhaps returns before it drops',
    [':INPUT ACCEPT', ':odd -', '-A INPUT -j odd', '-A odd -m limit --limit 1/s -j RETURN', '-A odd -j DROP'],
  ],
  [
    'pass',
    'a doubtful drop that has dropped nothing',
    [':INPUT ACCEPT', '[0:0] -A INPUT -m hashlimit --hashlimit-above 9/sec -j DROP'],
  ],
  [
    'perhaps',
    'a doubtful drop that has dropped some',
    [':INPUT ACCEPT', '[3:180] -A INPUT -m hashlimit --hashlimit-above 9/sec -j DROP'],
  ],
  [
    'pass',
    'a doubtful accept before a policy that has dropped nothing',
    [':INPUT DROP [0:0]', '[9:540] -A INPUT -m limit --limit 9/s -j ACCEPT'],
  ],
  ['drop', 'a certain drop that has dropped nothing yet', [':INPUT DROP [0:0]']],
  // Flags and states.
  [
    'pass',
    'new connections that do not begin with a SYN',
    [':INPUT ACCEPT', '-A INPUT -p tcp ! --syn -m state --state NEW -j DROP'],
  ],
  [
    'drop',
    'new connections that do not begin with a SYN',
    [':INPUT ACCEPT', '-A INPUT -p tcp ! --syn -m state --state NEW -j DROP'],
    ACK,
  ],
  [
    'drop',
    'the same as iptables-save writes it',
    [
      ':INPUT ACCEPT',
      '-A INPUT -p tcp -m tcp ! --tcp-flags FIN,SYN,RST,ACK SYN -m conntrack --ctstate NEW -j DROP',
    ],
    ACK,
  ],
  [
    'drop',
    'invalid packets',
    [':INPUT ACCEPT', '-A INPUT -m conntrack --ctstate INVALID -j DROP'],
    { ...ACK, state: 'invalid' },
  ],
  ['pass', 'invalid packets', [':INPUT ACCEPT', '-A INPUT -m conntrack --ctstate INVALID -j DROP']],
  [
    'drop',
    'what is not established',
    [':INPUT ACCEPT', '-A INPUT -m conntrack ! --ctstate ESTABLISHED,RELATED -j DROP'],
  ],
  [
    'pass',
    'untracked packets',
    [':INPUT DROP', '-A INPUT -m conntrack --ctstate NEW,UNTRACKED -j ACCEPT'],
    { ...SYN, state: 'untracked' },
  ],
  ['drop', 'translated connections only', [':INPUT DROP', '-A INPUT -m conntrack --ctstate DNAT -j ACCEPT']],
  // Sets.
  [
    'drop',
    'a set of addresses and ports',
    [':INPUT ACCEPT', '-A INPUT -m set --match-set web dst,dst -j DROP'],
  ],
  ['drop', 'the same for UDP', [':INPUT ACCEPT', '-A INPUT -m set --match-set web dst,dst -j DROP'], DNS],
  [
    'pass',
    'a set without the port',
    [':INPUT ACCEPT', '-A INPUT -m set --match-set web dst,dst -j DROP'],
    { ...SYN, destinationPort: 81 },
  ],
  ['drop', 'a list of sets', [':INPUT ACCEPT', '-A INPUT -m set --match-set all dst -j DROP']],
  ['drop', 'a bitmap of ports', [':INPUT ACCEPT', '-A INPUT -m set --match-set ports dst -j DROP']],
  ['some', 'a set of clients', [':INPUT DROP', '-A INPUT -m set --match-set friends src -j ACCEPT']],
  [
    'pass',
    'a set of clients with one in it',
    [':INPUT DROP', '-A INPUT -m set --match-set friends src -j ACCEPT'],
    { ...SYN, source: '203.0.113.7' },
  ],
  [
    'drop',
    'a set of clients with one that is not in it',
    [':INPUT DROP', '-A INPUT -m set --match-set friends src -j ACCEPT'],
    { ...SYN, source: '198.51.100.7' },
  ],
  ['perhaps', 'a set that is not there', [':INPUT ACCEPT', '-A INPUT -m set --match-set gone dst -j DROP']],
  ['pass', 'a negated set', [':INPUT ACCEPT', '-A INPUT -m set ! --match-set own dst -j DROP']],
  // As kube-proxy writes them: a service in the set returns before packets to the node are rejected.
  [
    'pass',
    'kube-proxy',
    [
      ':INPUT ACCEPT',
      ':KUBE -',
      '-A INPUT -m comment --comment "kubernetes ipvs access filter" -j KUBE',
      '-A KUBE -m set --match-set web dst,dst -j RETURN',
      '-A KUBE -m conntrack --ctstate NEW -m set --match-set own dst -j REJECT --reject-with icmp-port-unreachable',
    ],
  ],
  // Marks.
  [
    'drop',
    'a mark that was set before',
    [
      ':INPUT ACCEPT',
      '-A INPUT -d 192.0.2.10/32 -j MARK --set-xmark 0x8000/0x8000',
      '-A INPUT -m mark --mark 0x8000/0x8000 -j DROP',
    ],
  ],
  [
    'drop',
    'a mark in parts',
    [
      ':INPUT ACCEPT',
      '-A INPUT -j MARK --set-xmark 0x1/0x1',
      '-A INPUT -j MARK --set-xmark 0x2/0x2',
      '-A INPUT -m mark --mark 0x3 -j DROP',
    ],
  ],
  [
    'perhaps',
    'a mark that is perhaps set',
    [
      ':INPUT ACCEPT',
      '-A INPUT -m limit --limit 1/s -j MARK --set-xmark 0x1/0xffffffff',
      '-A INPUT -m mark --mark 0x1 -j DROP',
    ],
  ],
  [
    'pass',
    'the mark of a new connection',
    [':INPUT ACCEPT', '-A INPUT -j CONNMARK --restore-mark', '-A INPUT -m mark ! --mark 0x0 -j DROP'],
  ],
  // Addresses, interfaces, others.
  ['drop', 'addresses of this host', [':INPUT ACCEPT', '-A INPUT -m addrtype --dst-type LOCAL -j DROP']],
  ['pass', 'broadcasts', [':INPUT ACCEPT', '-A INPUT -m addrtype --dst-type BROADCAST,MULTICAST -j DROP']],
  [
    'drop',
    'a range of addresses',
    [':INPUT ACCEPT', '-A INPUT -m iprange --dst-range 192.0.2.1-192.0.2.20 -j DROP'],
  ],
  ['pass', 'fragments', [':INPUT ACCEPT', '-A INPUT -f -j DROP']],
  ['pass', 'packets of users of this host', [':INPUT ACCEPT', '-A INPUT -m owner --uid-owner 0 -j DROP']],
  ['pass', 'packets of IPVS, which has not seen it', [':INPUT ACCEPT', '-A INPUT -m ipvs --ipvs -j DROP']],
  [
    'some',
    'clients by hardware address',
    [':INPUT ACCEPT', '-A INPUT -m mac --mac-source 02:00:00:00:00:01 -j DROP'],
  ],
  ['drop', 'IPv6', [':INPUT ACCEPT', '-A INPUT -d 2001:db8::/64 -p tcp -j DROP'], SYN6],
  ['pass', 'another IPv6 network', [':INPUT ACCEPT', '-A INPUT -d 2001:db9::/64 -p tcp -j DROP'], SYN6],
  [
    'drop',
    'either port',
    [':INPUT ACCEPT', '-A INPUT -p tcp -m multiport --ports 80,443 -j DROP'],
    { ...SYN, sourcePort: 4711 },
  ],
  ['drop', 'ranges of ports', [':INPUT ACCEPT', '-A INPUT -p tcp -m multiport --dports 22,70:90 -j DROP']],
];

describe('judging iptables', () => {
  for (const [expected, name, lines, packet] of cases) {
    it(`${expected}: ${name}`, () => {
      expect(verdict(lines, packet)).to.equal(expected);
    });
  }

  it('names the rule that it cannot judge, and the rule after it that drops', () => {
    const text = '*filter\n:INPUT DROP\n-A INPUT -m geo --x 1 -j ACCEPT\n-A INPUT -p tcp -j DROP\n';
    const found = judge(readIptables(text, 'iptables', 'ipv4'), 'input', SYN);
    if (found.type !== 'perhaps') throw new Error(found.type);
    expect(found.unsure.rule?.text).to.equal('-A INPUT -m geo --x 1 -j ACCEPT');
    expect(found.by.rule?.text).to.equal('-A INPUT -p tcp -j DROP');
  });

  it('evaluates chains in the order of their tables, and none after IPVS', () => {
    const tables = readIptables(
      '*filter\n:INPUT ACCEPT\n-A INPUT -m mark --mark 7 -j DROP\n*mangle\n:INPUT ACCEPT\n-A INPUT -j MARK --set-xmark 0x7/0xffffffff\n*security\n:INPUT DROP\n',
      'iptables',
      'ipv4',
    );
    const found = judge(tables, 'input', SYN);
    expect(found.type === 'drop' && found.table.name).to.equal('filter');
    expect(judge(tables, 'input', SYN, { to: 0 }).type).to.equal('pass');
  });

  it('sees NAT rules that translate, those of Docker for addresses of this host too', () => {
    const nat = (packet: Packet, ...lines: string[]): string | undefined => {
      const found = translate(
        readIptables(`*nat\n:PREROUTING ACCEPT\n${lines.join('\n')}\n`, 'iptables', 'ipv4'),
        'prerouting',
        packet,
      );
      return found.translation && `${found.translation.certainty} ${found.translation.target.to ?? ''}`;
    };
    const docker = [
      ':DOCKER -',
      '-A PREROUTING -m addrtype --dst-type LOCAL -j DOCKER',
      '-A DOCKER -i docker0 -j RETURN',
      '-A DOCKER ! -i docker0 -p tcp -m tcp --dport 80 -j DNAT --to-destination 172.17.0.2:80',
    ];
    expect(nat(SYN, ...docker)).to.equal('yes 172.17.0.2:80');
    expect(nat({ ...SYN, input: 'docker0' }, ...docker)).to.equal(undefined);
    expect(nat({ ...SYN, destinationPort: 8080 }, ...docker)).to.equal(undefined);
    expect(nat(SYN, '-A PREROUTING -p tcp --dport 80 -j REDIRECT --to-ports 8080')).to.equal(
      'yes port 8080 of this host',
    );
    expect(nat(SYN, '-A PREROUTING -j ACCEPT', '-A PREROUTING -p tcp -j REDIRECT')).to.equal(undefined);
    expect(nat(SYN, '-A PREROUTING -s 203.0.113.0/24 -p tcp -j REDIRECT')).to.equal('some this host');
    expect(nat(SYN, '-A PREROUTING -m statistic --mode random --probability 0.5 -j REDIRECT')).to.equal(
      'perhaps this host',
    );
  });
});

describe('judging nft', () => {
  const FAMILY = 'inet';
  const chain = (name: string, more: object = {}): object => ({
    chain: { family: FAMILY, table: 'fw', name, handle: 1, ...more },
  });
  const base = (policy = 'accept', prio = 0, name = 'in'): object =>
    chain(name, { type: 'filter', hook: 'input', prio, policy });
  const rule = (expr: unknown[], name = 'in', handle = 4): object => ({
    rule: { family: FAMILY, table: 'fw', chain: name, handle, expr },
  });
  const match = (left: unknown, right: unknown, op = '=='): unknown => ({ match: { op, left, right } });
  const payload = (protocol: string, field: string): unknown => ({ payload: { protocol, field } });
  const meta = (key: string): unknown => ({ meta: { key } });
  const state = { ct: { key: 'state' } };
  const set = (name: string, elem: unknown, more: object = {}): object => ({
    set: { family: FAMILY, table: 'fw', name, handle: 2, elem, ...more },
  });
  const map = (name: string, elem: unknown): object => ({
    map: { family: FAMILY, table: 'fw', name, handle: 2, map: 'verdict', elem },
  });
  const drop = { drop: null };
  const accept = { accept: null };
  const dport = payload('tcp', 'dport');
  const daddr = payload('ip', 'daddr');
  const flags = payload('tcp', 'flags');
  const run = (packet: Packet, ...items: object[]): string => {
    const nftables = [{ metainfo: {} }, { table: { family: FAMILY, name: 'fw' } }, ...items];
    return judge(readNftables(JSON.stringify({ nftables })), 'input', packet, { to: 98 }).type;
  };
  const web = { concat: ['192.0.2.10', 80] };

  const nftCases: [verdict: string, name: string, items: object[], packet?: Packet][] = [
    ['drop', 'a named set', [base(), set('ports', [22, 80]), rule([match(dport, '@ports'), drop])]],
    ['pass', 'a named set without it', [base(), set('ports', [22]), rule([match(dport, '@ports'), drop])]],
    [
      'perhaps',
      'a set that rules fill',
      [base(), set('bad', [], { flags: ['dynamic'] }), rule([match(daddr, '@bad'), drop])],
    ],
    [
      'drop',
      'elements with comments',
      [base(), set('ports', [{ elem: { val: 80, comment: 'web' } }]), rule([match(dport, '@ports'), drop])],
    ],
    ['drop', 'intervals in a set', [base(), rule([match(dport, { set: [{ range: [1, 1023] }] }), drop])]],
    [
      'drop',
      'prefixes in a set',
      [base(), rule([match(daddr, { set: [{ prefix: { addr: '192.0.2.0', len: 24 } }] }), drop])],
    ],
    [
      'drop',
      'a range of addresses',
      [base(), rule([match(daddr, { range: ['192.0.2.1', '192.0.2.20'] }), drop])],
    ],
    ['drop', 'a concatenation', [base(), rule([match({ concat: [daddr, dport] }, { set: [web] }), drop])]],
    [
      'pass',
      'a concatenation that differs',
      [base(), rule([match({ concat: [daddr, dport] }, { set: [{ concat: ['192.0.2.10', 81] }] }), drop])],
    ],
    [
      'drop',
      'a map to verdicts',
      [
        base(),
        rule([
          {
            vmap: {
              key: dport,
              data: {
                set: [
                  [22, accept],
                  [80, drop],
                ],
              },
            },
          },
        ]),
      ],
    ],
    [
      'pass',
      'a map to verdicts, then more',
      [
        base('drop'),
        rule([
          {
            vmap: {
              key: state,
              data: {
                set: [
                  ['established', accept],
                  ['invalid', drop],
                ],
              },
            },
          },
        ]),
        rule([match(dport, 80), accept]),
      ],
    ],
    [
      'drop',
      'a map to verdicts by state',
      [
        base(),
        rule([
          {
            vmap: {
              key: state,
              data: {
                set: [
                  ['established', accept],
                  ['invalid', drop],
                ],
              },
            },
          },
        ]),
      ],
      { ...ACK, state: 'invalid' },
    ],
    [
      'drop',
      'a named map that jumps',
      [
        base(),
        chain('web'),
        map('services', [[80, { jump: { target: 'web' } }]]),
        rule([{ vmap: { key: dport, data: '@services' } }]),
        rule([drop], 'web'),
      ],
    ],
    [
      'drop',
      'a map of concatenations',
      [base(), rule([{ vmap: { key: { concat: [daddr, dport] }, data: { set: [[web, drop]] } } }])],
    ],
    [
      'pass',
      'a map with an answer for all others',
      [
        base('drop'),
        rule([
          {
            vmap: {
              key: dport,
              data: {
                set: [
                  ['*', accept],
                  [22, drop],
                ],
              },
            },
          },
        ]),
      ],
    ],
    ['drop', 'a chain of a lower priority', [base('accept', 0), base('drop', -10, 'early')]],
    ['drop', 'a chain of a higher priority', [base('accept', 0), base('drop', 50, 'late')]],
    ['pass', 'a chain behind IPVS', [base('accept', 0), base('drop', 200, 'behind')]],
    [
      'drop',
      'a goto that does not come back',
      [base('drop'), chain('web'), rule([{ goto: { target: 'web' } }]), rule([accept])],
    ],
    [
      'drop',
      'flags',
      [
        base(),
        rule([
          match({ '&': [flags, { '|': ['fin', { '|': ['syn', { '|': ['rst', 'ack'] }] }] }] }, 'syn'),
          drop,
        ]),
      ],
    ],
    [
      'pass',
      'flags that differ',
      [
        base(),
        rule([
          match({ '&': [flags, ['fin', 'syn', 'rst', 'ack']] }, 'syn', '!='),
          match(state, 'new', 'in'),
          drop,
        ]),
      ],
    ],
    [
      'drop',
      'flags that differ',
      [
        base(),
        rule([
          match({ '&': [flags, ['fin', 'syn', 'rst', 'ack']] }, 'syn', '!='),
          match(state, 'new', 'in'),
          drop,
        ]),
      ],
      ACK,
    ],
    ['drop', 'no flags of some', [base(), rule([match({ '&': [flags, ['fin', 'rst']] }, 0), drop])]],
    ['drop', 'states', [base(), rule([match(state, ['new', 'untracked'], 'in'), drop])]],
    ['drop', 'a set of states', [base(), rule([match(state, { set: ['new', 'untracked'] }), drop])]],
    ['drop', 'no state of some', [base(), rule([match(state, ['established', 'related'], '!='), drop])]],
    [
      'perhaps',
      'a limit before a policy',
      [base('drop'), rule([{ limit: { rate: 5, per: 'second' } }, accept])],
    ],
    [
      'drop',
      'a limit that only counts',
      [base('drop'), rule([{ limit: { rate: 5, per: 'second' } }, { counter: { packets: 1, bytes: 1 } }])],
    ],
    [
      'perhaps',
      'connections that are counted',
      [base(), rule([{ 'ct count': { val: 20, inv: true } }, drop])],
    ],
    [
      'pass',
      'the same, and it has dropped nothing',
      [base(), rule([{ 'ct count': { val: 20, inv: true } }, { counter: { packets: 0, bytes: 0 } }, drop])],
    ],
    ['perhaps', 'an unknown statement', [base(), rule([{ frobnicate: {} }, drop])]],
    [
      'perhaps',
      'an unknown expression',
      [base(), rule([match({ socket: { key: 'transparent' } }, 1), drop])],
    ],
    [
      'perhaps',
      'raw bytes',
      [base(), rule([match({ payload: { base: 'th', offset: 16, len: 16 } }, 80), drop])],
    ],
    [
      'perhaps',
      'a match that only xtables know',
      [base(), rule([{ xt: { type: 'match', name: 'bpf' } }, drop])],
    ],
    [
      'drop',
      'a mark',
      [base(), rule([{ mangle: { key: meta('mark'), value: 7 } }]), rule([match(meta('mark'), 7), drop])],
    ],
    [
      'drop',
      'bits of a mark',
      [
        base(),
        rule([{ mangle: { key: meta('mark'), value: { '|': [meta('mark'), 8] } } }]),
        rule([match({ '&': [meta('mark'), 8] }, 8), drop]),
      ],
    ],
    [
      'pass',
      'a connection that is translated',
      [base(), rule([match({ ct: { key: 'status' } }, 'dnat', 'in'), drop])],
    ],
    [
      'some',
      'the way back to clients',
      [base(), rule([match({ fib: { result: 'oif', flags: ['saddr', 'iif'] } }, false), drop])],
    ],
    [
      'drop',
      'addresses of this host',
      [base(), rule([match({ fib: { result: 'type', flags: ['daddr'] } }, 'local'), drop])],
    ],
    [
      'some',
      'some clients',
      [base('drop'), rule([match(payload('ip', 'saddr'), { set: ['203.0.113.1'] }), accept])],
    ],
    [
      'pass',
      'every client, as a prefix',
      [base('drop'), rule([match(payload('ip', 'saddr'), { prefix: { addr: '0.0.0.0', len: 0 } }), accept])],
    ],
    ['pass', 'IPv6 by a rule of IPv4', [base(), rule([match(daddr, '192.0.2.10', '!='), drop])], SYN6],
    [
      'drop',
      'IPv6',
      [base(), rule([match(payload('ip6', 'daddr'), { prefix: { addr: '2001:db8::', len: 32 } }), drop])],
      SYN6,
    ],
    [
      'drop',
      'either transport',
      [
        base(),
        rule([match(meta('l4proto'), { set: ['tcp', 'udp'] }), match(payload('th', 'dport'), 53), drop]),
      ],
      DNS,
    ],
    ['pass', 'a port of another transport, negated', [base(), rule([match(dport, 22, '!='), drop])], DNS],
    ['drop', 'an interface', [base(), rule([match(meta('iifname'), { set: ['eth0', 'wlan*'] }), drop])]],
    ['drop', 'ports above', [base(), rule([match(dport, 79, '>'), drop])]],
    ['drop', 'a port by its name', [base(), rule([match(dport, 'http'), drop])]],
    ['pass', 'a dormant table', [{ table: { family: FAMILY, name: 'fw', flags: 'dormant' } }]],
  ];
  for (const [expected, name, items, packet = SYN] of nftCases) {
    it(`${expected}: ${name}`, () => {
      expect(run(packet, ...items)).to.equal(expected);
    });
  }

  it('names rules as nft lists them, and what is unknown in them', () => {
    const nftables = [
      { table: { family: FAMILY, name: 'fw' } },
      base('drop'),
      rule([match({ socket: { key: 'wildcard' } }, 1), accept]),
    ];
    const listing =
      'table inet fw { # handle 1\n\tchain in { # handle 1\n\t\tsocket wildcard 1 accept # handle 4\n\t}\n}\n';
    const found = judge(readNftables(JSON.stringify({ nftables }), listing), 'input', SYN);
    if (found.type !== 'perhaps') throw new Error(found.type);
    expect(found.unsure.rule?.text).to.equal('socket wildcard 1 accept (unknown here: socket wildcard)');
  });
});
