import { expect } from 'chai';
import { examine, type Facts, readNftables } from '@ipvs-ts/director';
import { healthy, tableOf } from './director.js';

type Json = Readonly<Record<string, unknown>>;

/** A chain of a table `inet fw`, with rules as nft lists them in JSON. */
function chain(
  name: string,
  type: string,
  hook: string,
  prio: number,
  ...rules: readonly (readonly Json[])[]
): Json[] {
  const common = { family: 'inet', table: 'fw' };
  return [
    { chain: { ...common, name, type, hook, prio, policy: 'accept' } },
    ...rules.map((expr, handle) => ({ rule: { ...common, chain: name, handle, expr } })),
  ];
}

const input = (...rules: readonly (readonly Json[])[]): Json[] => chain('in', 'filter', 'input', 0, ...rules);

function firewall(items: readonly Json[], listing?: string, queues?: Set<number>): Facts['firewall'] {
  const nftables = [{ table: { family: 'inet', name: 'fw', handle: 1 } }, ...items];
  return { tables: readNftables(JSON.stringify({ nftables }), listing, queues), unseen: [] };
}

async function found(items: readonly Json[], changes: Parameters<typeof healthy>[0] = {}): Promise<string[]> {
  return examine(await healthy({ ...changes, firewall: firewall(items) })).map(
    ({ id, perhaps }) => `${perhaps ? 'perhaps ' : ''}${id}`,
  );
}

const match = (left: Json, right: unknown, op = '=='): Json => ({ match: { op, left, right } });
const payload = (protocol: string, field: string): Json => ({ payload: { protocol, field } });
const dport = (right: unknown, op?: string): Json => match(payload('tcp', 'dport'), right, op);
const map = (key: Json, ...elements: unknown[]): Json => ({ map: { key, data: { set: elements } } });
const DROP = { drop: null };

const marked = async (): Promise<Facts['table']> =>
  tableOf(async (ipvs) => {
    await ipvs.addService('fwmark:7', { scheduler: 'rr' });
    await ipvs.addDestination('fwmark:7', '10.0.0.11:0', { forwarding: 'masq' });
  });

describe('maps of nft', () => {
  const pre = (...rules: readonly (readonly Json[])[]): Json[] =>
    chain('pre', 'nat', 'prerouting', -100, ...rules);
  const to = (port: number): Json => ({
    dnat: { family: 'ip', addr: map(payload('tcp', 'dport'), [port, '172.17.0.2']) },
  });

  it('translate the packets that they name, and no others', async () => {
    expect(await found(pre([to(80)]))).to.deep.equal(['nat-first']);
    expect(await found(pre([to(8080)]))).to.deep.equal([]);
    const key = { concat: [payload('ip', 'daddr'), payload('tcp', 'dport')] };
    const named = (address: string): Json[] => [
      {
        map: {
          family: 'inet',
          table: 'fw',
          name: 'pods',
          type: ['ipv4_addr', 'inet_service'],
          map: 'ipv4_addr . inet_service',
          elem: [[{ concat: [address, 80] }, { concat: ['172.17.0.2', 8080] }]],
        },
      },
      ...pre([{ dnat: { family: 'ip', addr: { map: { key, data: '@pods' } } } }]),
    ];
    expect(await found(named('192.0.2.10'))).to.deep.equal(['nat-first']);
    expect(await found(named('192.0.2.1'))).to.deep.equal([]);
  });

  it('set marks', async () => {
    const mark = (...elements: unknown[]): Json[] =>
      chain('mark', 'filter', 'prerouting', -150, [
        { mangle: { key: { meta: { key: 'mark' } }, value: map(payload('tcp', 'dport'), ...elements) } },
      ]);
    const table = await marked();
    expect(await found(mark([80, 7], [443, 7]), { table })).to.deep.equal([]);
    expect(await found(mark([80, 8], [443, 9]), { table })).to.deep.equal(['unset-mark']);
    const closed = input([dport(80), DROP]);
    expect(await found([...mark([80, 7]), ...closed], { table })).to.deep.equal(['firewall-input']);
    expect(await found([...mark([443, 7]), ...closed], { table })).to.deep.equal([]);
  });
});

describe('marks of nft', () => {
  it('belong to pairs of addresses and ports', async () => {
    const key = { concat: [payload('ip', 'daddr'), payload('tcp', 'dport')] };
    const set = { set: [{ concat: ['192.0.2.10', 80] }, { concat: ['192.0.2.10', 443] }] };
    const mark = chain('mark', 'filter', 'prerouting', -150, [
      match(key, set),
      { mangle: { key: { meta: { key: 'mark' } }, value: 7 } },
    ]);
    const table = await marked();
    expect(await found(mark, { table })).to.deep.equal([]);
    expect(await found([...mark, ...input([dport(443), DROP])], { table })).to.deep.equal(['firewall-input']);
    expect(await found([...mark, ...input([dport(8080), DROP])], { table })).to.deep.equal([]);
  });

  it('are copied from connections, whole or in part', async () => {
    const rules = (value: unknown, first: boolean): Json[] => {
      const store = [dport(80), { mangle: { key: { ct: { key: 'mark' } }, value: 0x107 } }];
      const copy = [{ mangle: { key: { meta: { key: 'mark' } }, value } }];
      return chain('mark', 'filter', 'prerouting', -150, ...(first ? [copy, store] : [store, copy]));
    };
    const table = await marked();
    const ct = { ct: { key: 'mark' } };
    expect(await found(rules({ '&': [ct, 0xff] }, false), { table })).to.deep.equal([]);
    expect(await found(rules({ '&': [ct, 0xff] }, true), { table })).to.deep.equal(['unset-mark']);
    expect(await found(rules(ct, false), { table })).to.deep.equal(['unset-mark']);
  });
});

describe('chains of nft', () => {
  it('that translate drop only what conntrack follows', async () => {
    const dropped = chain('pre', 'nat', 'prerouting', -100, [dport(80), DROP]);
    expect(await found(dropped)).to.deep.equal([]);
    const followed = chain('post', 'nat', 'postrouting', 100, [
      match(payload('ip', 'saddr'), '198.51.100.1'),
      { masquerade: null },
    ]);
    expect(await found([...dropped, ...followed])).to.deep.equal(['firewall-input']);
  });

  it('see packets before IPVS up to priority 98', async () => {
    const at = (prio: number): Json[] => chain('in', 'filter', 'input', prio, [dport(80), DROP]);
    expect(await found(at(98))).to.deep.equal(['firewall-input']);
    expect(await found(at(101))).to.deep.equal([]);
  });

  it('of one interface see its packets as they leave and come', async () => {
    const at = (hook: string, rule: Json, device: string): Facts['firewall'] => ({
      tables: readNftables(
        JSON.stringify({
          nftables: [
            { table: { family: 'netdev', name: 'wire' } },
            {
              chain: {
                family: 'netdev',
                table: 'wire',
                name: 'at',
                type: 'filter',
                hook,
                prio: 0,
                policy: 'accept',
              },
            },
            { rule: { family: 'netdev', table: 'wire', chain: 'at', handle: 2, expr: [rule, DROP] } },
          ],
        }),
        `table netdev wire { # handle 1\n\tchain at { # handle 1\n\t\ttype filter hook ${hook} ${device} priority filter; policy accept;\n\t}\n}\n`,
      ),
      unseen: [],
    });
    const ids = async (...rule: Parameters<typeof at>): Promise<string[]> =>
      examine(await healthy({ firewall: at(...rule) })).map(({ id }) => id);
    const sport = match(payload('tcp', 'sport'), 80);
    expect(await ids('ingress', dport(80), 'device "eth0"')).to.deep.equal(['firewall-input']);
    expect(await ids('ingress', dport(80), 'device "eth1"')).to.deep.equal([]);
    expect(await ids('ingress', sport, 'devices = { eth1, eth2 }')).to.deep.equal(['firewall-forward']);
    expect(await ids('egress', dport(80), 'device "eth1"')).to.deep.equal(['firewall-output']);
    expect(await ids('egress', dport(80), 'device "eth0"')).to.deep.equal([]);
  });

  it('of a dormant table are not evaluated, as the listing says', async () => {
    const items = input([dport(80), DROP]);
    const asleep = firewall(
      items,
      'table inet fw { # handle 1\n\tflags dormant\n\tchain in { # handle 1\n\t}\n}\n',
    );
    expect(examine(await healthy({ firewall: asleep }))).to.deep.equal([]);
    expect(await found(items)).to.deep.equal(['firewall-input']);
  });
});

describe('statements and keys of nft', () => {
  const set = { family: 'inet', table: 'fw', name: 'seen', type: 'ipv4_addr', flags: ['timeout'] };
  const limit = { limit: { rate: 1, burst: 1, per: 'hour', inv: true } };
  const put = { set: { op: 'add', elem: payload('ip', 'saddr'), set: '@seen' } };

  it('that put packets into a set with a limit may let them go on', async () => {
    const rules = (more: Json): Json[] => [
      { set },
      ...input([dport(80), { set: { ...put.set, ...more } }, DROP]),
    ];
    expect(await found(rules({ stmt: [limit] }))).to.deep.equal(['perhaps firewall-input']);
    expect(await found(rules({}))).to.deep.equal(['firewall-input']);
  });

  it('that look clients up in a set that rules fill depend on the client', async () => {
    const rules = input([match(payload('ip', 'saddr'), '@seen'), DROP]);
    expect(await found([{ set }, ...rules])).to.deep.equal([]);
    expect(await found([{ set }, ...input([dport(22), put]), ...rules])).to.deep.equal([]);
  });

  it('know packets for this host, and ports of clients', async () => {
    const kind = { meta: { key: 'pkttype' } };
    expect(await found(input([match(kind, 'host', '!='), DROP]))).to.deep.equal([]);
    expect(await found(input([match(kind, 'host'), DROP]))).to.deep.equal(['firewall-input']);
    const sport = payload('tcp', 'sport');
    expect(await found(input([match(sport, 1024, '>='), DROP]))).to.deep.equal(['firewall-input']);
    expect(await found(input([match(sport, 1024, '<'), DROP]))).to.deep.equal([]);
    expect(await found(input([match(sport, { range: [1, 1023] }), DROP]))).to.deep.equal([]);
  });

  it('that give packets another destination cannot be judged', async () => {
    const rewrite = { mangle: { key: payload('ip', 'daddr'), value: '10.0.0.9' } };
    expect(await found(input([dport(80), rewrite]))).to.deep.equal(['perhaps firewall-input']);
    expect(await found(input([dport(81), rewrite]))).to.deep.equal([]);
  });

  it('of halves of all addresses are certain', async () => {
    const half = (addr: string): Json => match(payload('ip', 'saddr'), { prefix: { addr, len: 1 } });
    expect(await found(input([half('0.0.0.0'), DROP], [half('128.0.0.0'), DROP]))).to.deep.equal([
      'firewall-input',
    ]);
    expect(await found(input([half('0.0.0.0'), DROP]))).to.deep.equal([]);
  });
});
