import { expect } from 'chai';
import { examine, readNftables } from '@ipvs-ts/director';
import { healthy } from './director.js';

/** What is found with one chain, which drops what no rule accepts. */
async function found(hook: string, prio: number, ...expressions: unknown[][]): Promise<string[]> {
  const common = { family: 'inet', table: 'fw' };
  const nftables = [
    { table: { family: 'inet', name: 'fw', handle: 1 } },
    { chain: { ...common, name: 'in', type: 'filter', hook, prio, policy: 'drop' } },
    ...expressions.map((expr, handle) => ({ rule: { ...common, chain: 'in', handle, expr } })),
  ];
  const tables = readNftables(JSON.stringify({ nftables }));
  return examine(await healthy({ firewall: { tables, unseen: [] } })).map(({ found: text }) => text);
}

const accept = (field: 'saddr' | 'daddr', address: string): unknown[] => [
  { match: { op: '==', left: { payload: { protocol: 'ip', field } }, right: address } },
  { accept: null },
];

describe('a chain with the priority of IPVS', () => {
  it('perhaps drops, since it may be called before IPVS or after it', async () => {
    expect(await found('input', 98)).to.deep.equal([
      'nft, table inet fw, chain in: its policy drops requests before they are balanced',
    ]);
    expect(await found('input', 99)).to.deep.equal([
      'perhaps nft, table inet fw, chain in: its policy drops requests before they are balanced, depending on whether it is called before IPVS or after it: both have priority 99',
    ]);
    expect(await found('input', 100)).to.deep.equal([]);
  });

  it('perhaps drops replies, whichever of the two addresses it accepts', async () => {
    expect((await found('forward', 100)).length).to.equal(1);
    expect(await found('forward', 100, accept('saddr', '192.0.2.10'))).to.match(/^perhaps .* priority 100$/);
    const net = { prefix: { addr: '10.0.0.0', len: 24 } } as unknown as string;
    expect(await found('forward', 100, accept('saddr', net))).to.match(/^perhaps .* priority 100$/);
    expect(await found('forward', 100, accept('saddr', net), accept('saddr', '192.0.2.10'))).to.deep.equal(
      [],
    );
  });

  it('is not reported if it accepts the packets in both orders', async () => {
    expect(await found('input', 99, accept('daddr', '192.0.2.10'))).to.deep.equal([]);
  });
});
