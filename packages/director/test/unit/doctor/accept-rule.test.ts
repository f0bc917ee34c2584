import { expect } from 'chai';
import { calls } from '@ipvs-ts/ipvs';
import { examine, type Facts, readIptables, readNftables } from '@ipvs-ts/director';
import { healthy, tableOf } from './director.js';

/** A table of services at keys, each with destinations of NAT. */
function services(keys: readonly string[], ...destinations: string[]): Promise<Facts['table']> {
  return tableOf(async (ipvs) => {
    await ipvs.batch(
      keys.flatMap((key) => [
        calls.addService(key, { scheduler: 'rr' }),
        ...destinations.map((each) => calls.addDestination(key, each, { forwarding: 'masq' })),
      ]),
    );
  });
}

const ports = (low: number, count: number, step = 1, protocol = 'tcp', address = '192.0.2.10'): string[] =>
  Array.from({ length: count }, (_, at) => `${protocol}:${address}:${low + at * step}`);

async function fix(table: Facts['table'], tables: Facts['firewall']['tables']): Promise<readonly string[]> {
  const facts = await healthy({ table });
  const findings = examine({
    ...facts,
    routes: new Map([
      ...facts.routes,
      ['2001:db8::10', { type: 'local', link: 1 }],
      ['fd00::11', { type: 'unicast', link: 3, source: 'fd00::1' }],
    ]),
    addresses: [
      ...facts.addresses,
      { link: 2, family: 'ipv4', address: '192.0.2.9', prefixLength: 24, usable: true },
      { link: 2, family: 'ipv6', address: '2001:db8::10', prefixLength: 64, usable: true },
    ],
    firewall: { tables, unseen: [] },
  });
  expect(findings.length).to.equal(1);
  expect(findings[0]?.services.length).to.equal(table.length);
  return findings[0]?.fix ?? [];
}

const iptables = (tool: string, ...lines: string[]): Facts['firewall']['tables'] =>
  readIptables(`*filter\n${lines.join('\n')}\nCOMMIT\n`, tool, tool.startsWith('ip6') ? 'ipv6' : 'ipv4');

const closed = (tool: string): Facts['firewall']['tables'] => iptables(tool, ':INPUT DROP [0:0]');

const nft = (hook: string): Facts['firewall']['tables'] =>
  readNftables(
    JSON.stringify({
      nftables: [
        { table: { family: 'inet', name: 'fw', handle: 1 } },
        { chain: { family: 'inet', table: 'fw', name: 'in', type: 'filter', hook, prio: 0, policy: 'drop' } },
      ],
    }),
  );

describe('the commands that open a closed firewall', () => {
  it('name neighbouring ports as ranges, and no other ports', async () => {
    const table = await services(
      [...ports(2000, 1000), 'tcp:192.0.2.10:80', 'tcp:192.0.2.10:82'],
      '10.0.0.11:80',
    );
    expect(await fix(table, closed('iptables-legacy'))).to.deep.equal([
      'iptables-legacy -I INPUT -p tcp -d 192.0.2.10 -m multiport --dports 80,82,2000:2999 -j ACCEPT',
    ]);
    expect(await fix(table, closed('iptables-nft'))).to.deep.equal([
      'iptables-nft -I INPUT -p tcp -d 192.0.2.10 -m multiport --dports 80,82,2000:2999 -j ACCEPT',
    ]);
    expect(await fix(table, nft('input'))).to.deep.equal([
      "nft insert rule inet fw in ip daddr 192.0.2.10 tcp dport '{ 80, 82, 2000-2999 }' accept",
    ]);
  });

  it('have one range, or one port, without a list', async () => {
    const range = await services(ports(80, 3), '10.0.0.11:80');
    expect(await fix(range, closed('iptables'))).to.deep.equal([
      'iptables -I INPUT -p tcp -d 192.0.2.10 --dport 80:82 -j ACCEPT',
    ]);
    expect(await fix(range, nft('input'))).to.deep.equal([
      'nft insert rule inet fw in ip daddr 192.0.2.10 tcp dport 80-82 accept',
    ]);
    const one = await services(ports(80, 1), '10.0.0.11:80');
    expect(await fix(one, closed('iptables'))).to.deep.equal([
      'iptables -I INPUT -p tcp -d 192.0.2.10 --dport 80 -j ACCEPT',
    ]);
  });

  it('have at most fifteen entries of multiport, of which a range takes two', async () => {
    const single = await services(ports(1001, 31, 2), '10.0.0.11:80');
    const commands = await fix(single, closed('iptables'));
    expect(commands.length).to.equal(3);
    const lists = commands.map((each) => (/--dports? (\S+)/.exec(each)?.[1] ?? '').split(','));
    expect(lists.map(({ length }) => length)).to.deep.equal([15, 15, 1]);
    expect(lists.flat().map(Number)).to.deep.equal(Array.from({ length: 31 }, (_, at) => 1001 + 2 * at));
    const pairs = await services(
      Array.from({ length: 8 }, (_, at) => ports(100 + at * 10, 2)).flat(),
      '10.0.0.11:80',
    );
    const ranges = (await fix(pairs, closed('iptables'))).map((each) => /--dports? (\S+)/.exec(each)?.[1]);
    expect(ranges).to.deep.equal(['100:101,110:111,120:121,130:131,140:141,150:151,160:161', '170:171']);
    expect(await fix(single, nft('input'))).to.have.length(1);
  });

  it('are separate for protocols and for addresses with other ports, and one for addresses with the same', async () => {
    const table = await services(
      [
        ...ports(80, 2),
        ...ports(80, 2, 1, 'tcp', '192.0.2.9'),
        ...ports(53, 1, 1, 'udp'),
        ...ports(53, 1, 1, 'udp', '192.0.2.9'),
        ...ports(5000, 1, 1, 'sctp'),
      ],
      '10.0.0.11:80',
    );
    expect(await fix(table, closed('iptables'))).to.have.members([
      'iptables -I INPUT -p tcp -d 192.0.2.10,192.0.2.9 --dport 80:81 -j ACCEPT',
      'iptables -I INPUT -p udp -d 192.0.2.10,192.0.2.9 --dport 53 -j ACCEPT',
      'iptables -I INPUT -p sctp -d 192.0.2.10 --dport 5000 -j ACCEPT',
    ]);
    expect(await fix(table, nft('input'))).to.have.members([
      "nft insert rule inet fw in ip daddr '{ 192.0.2.10, 192.0.2.9 }' tcp dport 80-81 accept",
      "nft insert rule inet fw in ip daddr '{ 192.0.2.10, 192.0.2.9 }' udp dport 53 accept",
      'nft insert rule inet fw in ip daddr 192.0.2.10 sctp dport 5000 accept',
    ]);
    const other = await services([...ports(80, 2), ...ports(81, 2, 1, 'tcp', '192.0.2.9')], '10.0.0.11:80');
    expect(await fix(other, closed('iptables'))).to.have.members([
      'iptables -I INPUT -p tcp -d 192.0.2.10 --dport 80:81 -j ACCEPT',
      'iptables -I INPUT -p tcp -d 192.0.2.9 --dport 81:82 -j ACCEPT',
    ]);
  });

  it('name the servers whose replies are forwarded', async () => {
    const table = await services(ports(80, 3), '10.0.0.11:0', '10.0.0.12:0');
    expect(await fix(table, iptables('iptables', ':FORWARD DROP [0:0]'))).to.deep.equal([
      'iptables -I FORWARD -p tcp -s 10.0.0.11,10.0.0.12 --sport 80:82 -j ACCEPT',
    ]);
    expect(await fix(table, nft('forward'))).to.deep.equal([
      "nft insert rule inet fw in ip saddr '{ 10.0.0.11, 10.0.0.12 }' tcp sport 80-82 accept",
    ]);
  });

  it('name all ports that a service by mark has', async () => {
    const mark = readIptables(
      '*mangle\n:PREROUTING ACCEPT [0:0]\n-A PREROUTING -d 192.0.2.10/32 -p tcp -m multiport --dports 80,8000:8100 -j MARK --set-xmark 0x7/0xffffffff\nCOMMIT\n',
      'iptables',
      'ipv4',
    );
    expect(
      await fix(await services(['fwmark:7'], '10.0.0.11:0'), [...mark, ...closed('iptables')]),
    ).to.deep.equal(['iptables -I INPUT -p tcp -d 192.0.2.10 -m multiport --dports 80,8000:8100 -j ACCEPT']);
    expect(
      await fix(await services(['fwmark:7'], '10.0.0.11:0'), [
        ...mark,
        ...iptables('iptables', ':FORWARD DROP [0:0]'),
      ]),
    ).to.deep.equal(['iptables -I FORWARD -p tcp -s 10.0.0.11 -m multiport --sports 80,8000:8100 -j ACCEPT']);
    expect(
      await fix(await services(['fwmark:7'], '10.0.0.11:80'), [
        ...mark,
        ...iptables('iptables', ':FORWARD DROP [0:0]'),
      ]),
    ).to.deep.equal(['iptables -I FORWARD -p tcp -s 10.0.0.11 --sport 80 -j ACCEPT']);
  });

  it('are for IPv6 too', async () => {
    const table = await services(ports(80, 40, 2, 'tcp', '[2001:db8::10]'), '[fd00::11]:80');
    const rule = ['-A INPUT -p tcp -j DROP'];
    const commands = await fix(table, iptables('ip6tables-legacy', ...rule, ':INPUT ACCEPT', ...rule));
    expect(commands).to.have.length(3);
    expect(commands[0]).to.match(
      /^ip6tables-legacy -I INPUT -p tcp -d 2001:db8::10 -m multiport --dports 80,82,/,
    );
  });
});
