import { expect } from 'chai';
import { judge, type Packet, readIptables, readNftables } from '@ipvs-ts/director';

const request: Packet = {
  family: 'ipv4',
  protocol: 'tcp',
  destination: '192.0.2.10',
  destinationPort: 80,
  input: 'eth0',
  state: 'new',
  tcpFlags: ['syn'],
  destinationType: 'local',
  sourceType: 'unicast',
  ipvs: false,
  reply: false,
};

/** What a filter table with these lines, as iptables-save writes them, does with a request. */
function filter(lines: readonly string[], packet: Packet = request): string {
  const text = `# Generated\n*filter\n${lines.join('\n')}\nCOMMIT\n`;
  return judge(readIptables(text, 'iptables', 'ipv4'), 'input', packet).type;
}

describe('rules of iptables', () => {
  const cases: [verdict: string, name: string, lines: string[]][] = [
    ['pass', 'an empty table', [':INPUT ACCEPT [0:0]']],
    ['drop', 'a policy', [':INPUT DROP [3:180]']],
    [
      'pass',
      'a rule before the policy',
      [':INPUT DROP [0:0]', '-A INPUT -p tcp -m tcp --dport 80 -j ACCEPT'],
    ],
    [
      'drop',
      'a rule for the port',
      [':INPUT ACCEPT', '-A INPUT -d 192.0.2.10/32 -p tcp -m tcp --dport 80 -j DROP'],
    ],
    [
      'reject',
      'a rejecting rule',
      [':INPUT ACCEPT', '-A INPUT -p tcp -j REJECT --reject-with icmp-port-unreachable'],
    ],
    ['pass', 'another port', [':INPUT ACCEPT', '-A INPUT -p tcp -m tcp --dport 81 -j DROP']],
    ['drop', 'a range of ports', [':INPUT ACCEPT', '-A INPUT -p tcp -m tcp --dport 1:1023 -j DROP']],
    ['drop', 'several ports', [':INPUT ACCEPT', '-A INPUT -p tcp -m multiport --dports 22,80,443 -j DROP']],
    ['pass', 'a negated port', [':INPUT ACCEPT', '-A INPUT -p tcp -m tcp ! --dport 80 -j DROP']],
    ['drop', 'a negated network', [':INPUT ACCEPT', '-A INPUT ! -d 198.51.100.0/24 -j DROP']],
    ['pass', 'another interface', [':INPUT ACCEPT', '-A INPUT -i eth1 -j DROP']],
    ['drop', 'all interfaces of a name', [':INPUT ACCEPT', '-A INPUT -i eth+ -j DROP']],
    ['pass', 'new connections', [':INPUT DROP', '-A INPUT -m state --state NEW -j ACCEPT']],
    [
      'drop',
      'known connections',
      [':INPUT DROP', '-A INPUT -m conntrack --ctstate RELATED,ESTABLISHED -j ACCEPT'],
    ],
    ['some', 'some clients', [':INPUT DROP', '-A INPUT -s 203.0.113.0/24 -j ACCEPT']],
    [
      'perhaps',
      'a match that is not known here',
      [':INPUT ACCEPT', '-A INPUT -m hashlimit --hashlimit-upto 3/sec -j DROP'],
    ],
    [
      'drop',
      'a chain that is called',
      [':INPUT ACCEPT', ':web - [0:0]', '-A INPUT -j web', '-A web -p tcp -j DROP'],
    ],
    [
      'pass',
      'a chain that returns',
      [':INPUT ACCEPT', ':web -', '-A INPUT -j web', '-A web -j RETURN', '-A web -j DROP'],
    ],
    [
      'drop',
      'a chain that does not come back',
      [':INPUT DROP', ':web -', '-A INPUT -g web', '-A INPUT -j ACCEPT', '-A web -j RETURN'],
    ],
    [
      'drop',
      'a comment with a quote and words',
      [':INPUT ACCEPT', '-A INPUT -m comment --comment "don\'t -j \\"ACCEPT\\"" -j DROP'],
    ],
    ['pass', 'logging', [':INPUT ACCEPT', '-A INPUT -j LOG --log-prefix "-j DROP "']],
    ['drop', 'a mask in dots', [':INPUT ACCEPT', '-A INPUT -d 192.0.0.0/255.255.0.0 -j DROP']],
    ['drop', 'counters before rules', [':INPUT ACCEPT [1:2]', '[5:300] -A INPUT -p 6 -j DROP']],
  ];
  for (const [verdict, name, lines] of cases) {
    it(`${verdict}: ${name}`, () => {
      expect(filter(lines)).to.equal(verdict);
    });
  }
});

describe('rules of nft', () => {
  const right = (value: unknown, left: unknown, op = '=='): unknown => ({
    match: { op, left, right: value },
  });
  const dport = { payload: { protocol: 'tcp', field: 'dport' } };
  const chain = (policy: string): unknown => ({
    chain: { family: 'inet', table: 'fw', name: 'in', type: 'filter', hook: 'input', prio: 0, policy },
  });
  const rule = (...expr: unknown[]): unknown => ({
    rule: { family: 'inet', table: 'fw', chain: 'in', handle: 4, expr },
  });
  const run = (...items: unknown[]): string => {
    const nftables = [{ metainfo: {} }, { table: { family: 'inet', name: 'fw' } }, ...items];
    return judge(readNftables(JSON.stringify({ nftables })), 'input', request).type;
  };
  const cases: [verdict: string, name: string, items: unknown[]][] = [
    ['drop', 'a policy', [chain('drop')]],
    ['pass', 'a port', [chain('drop'), rule(right(80, dport), { accept: null })]],
    ['drop', 'a set', [chain('accept'), rule(right({ set: [22, 80] }, dport), { drop: null })]],
    ['drop', 'a range', [chain('accept'), rule(right({ range: [1, 1023] }, dport), { drop: null })]],
    ['perhaps', 'a set that is not listed', [chain('accept'), rule(right('@ports', dport), { drop: null })]],
    [
      'drop',
      'a state',
      [chain('accept'), rule(right(['new'], { ct: { key: 'state' } }, 'in'), { drop: null })],
    ],
    [
      'pass',
      'another interface',
      [chain('accept'), rule(right('eth1', { meta: { key: 'iifname' } }), { drop: null })],
    ],
    [
      'reject',
      'a network',
      [
        chain('accept'),
        rule(
          right({ prefix: { addr: '192.0.2.0', len: 24 } }, { payload: { protocol: 'ip', field: 'daddr' } }),
          {
            reject: {},
          },
        ),
      ],
    ],
    [
      'pass',
      'the other transport',
      [chain('accept'), rule(right(80, { payload: { protocol: 'udp', field: 'dport' } }), { drop: null })],
    ],
    ['pass', 'a negated port', [chain('accept'), rule(right(80, dport, '!='), { drop: null })]],
  ];
  for (const [verdict, name, items] of cases) {
    it(`${verdict}: ${name}`, () => {
      expect(run(...items)).to.equal(verdict);
    });
  }
});
