import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect } from 'chai';
import { Ipvs, IpvsError, IpvsSync } from '@ipvs-ts/ipvs';
import { doubleTransport, doubleTransportSync, IpvsKernel } from '@ipvs-ts/ipvs/testing';

/** As Linux 6.1 and 6.12 wrote them. */
const SOFTNET = `0001a2b3 00000005 00000011 00000000 00000000 00000000 00000000 00000000 00000000 00000000 00000000 00000000 00000000
00009f3c 0000000a 00000002 00000000 00000000 00000000 00000000 00000000 00000000 00000000 00000000 00000000 00000001
`;
const CONNTRACK = `entries  clashres found new invalid ignore delete chainlength insert insert_failed drop early_drop icmp_error  expect_new expect_create expect_delete search_restart
00000029  00000000 00000000 00000000 00000004 00000000 00000000 00000002 00000000 00000000 00000010 00000000 00000000  00000000 00000000 00000000 00000000
00000029  00000000 00000000 00000000 00000001 00000000 00000000 00000002 00000000 00000000 000000ff 00000000 00000000  00000000 00000000 00000000 00000000
`;

describe('dropped packets', () => {
  let root = '';
  beforeEach(() => {
    root = mkdtempSync(join(tmpdir(), 'ipvs-ts-drops-'));
    mkdirSync(join(root, 'thread-self/net/stat'), { recursive: true });
    writeFileSync(join(root, 'thread-self/net/softnet_stat'), SOFTNET);
  });
  afterEach(() => rmSync(root, { recursive: true }));

  const conntrack = (text: string): void =>
    writeFileSync(join(root, 'thread-self/net/stat/nf_conntrack'), text);

  it('are added up over the CPUs', async () => {
    conntrack(CONNTRACK);
    const expected = { backlog: 15n, conntrack: 271n };
    await using ipvs = await Ipvs.open({ transport: doubleTransport(new IpvsKernel()), proc: root });
    expect(await ipvs.drops()).to.deep.equal(expected);
    const sync = IpvsSync.open({ transport: doubleTransportSync(new IpvsKernel()), proc: root });
    expect(sync.drops()).to.deep.equal(expected);
    sync.close();
  });

  it('are without those of conntrack where the kernel tracks no connections', async () => {
    await using ipvs = await Ipvs.open({ transport: doubleTransport(new IpvsKernel()), proc: root });
    expect(await ipvs.drops()).to.deep.equal({ backlog: 15n, conntrack: undefined });
  });

  it('are an error with file and line where they are not as the kernel writes them', async () => {
    await using ipvs = await Ipvs.open({ transport: doubleTransport(new IpvsKernel()), proc: root });
    for (const [text, place] of [
      ['entries found\n00 00\n', /nf_conntrack.*line 1|nf_conntrack:1/],
      [`${CONNTRACK}0029\n`, /nf_conntrack.*line 4|nf_conntrack:4/],
    ] as const) {
      conntrack(text);
      const error: unknown = await ipvs.drops().catch((each: unknown) => each);
      expect(IpvsError.is(error, 'ERR_IPVS_PROC')).to.equal(true);
      expect((error as Error).message).to.match(place);
    }
  });

  it('are not read for a test double without files of its own', async () => {
    await using ipvs = await Ipvs.open({ transport: doubleTransport(new IpvsKernel()) });
    const error: unknown = await ipvs.drops().catch((each: unknown) => each);
    expect(IpvsError.is(error, 'ERR_IPVS_PROC')).to.equal(true);
  });
});
