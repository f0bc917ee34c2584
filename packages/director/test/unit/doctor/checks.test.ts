import { expect } from 'chai';
import { IpvsError } from '@ipvs-ts/ipvs';
import { CHECKS, examine } from '@ipvs-ts/director';
import { healthy } from './director.js';
import { examples } from './examples.js';

describe('the checks', () => {
  it('find nothing on a healthy director', async () => {
    expect(examine(await healthy())).to.deep.equal([]);
  });

  it('have an example each', () => {
    expect(Object.keys(examples)).to.deep.equal(CHECKS.map(({ id }) => id));
  });

  it('distinguish a user namespace from a kernel without IPVS', async () => {
    const failure = new IpvsError('ERR_IPVS_USER_NAMESPACE', 'not here', { operation: 'open IPVS' });
    const found = examine(await healthy({ failure, table: [] }));
    expect(found.map(({ id }) => id)).to.deep.equal(['capability']);
    expect(found[0]?.found).to.include('user namespace');
  });

  it('ignore old half-open connections of a service that was fixed, and report those of others', async () => {
    const facts = await examples['return-path']?.();
    if (facts === undefined) throw new Error('no example');
    const ids = (fixed: string): string[] =>
      examine({ ...facts, fixed: new Set([fixed]) }).map(({ id }) => id);
    expect(ids('tcp:192.0.2.10:80')).to.deep.equal([]);
    expect(ids('tcp:192.0.2.10:81')).to.deep.equal(['return-path']);
  });

  it('do not blame rp_filter for forged senders where another interface leads elsewhere', async () => {
    const sysctls = { 'net/ipv4/conf/all/rp_filter': '1' };
    for (const links of [[], [2]]) {
      const facts = await healthy({ sysctls, reversePathDrops: 12, gatewayLinks: new Set(links) });
      expect(examine(facts), String(links)).to.deep.equal([]);
    }
  });

  it("do not report a hairpin for a client on the servers' wire but outside their network", async () => {
    const facts = await examples['hairpin']?.();
    if (facts === undefined) throw new Error('no example');
    const addresses = facts.addresses.map((own) => ({ ...own, prefixLength: 28 }));
    expect(examine({ ...facts, addresses }).map(({ id }) => id)).to.deep.equal(['return-path']);
  });

  it('know interfaces that forward IPv6 by their own setting', async () => {
    const facts = await examples['forwarding-ipv6']?.();
    if (facts === undefined) throw new Error('no example');
    const sysctl = (path: string): string | undefined =>
      path === 'net/ipv6/conf/eth1/force_forwarding' ? '1' : facts.sysctl(path);
    expect(examine({ ...facts, sysctl })).to.deep.equal([]);
  });

  for (const { id, severity } of CHECKS) {
    it(`find ${id}, and nothing else, in its example`, async () => {
      const facts = await examples[id]?.();
      if (facts === undefined) throw new Error(`no example of ${id}`);
      const findings = examine(facts);
      expect(
        [...new Set(findings.map((finding) => finding.id))],
        JSON.stringify(findings, null, 1),
      ).to.deep.equal([id]);
      for (const finding of findings) {
        expect(finding.severity).to.equal(severity);
        expect(finding.fix.length > 0 || finding.advice !== undefined, 'a way to fix it').to.equal(true);
        expect(finding.safe, 'safe fixes are settings').to.equal(finding.settings.length > 0);
        if (finding.safe) for (const each of finding.fix) expect(each).to.match(/^sysctl -w /);
      }
    });
  }
});
