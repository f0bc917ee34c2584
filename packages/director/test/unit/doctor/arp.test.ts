import { expect } from 'chai';
import { examine, type Facts, readArptables, readNftables } from '@ipvs-ts/director';
import { healthy, link } from './director.js';

type Changes = Parameters<typeof healthy>[0];

async function findings(
  tables: Facts['firewall']['tables'],
  changes: Changes = {},
): Promise<{ id: string; fix: readonly string[] }[]> {
  const facts = await healthy({ ...changes, firewall: { tables, unseen: [] } });
  return examine(facts).map(({ id, fix, perhaps }) => ({ id: `${perhaps ? 'perhaps ' : ''}${id}`, fix }));
}

/** A listing of arptables-legacy. */
const listing = (input: string, ...lines: string[]): string =>
  [
    `Chain INPUT (policy ${input} 0 packets, 0 bytes)`,
    ...lines.filter((line) => !line.startsWith('out ') && !line.startsWith('lan ')),
    '',
    'Chain OUTPUT (policy ACCEPT 0 packets, 0 bytes)',
    ...lines.filter((line) => line.startsWith('out ')).map((line) => line.slice(4)),
    '',
    'Chain FORWARD (policy ACCEPT 0 packets, 0 bytes)',
    '',
    'Chain lan (1 references)',
    ...lines.filter((line) => line.startsWith('lan ')).map((line) => line.slice(4)),
    '',
  ].join('\n');

const rule = (text: string): string => `${text} , pcnt=3 -- bcnt=84 `;

const ids = async (input: string, lines: string[], changes: Changes = {}): Promise<string[]> =>
  (await findings(readArptables(listing(input, ...lines.map(rule))), changes)).map(({ id }) => id);

describe('rules of arptables-legacy', () => {
  it('that drop requests for the virtual address are named, with a rule that accepts them', async () => {
    const tables = readArptables(listing('ACCEPT', rule('-j DROP -i * -o * -d 192.0.2.10')));
    expect(await findings(tables)).to.deep.equal([
      { id: 'firewall-input', fix: ['arptables-legacy -I INPUT -d 192.0.2.10 --opcode 1 -j ACCEPT'] },
    ]);
    expect(await ids('ACCEPT', ['-j DROP -i * -o * -d 192.0.2.11'])).to.deep.equal([]);
    expect(await ids('ACCEPT', ['-j DROP -i eth1 -o * -d 192.0.2.10'])).to.deep.equal([]);
    expect(await ids('ACCEPT', ['-j DROP -i eth+ -o * ! -s 10.0.0.0/8 --opcode 1'])).to.deep.equal([]);
    expect(await ids('ACCEPT', ['-j DROP -i * -o * -d 192.0.2.10 --opcode 1'])).to.deep.equal([
      'firewall-input',
    ]);
    expect(await ids('ACCEPT', ['-j DROP -i * -o * -d 192.0.2.10 --opcode 2'])).to.deep.equal([]);
    expect(await ids('ACCEPT', ['-j DROP -i * -o * --h-length 6 --h-type 1 --opcode 1'])).to.deep.equal([
      'firewall-input',
    ]);
  });

  it('that drop replies, to clients or of servers, are named', async () => {
    expect(await ids('ACCEPT', ['out -j DROP -i * -o * -s 192.0.2.10'])).to.deep.equal(['firewall-output']);
    expect(await ids('ACCEPT', ['out -j DROP -i * -o * -s 192.0.2.11'])).to.deep.equal([]);
    const tables = readArptables(listing('ACCEPT', rule('-j DROP -i * -o * -s 10.0.0.12')));
    const failed = { neighbours: [{ link: 3, address: '10.0.0.12', state: 'failed' as const }] };
    expect(await findings(tables, failed)).to.deep.equal([
      {
        id: 'firewall-input',
        fix: ['arptables-legacy -I INPUT -s 10.0.0.12 -d 10.0.0.1 --opcode 2 -j ACCEPT'],
      },
    ]);
  });

  it('are followed into chains, up to the policy', async () => {
    expect(await ids('DROP', ['-j lan -i * -o *', 'lan -j ACCEPT -i * -o * -d 192.0.2.0/24'])).to.deep.equal([
      'firewall-input',
    ]);
    expect(await ids('DROP', ['-j lan -i * -o *', 'lan -j ACCEPT -i * -o *'])).to.deep.equal([]);
  });

  it('that cannot be judged drop perhaps', async () => {
    expect(await ids('ACCEPT', ['-j DROP -i * -o * --src-mac 00:11:22:33:44:55'])).to.deep.equal([
      'perhaps firewall-input',
    ]);
    expect(
      await ids('ACCEPT', ['out -j mangle -i * -o * -s 192.0.2.10 --mangle-ip-s 192.0.2.1']),
    ).to.deep.equal(['perhaps firewall-output']);
  });

  it('are ignored on a standby, which must not answer', async () => {
    expect(await ids('ACCEPT', ['-j DROP -i * -o * -d 192.0.2.10'], { vrrp: true })).to.deep.equal([]);
  });
});

describe('chains of nft for ARP', () => {
  const match = (left: unknown, right: unknown): unknown => ({ match: { op: '==', left, right } });
  const payload = (protocol: string, field: string): unknown => ({ payload: { protocol, field } });
  const table = (family: string, hook: string, ...expr: unknown[]): Facts['firewall']['tables'] =>
    readNftables(
      JSON.stringify({
        nftables: [
          { table: { family, name: 'fw', handle: 1 } },
          { chain: { family, table: 'fw', name: 'at', type: 'filter', hook, prio: 0, policy: 'accept' } },
          { rule: { family, table: 'fw', chain: 'at', handle: 2, expr: [...expr, { drop: null }] } },
        ],
      }),
    );
  const request = match(payload('arp', 'operation'), 'request');
  const asked = match(payload('arp', 'daddr ip'), '192.0.2.10');

  it('are named, each with its own command', async () => {
    expect(await findings(table('arp', 'input', request, asked))).to.deep.equal([
      {
        id: 'firewall-input',
        fix: ['nft insert rule arp fw at arp operation request arp daddr ip 192.0.2.10 accept'],
      },
    ]);
    expect(
      await findings(table('arp', 'input', match(payload('arp', 'daddr ip'), '192.0.2.9'))),
    ).to.deep.equal([]);
    expect(await findings(table('arp', 'forward', asked))).to.deep.equal([]);
    expect(
      (await findings(table('netdev', 'ingress', match(payload('ether', 'type'), 'arp')))).map(
        ({ id }) => id,
      ),
    ).to.deep.equal(['firewall-input']);
    // Rules for packets of IP do not match ARP.
    expect(
      await findings(table('netdev', 'ingress', match(payload('ip', 'daddr'), '203.0.113.0'))),
    ).to.deep.equal([]);
    expect(
      await findings(table('netdev', 'ingress', match({ meta: { key: 'l4proto' } }, 'gre'))),
    ).to.deep.equal([]);
  });

  it('of a bridge see what its ports receive, where the address is on it', async () => {
    const bridge = { links: [link(1, 'lo'), link(2, 'eth0', { kind: 'bridge' }), link(3, 'eth1')] };
    const drop = table('bridge', 'prerouting', asked);
    expect(await findings(drop)).to.deep.equal([]);
    expect(await findings(drop, bridge)).to.deep.equal([
      {
        id: 'firewall-input',
        fix: ['nft insert rule bridge fw at arp operation request arp daddr ip 192.0.2.10 accept'],
      },
    ]);
    const web = [match(payload('ip', 'daddr'), '192.0.2.10'), match(payload('tcp', 'dport'), 80)];
    expect(await findings(table('bridge', 'input', ...web), bridge)).to.deep.equal([
      { id: 'firewall-input', fix: ['nft insert rule bridge fw at ip daddr 192.0.2.10 tcp dport 80 accept'] },
    ]);
    expect(await findings(table('bridge', 'forward', ...web), bridge)).to.deep.equal([]);
  });
});
