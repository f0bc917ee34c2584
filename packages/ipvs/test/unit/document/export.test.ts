import { expect } from 'chai';
import fc from 'fast-check';
import {
  type DesiredState,
  DocumentError,
  exportState,
  Ipvs,
  IpvsError,
  readDocument,
  type TableEntry,
  writeDocument,
} from '@ipvs-ts/ipvs';
import { doubleTransport, IpvsKernel } from '@ipvs-ts/ipvs/testing';
import { building, states } from '../plan/states.js';

/** Nothing that the kernel tells is at its default here. */
const RICH: DesiredState = {
  services: {
    'tcp:192.0.2.9:443': {
      scheduler: 'sh',
      flags: ['sh-fallback', 'sh-port'],
      persistence: { timeout: 300, netmask: '255.255.255.0', engine: 'sip' },
      destinations: {
        '10.0.0.9:443': { forwarding: 'masq', weight: 0, upperThreshold: 20, lowerThreshold: 10 },
        '10.0.0.10:443': {
          forwarding: 'tunnel',
          weight: 2_147_483_647,
          tunnel: { type: 'gre', checksum: 'csum' },
        },
        '[2001:db8::1]:443': {
          forwarding: 'tunnel',
          weight: 1,
          tunnel: { type: 'gue', port: 6080, checksum: 'remcsum' },
        },
        '[2001:db8::2]:443': { forwarding: 'tunnel', weight: 1 },
      },
    },
    'tcp:192.0.2.10:80': { scheduler: 'wrr', flags: ['flag-2'], destinations: {} },
    'tcp:[2001:db8::1]:0': { scheduler: 'rr', persistence: { timeout: 60, netmask: 64 }, destinations: {} },
    'udp:192.0.2.9:53': { scheduler: 'none', onePacket: true, destinations: {} },
    'fwmark:2': { scheduler: 'wlc', destinations: { '10.0.0.1:0': { forwarding: 'local', weight: 1 } } },
    'fwmark:10': { scheduler: 'wlc', persistence: { timeout: 0, netmask: '255.255.0.0' }, destinations: {} },
    'fwmark6:1': { scheduler: 'wlc', destinations: {} },
  },
  timeouts: { tcp: 901, tcpFin: 121, udp: 301 },
  daemons: {},
};

const DAEMONS: DesiredState['daemons'] = {
  master: { interface: 'eth0', syncId: 7, maxLength: 1400, group: '224.0.0.90', port: 9000, ttl: 3 },
  backup: { interface: 'eth0', syncId: 8, maxLength: 1200, group: 'ff02::81', port: 9001, ttl: 4 },
};

async function opened(): Promise<Ipvs> {
  return Ipvs.open({ transport: doubleTransport(new IpvsKernel()) });
}

describe('exports', () => {
  it('hold everything that is set, in one order', async () => {
    await using ipvs = await opened();
    await (await ipvs.plan(RICH)).apply();
    const state = await exportState(ipvs);
    expect(state).to.deep.equal(RICH);
    expect(JSON.stringify(state)).to.equal(JSON.stringify(RICH));
    expect(await (await ipvs.plan(state, { prune: 'all' })).apply()).to.deep.equal({
      changes: [],
      replans: 0,
    });
  });

  it('hold sync daemons as they run', async () => {
    await using ipvs = await opened();
    await (await ipvs.plan({ services: {}, daemons: DAEMONS })).apply();
    expect((await exportState(ipvs)).daemons).to.deep.equal(DAEMONS);
  });

  it('have the same text after being applied to an empty kernel', async () => {
    await fc.assert(
      fc.asyncProperty(states, fc.constantFrom('json' as const, 'yaml' as const), async (state, format) => {
        await using one = await opened();
        await using other = await opened();
        expect((await one.batch(building(state))).every(({ ok }) => ok)).to.equal(true);
        const text = writeDocument(await exportState(one), format);
        await (await other.plan(await readDocument(text))).apply();
        expect(writeDocument(await exportState(other), format)).to.equal(text);
      }),
      { numRuns: 60 },
    );
  });

  it('refuse what no document can hold', async () => {
    await using ipvs = await opened();
    await (await ipvs.plan({ services: { 'fwmark:1': { destinations: { '10.0.0.1:80': {} } } } })).apply();
    const table = (await ipvs.table()) as unknown as {
      service: { rawFlags: number };
      destinations: object[];
    }[];
    const source = {
      table: async () => table as unknown as TableEntry[],
      timeouts: () => ipvs.timeouts(),
      daemons: () => ipvs.daemons(),
    };
    (table[0] as (typeof table)[0]).service.rawFlags = 0x102;
    Object.assign((table[0] as (typeof table)[0]).destinations[0] as object, { forwarding: 'method-5' });
    const error: unknown = await exportState(source).catch((each: unknown) => each);
    if (!DocumentError.is(error)) throw error;
    expect(error.code).to.equal('ERR_IPVS_DOCUMENT');
    expect(error.problems.map(({ path }) => path)).to.deep.equal([
      'services["fwmark:1"]',
      'services["fwmark:1"].destinations["10.0.0.1:80"].forwarding',
    ]);
    expect(error.message).to.include('0x100');
  });

  it('are written only if they are valid', () => {
    expect(() => writeDocument({ services: { 'fwmark:0': {} } })).to.throw(IpvsError, 'cannot write');
    expect(() => writeDocument({ services: {} }, 'xml' as 'json')).to.throw(RangeError, 'json, yaml');
  });

  it('lists services by protocol, address and port, marks last, and destinations by address and port', async () => {
    const names = [
      'sctp:10.0.0.1:9',
      'tcp:9.0.0.1:80',
      'tcp:10.0.0.1:9',
      'tcp:10.0.0.1:80',
      'tcp:[2001:db8::1]:80',
      'udp:10.0.0.1:53',
      'fwmark:9',
      'fwmark:10',
      'fwmark6:1',
    ];
    const below = ['9.0.0.1:80', '10.0.0.1:9', '10.0.0.1:80', '10.0.0.2:1'];
    const destinations = Object.fromEntries(below.toReversed().map((name) => [name, {}]));
    const services = Object.fromEntries(
      names.toReversed().map((name) => [name, name === 'tcp:9.0.0.1:80' ? { destinations } : {}]),
    );
    await using ipvs = await Ipvs.open({ transport: doubleTransport(new IpvsKernel()) });
    await (await ipvs.plan({ services })).apply();
    const state = await exportState(ipvs);
    expect(Object.keys(state.services)).to.deep.equal(names);
    expect(Object.keys(state.services['tcp:9.0.0.1:80']?.destinations ?? {})).to.deep.equal(below);
    expect(Object.isFrozen(state.services)).to.equal(false);
    expect(Object.isFrozen((await exportState(ipvs, { freeze: true })).services)).to.equal(true);
  });
});
