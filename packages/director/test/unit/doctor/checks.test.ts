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

  it('take half-open connections of a service that was fixed for no sign, and those of others for one', async () => {
    const facts = await examples['return-path']?.();
    if (facts === undefined) throw new Error('no example');
    const ids = (fixed: string): string[] =>
      examine({ ...facts, fixed: new Set([fixed]) }).map(({ id }) => id);
    expect(ids('tcp:192.0.2.10:80')).to.deep.equal([]);
    expect(ids('tcp:192.0.2.10:81')).to.deep.equal(['return-path']);
  });

  it('take forged senders for the work of rp_filter, where no other interface leads elsewhere', async () => {
    const sysctls = { 'net/ipv4/conf/all/rp_filter': '1' };
    for (const links of [[], [2]]) {
      const facts = await healthy({ sysctls, reversePathDrops: 12, gatewayLinks: new Set(links) });
      expect(examine(facts), String(links)).to.deep.equal([]);
    }
  });

  it('take a client on the wire of the servers, but not on their network, for no hairpin', async () => {
    const facts = await examples['hairpin']?.();
    if (facts === undefined) throw new Error('no example');
    const addresses = facts.addresses.map((own) => ({ ...own, prefixLength: 28 }));
    expect(examine({ ...facts, addresses }).map(({ id }) => id)).to.deep.equal(['return-path']);
  });

  it('know of interfaces that forward IPv6 on their own', async () => {
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
