import { expect } from 'chai';
import fc from 'fast-check';
import {
  type Call,
  calls,
  type DesiredState,
  exportDocument,
  exportState,
  Ipvs,
  IpvsSync,
  readDocument,
  writeDocument,
} from '@ipvs-ts/ipvs';
import { doubleTransport, doubleTransportSync, IpvsKernel } from '@ipvs-ts/ipvs/testing';
import { transportOf } from '@ipvs-ts/netlink/testing';
import { mutate, Random } from '../../fuzz/mutate.js';
import { AlteredKernel } from '../altered-kernel.js';
import { building, service } from '../plan/states.js';
import { withoutWebAssembly } from '../without-web-assembly.js';

const NAMES = [
  ...['tcp:192.0.2.10:80', 'tcp:192.0.2.9:443', 'tcp:10.0.0.1:80', 'tcp:[2001:db8::10]:80', 'tcp:[::1]:1'],
  ...[
    'udp:192.0.2.10:53',
    'udp:192.0.2.10:5',
    'udp:[2001:db8::10]:53',
    'sctp:192.0.2.10:80',
    'sctp:[fd00::1]:9',
  ],
  ...['fwmark:7', 'fwmark:10', 'fwmark:4294967295', 'fwmark6:7', 'fwmark6:1'],
];

/** Of small tables, some have nothing unusual. */
const some = fc
  .oneof(fc.subarray(NAMES, { maxLength: 2 }), fc.subarray(NAMES))
  .chain((names) => fc.record(Object.fromEntries(names.map((name) => [name, service(name)]))))
  .map((services) => ({ services }));

function kernelWith(made: readonly Call<void>[]): IpvsKernel {
  const kernel = new IpvsKernel();
  IpvsSync.open({ transport: doubleTransportSync(kernel) }).batch(made);
  return kernel;
}

async function outcome(text: Promise<string>): Promise<string> {
  return text.catch((error: unknown) => `error: ${(error as Error).message}`);
}

/** A text by objects. */
async function byObjects(ipvs: Ipvs): Promise<string> {
  return outcome(exportState(ipvs).then((state) => writeDocument(state)));
}

describe('exported documents', () => {
  it('are the texts of the states, whatever the table', async function () {
    this.timeout(120_000);
    let direct = 0;
    await fc.assert(
      fc.asyncProperty(some, async (state) => {
        await using ipvs = await Ipvs.open({ transport: doubleTransport(kernelWith(building(state))) });
        const expected = await byObjects(ipvs);
        expect(await outcome(exportDocument(ipvs))).to.equal(expected);
        if ((await ipvs.documentLines()) !== undefined) direct += 1;
      }),
      { numRuns: 60 },
    );
    expect(direct).to.be.greaterThan(3);
  });

  it('of services of all kinds are made of lines', async () => {
    const state: DesiredState = {
      services: {
        'sctp:192.0.2.1:9': { scheduler: 'none', destinations: {} },
        'tcp:192.0.2.9:0': {
          scheduler: 'sh',
          flags: ['sh-fallback', 'sh-port'],
          persistence: { timeout: 300, netmask: '255.255.255.0', engine: 'sip' },
          destinations: {
            '10.0.0.9:443': { forwarding: 'masq', weight: 0, upperThreshold: 20, lowerThreshold: 10 },
            '10.0.0.10:443': { forwarding: 'tunnel', weight: 5, tunnel: { type: 'gre', checksum: 'csum' } },
            '10.0.0.11:443': { forwarding: 'tunnel', weight: 6, tunnel: { type: 'gue', port: 6080 } },
            '10.0.0.12:443': { forwarding: 'tunnel', weight: 7 },
          },
        },
        'tcp:[2001:db8::1]:80': {
          scheduler: 'rr',
          persistence: { timeout: 60, netmask: 64 },
          destinations: { '[fd00::1]:80': { forwarding: 'route', weight: 1, upperThreshold: 4 } },
        },
        'udp:192.0.2.9:53': { scheduler: 'wlc', onePacket: true, destinations: {} },
        'fwmark:2': { scheduler: 'wlc', destinations: { '10.0.0.1:0': { forwarding: 'local', weight: 1 } } },
        'fwmark6:1': { scheduler: 'wrr', flags: ['flag-2'], destinations: {} },
      },
    };
    await using ipvs = await Ipvs.open({ transport: doubleTransport(kernelWith(building(state))) });
    expect(await ipvs.documentLines()).to.be.a('string');
    const text = await exportDocument(ipvs);
    expect(text).to.equal(await byObjects(ipvs));
    expect((await readDocument(text)).services).to.deep.equal(state.services);
    expect(JSON.parse(await exportDocument(ipvs, 'json'))).to.deep.equal(await readDocument(text));
    expect(await withoutWebAssembly(() => ipvs.documentLines())).to.equal(undefined);
  });

  it('leave to objects what not every document can hold', async () => {
    const raw = { ...calls.addDestination('tcp:192.0.2.1:80', '10.0.0.1:80') };
    const service = calls.addService('tcp:192.0.2.1:80', { scheduler: 'rr' });
    const set = (values: object): Call<void>[] => [
      service,
      { ...raw, values: { ...raw.values, destination: { ...raw.values.destination, ...values } } },
    ];
    const serviceSet = (values: object): Call<void>[] => [
      { ...service, values: { ...service.values, service: { ...service.values.service, ...values } } },
    ];
    const cases: Readonly<Record<string, readonly Call<void>[]>> = {
      'a lower threshold above the upper one': set({ upperThreshold: 5, lowerThreshold: 9 }),
      'a lower threshold alone': set({ lowerThreshold: 9 }),
      'an ipip tunnel with a port': set({ forwarding: 2, tunnelType: 0, tunnelPort: 9 }),
      'an ipip tunnel with a checksum': set({ forwarding: 2, tunnelFlags: 1 }),
      'a gre tunnel with remcsum': set({ forwarding: 2, tunnelType: 2, tunnelFlags: 2 }),
      'a gue tunnel without a port': set({ forwarding: 2, tunnelType: 1 }),
      'the method bypass': set({ forwarding: 4 }),
      'another method': set({ forwarding: 5 }),
      'a multicast address': set({ address: Uint8Array.of(224, 0, 0, 1) }),
      'one packet of TCP': serviceSet({ flags: { flags: 4, mask: 0xffff_ffff } }),
      'other flags': serviceSet({ flags: { flags: 0x80, mask: 0xffff_ffff } }),
      'a netmask without persistence': [
        calls.addService('fwmark:1', { persistence: { timeout: 0, netmask: 8 } }),
      ],
      'a scheduler that YAML takes for a value': serviceSet({ scheduler: 'off' }),
      'two families': [
        calls.addService('tcp:192.0.2.1:80'),
        calls.addDestination('tcp:192.0.2.1:80', '[fd00::1]:80', { forwarding: 'tunnel' }),
      ],
    };
    for (const [what, made] of Object.entries(cases)) {
      await using ipvs = await Ipvs.open({ transport: doubleTransport(kernelWith(made)) });
      const expected = await byObjects(ipvs);
      expect(await outcome(exportDocument(ipvs)), what).to.equal(expected);
    }
  });

  it('are the same whatever the answers', async function () {
    this.timeout(120_000);
    const names = NAMES.slice(0, 12);
    const made = names.flatMap((name) => {
      const real = name.includes('[') ? '[fd00::1]' : '10.0.0.1';
      return [
        calls.addService(name, { scheduler: 'rr', persistence: { timeout: 60 } }),
        ...[80, 81].map((port) => calls.addDestination(name, `${real}:${port}`, { forwarding: 'masq' })),
      ];
    });
    const seen = { direct: 0, errors: 0 };
    for (let seed = 0; seed < 100; seed++) {
      const altered = new AlteredKernel(kernelWith(made));
      await using ipvs = await Ipvs.open({ transport: transportOf(altered) });
      altered.alter = (datagrams, request) => {
        const view = Buffer.from(request);
        const random = new Random(view.subarray(12).reduce((sum, byte) => Math.imul(sum, 31) + byte, seed));
        if (random.below(24) > 0) return datagrams;
        const [first = new Uint8Array(), ...rest] = datagrams;
        return [mutate(random, first), ...rest];
      };
      const expected = await byObjects(ipvs);
      const found = await outcome(exportDocument(ipvs));
      if (expected.startsWith('error')) {
        seen.errors += 1;
        expect(found.startsWith('error'), `seed ${seed}: ${expected}`).to.equal(true);
      } else expect(found, `seed ${seed}`).to.equal(expected);
      if ((await ipvs.documentLines().catch(() => undefined)) !== undefined) seen.direct += 1;
    }
    expect(Math.min(...Object.values(seen)), JSON.stringify(seen)).to.be.greaterThan(5);
  });

  it('are read as objects where the table changes between two readings', async () => {
    const kernel = kernelWith([calls.addService('fwmark:1'), calls.addDestination('fwmark:1', '10.0.0.1:0')]);
    const altered = new AlteredKernel(kernel);
    const other = IpvsSync.open({ transport: doubleTransportSync(kernel) });
    await using ipvs = await Ipvs.open({ transport: transportOf(altered) });
    let dumps = 0;
    altered.alter = (datagrams, request) => {
      if (request[16] === 8 && ++dumps === 1) other.setDestination('fwmark:1', '10.0.0.1:0', { weight: 9 });
      return datagrams;
    };
    expect(await exportDocument(ipvs)).to.include('weight: 9');
  });
});
