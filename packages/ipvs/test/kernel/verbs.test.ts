import { expect } from 'chai';
import { type DestinationOptions, Ipvs, IpvsError, IpvsSync, type ServiceOptions } from '@ipvs-ts/ipvs';
import { Namespace } from './namespace.js';

/** Services by every kind of key, with every option, and what is read back beside the options themselves. */
const SERVICES: readonly (readonly [string, ServiceOptions, Record<string, unknown>?])[] = [
  ['tcp:192.0.2.10:80', {}, { scheduler: 'wlc', persistence: undefined, onePacket: false, family: 'ipv4' }],
  ['udp:192.0.2.10:53', { scheduler: 'rr', onePacket: true }],
  ['sctp:192.0.2.10:9', { scheduler: 'sed' }],
  ['tcp:[2001:db8::10]:80', { scheduler: 'wrr' }, { family: 'ipv6', address: '2001:db8::10' }],
  ['fwmark:7', { scheduler: 'lc' }, { fwmark: 7, family: 'ipv4' }],
  ['fwmark6:7', { scheduler: 'lc' }, { fwmark: 7, family: 'ipv6' }],
  ['fwmark:4294967295', { scheduler: 'none' }],
  ['tcp:192.0.2.11:80', { scheduler: 'sh', flags: ['sh-fallback', 'sh-port'] }],
  ['tcp:192.0.2.12:80', { scheduler: 'mh', flags: ['mh-port', 'flag-3'] }],
  ['tcp:192.0.2.13:80', { scheduler: 'rr', flags: ['flag-1', 'flag-2', 'flag-3'] }],
  ['tcp:192.0.2.14:0', { scheduler: 'rr', persistence: { timeout: 360, netmask: '255.255.255.0' } }],
  ['tcp:[2001:db8::11]:0', { scheduler: 'rr', persistence: { timeout: 2_678_400, netmask: 64 } }],
  [
    'udp:192.0.2.15:5060',
    {
      scheduler: 'rr',
      onePacket: true,
      persistence: { timeout: 60, netmask: '255.255.255.255', engine: 'sip' },
    },
  ],
  [
    'udp:192.0.2.16:5060',
    { scheduler: 'rr', persistence: { timeout: 0, netmask: '255.0.255.0', engine: 'sip' } },
  ],
];

const DESTINATIONS: readonly (readonly [string, DestinationOptions, Record<string, unknown>?])[] = [
  [
    '10.0.0.1:80',
    {},
    {
      forwarding: 'route',
      weight: 1,
      upperThreshold: 0,
      lowerThreshold: 0,
      tunnel: undefined,
      family: 'ipv4',
    },
  ],
  ['10.0.0.2:8080', { forwarding: 'masq', weight: 0 }],
  ['10.0.0.3:80', { forwarding: 'local', weight: 2_147_483_647 }],
  ['10.0.0.4:80', { forwarding: 'bypass', upperThreshold: 100, lowerThreshold: 50 }],
  ['10.0.0.5:80', { forwarding: 'tunnel' }, { tunnel: { type: 'ipip', port: 0, checksum: 'none' } }],
  ['10.0.0.6:80', { forwarding: 'tunnel', tunnel: { type: 'gue', port: 6080, checksum: 'remcsum' } }],
  ['10.0.0.7:80', { forwarding: 'tunnel', tunnel: { type: 'gre', port: 0, checksum: 'csum' } }],
  ['[2001:db8::1]:80', { forwarding: 'tunnel' }, { family: 'ipv6', address: '2001:db8::1' }],
];

function only(found: object, wanted: object): object {
  return Object.fromEntries(Object.keys(wanted).map((key) => [key, (found as Record<string, unknown>)[key]]));
}

function code(work: () => unknown): string {
  try {
    work();
  } catch (error) {
    expect(IpvsError.is(error), String(error)).to.equal(true);
    return (error as IpvsError).code;
  }
  return 'none';
}

describe('the verbs on this kernel', () => {
  let netns: Namespace;
  let ipvs: Ipvs;
  let sync: IpvsSync;

  before(async () => {
    netns = new Namespace();
    ipvs = await Ipvs.open({ netns: netns.path });
    sync = IpvsSync.open({ netns: netns.path });
  });
  afterEach(async () => {
    await ipvs.flush();
  });
  after(async () => {
    await ipvs.close();
    sync.close();
    netns.delete();
  });

  for (const [name, options, extra = {}] of SERVICES) {
    it(`add and read ${name} with ${JSON.stringify(options)}`, async () => {
      await ipvs.addService(name, options);
      const wanted = { ...options, ...extra };
      const found = await ipvs.service(name);
      const persistence = options.persistence && {
        ...options.persistence,
        engine: options.persistence.engine,
      };
      expect(only(found, wanted)).to.deep.equal({ ...wanted, ...(persistence && { persistence }) });
      expect(found.key).to.equal(name);
      expect(sync.services()).to.deep.equal([found]);
      expect(found.stats.inBytes).to.equal(0n);
      sync.deleteService(found);
      expect(await ipvs.services()).to.deep.equal([]);
    });
  }

  it('add and read destinations of every kind, the newest first', async () => {
    const web = 'tcp:192.0.2.10:80';
    await ipvs.addService(web);
    for (const [name, options] of DESTINATIONS) await ipvs.addDestination(web, name, options);
    const found = await ipvs.destinations(web);
    expect(found.map(({ key }) => key)).to.deep.equal(DESTINATIONS.map(([name]) => name).reverse());
    for (const [name, options, extra = {}] of DESTINATIONS) {
      const wanted = { ...options, ...extra };
      expect(only(found.find(({ key }) => key === name) as object, wanted), name).to.deep.equal(wanted);
    }
    expect(sync.table()).to.deep.equal([{ service: await ipvs.service(web), destinations: found }]);
    for (const [name] of DESTINATIONS) sync.deleteDestination(web, name);
    expect(await ipvs.destinations(web)).to.deep.equal([]);
  });

  it('set replaces everything, update keeps what it does not name', async () => {
    const web = 'tcp:192.0.2.10:80';
    const full = {
      scheduler: 'sh',
      flags: ['sh-port'],
      persistence: { timeout: 60, netmask: '255.255.0.0', engine: 'sip' },
    } as const;
    await ipvs.addService(web, full);
    await ipvs.updateService(web, { scheduler: 'mh', flags: ['mh-port'] });
    expect(only(await ipvs.service(web), full)).to.deep.equal({
      ...full,
      scheduler: 'mh',
      flags: ['mh-port'],
    });
    await ipvs.updateService(web, { persistence: { timeout: 90 }, onePacket: undefined });
    expect((await ipvs.service(web)).persistence).to.deep.equal({
      timeout: 90,
      netmask: '255.255.255.255',
      engine: undefined,
    });
    await ipvs.setService(web, { scheduler: 'rr' });
    expect(only(await ipvs.service(web), full)).to.deep.equal({
      scheduler: 'rr',
      flags: [],
      persistence: undefined,
    });

    const there = '10.0.0.6:80';
    await ipvs.addDestination(web, there, {
      forwarding: 'tunnel',
      weight: 5,
      upperThreshold: 9,
      tunnel: { type: 'gue', port: 6080 },
    });
    await ipvs.updateDestination(web, there, { weight: 0 });
    const drained = (await ipvs.destinations(web))[0];
    expect(drained).to.deep.include({
      weight: 0,
      upperThreshold: 9,
      tunnel: { type: 'gue', port: 6080, checksum: 'none' },
    });
    await ipvs.updateDestination(web, there, { forwarding: 'masq' });
    expect((await ipvs.destinations(web))[0]).to.deep.include({
      forwarding: 'masq',
      tunnel: undefined,
      upperThreshold: 9,
    });
    sync.updateDestination(web, there, { lowerThreshold: 4 });
    sync.setDestination(web, there, {});
    expect(sync.destinations(web)[0]).to.deep.include({
      forwarding: 'route',
      weight: 1,
      upperThreshold: 0,
      lowerThreshold: 0,
    });
  });

  it('distinguish failures', () => {
    const web = 'tcp:192.0.2.10:80';
    const gone = 'tcp:192.0.2.99:80';
    sync.addService(web);
    sync.addDestination(web, '10.0.0.1:80');
    const failures: [() => unknown, string][] = [
      [
        () => {
          sync.addService(web);
        },
        'ERR_IPVS_SERVICE_EXISTS',
      ],
      [
        () => {
          sync.addService(gone, { scheduler: 'nonesuch' });
        },
        'ERR_IPVS_SCHEDULER_NOT_FOUND',
      ],
      [
        () => {
          sync.addService(gone, { persistence: { timeout: 1, engine: 'nonesuch' } });
        },
        'ERR_IPVS_SCHEDULER_OR_ENGINE_NOT_FOUND',
      ],
      [
        () => {
          sync.setService(web, { scheduler: 'nonesuch' });
        },
        'ERR_IPVS_SCHEDULER_NOT_FOUND',
      ],
      [
        () => {
          sync.setService(gone);
        },
        'ERR_IPVS_SERVICE_NOT_FOUND',
      ],
      [
        () => {
          sync.updateService(gone, {});
        },
        'ERR_IPVS_SERVICE_NOT_FOUND',
      ],
      [
        () => {
          sync.deleteService(gone);
        },
        'ERR_IPVS_SERVICE_NOT_FOUND',
      ],
      [() => sync.service(gone), 'ERR_IPVS_SERVICE_NOT_FOUND'],
      [() => sync.destinations(gone), 'ERR_IPVS_SERVICE_NOT_FOUND'],
      [
        () => {
          sync.zero(gone);
        },
        'ERR_IPVS_SERVICE_NOT_FOUND',
      ],
      [
        () => {
          sync.addDestination(gone, '10.0.0.1:80');
        },
        'ERR_IPVS_SERVICE_NOT_FOUND',
      ],
      [
        () => {
          sync.addDestination(web, '10.0.0.1:80');
        },
        'ERR_IPVS_DESTINATION_EXISTS',
      ],
      [
        () => {
          sync.setDestination(web, '10.0.0.2:80');
        },
        'ERR_IPVS_DESTINATION_NOT_FOUND',
      ],
      [
        () => {
          sync.updateDestination(web, '10.0.0.2:80', {});
        },
        'ERR_IPVS_DESTINATION_NOT_FOUND',
      ],
      [
        () => {
          sync.deleteDestination(web, '10.0.0.2:80');
        },
        'ERR_IPVS_DESTINATION_NOT_FOUND',
      ],
      [
        () => {
          sync.startDaemon({ state: 'master', interface: 'nonesuch' });
        },
        'ERR_IPVS_INTERFACE_NOT_FOUND',
      ],
      [
        () => {
          sync.stopDaemon('backup');
        },
        'ERR_IPVS_DAEMON_NOT_FOUND',
      ],
    ];
    for (const [work, wanted] of failures) expect(code(work), String(work)).to.equal(wanted);
  });

  it('name the service and the destination of an error, and quote the kernel', async () => {
    const error = await ipvs
      .setDestination('tcp:192.0.2.10:80', '10.0.0.1:80')
      .catch((each: unknown) => each as IpvsError);
    expect(error).to.include({
      service: 'tcp:192.0.2.10:80',
      destination: '10.0.0.1:80',
      errnoName: 'ESRCH',
      errno: 3,
    });
    expect((error as IpvsError).message).to.equal(
      'cannot set destination 10.0.0.1:80 of service tcp:192.0.2.10:80: there is no service tcp:192.0.2.10:80; add it first, or list what there is (ESRCH: No such process)',
    );
  });

  it('set timeouts, where 0 and what is left out stays', async () => {
    expect(await ipvs.timeouts()).to.deep.equal({ tcp: 900, tcpFin: 120, udp: 300 });
    await ipvs.setTimeouts({ tcp: 1000, udp: 0 });
    sync.setTimeouts({ tcpFin: 60 });
    expect(await ipvs.timeouts()).to.deep.equal({ tcp: 1000, tcpFin: 60, udp: 300 });
  });

  it('start and stop sync daemons, however fast', async () => {
    netns.ip('addr', 'add', '10.9.0.1/24', 'dev', 'lo');
    for (let round = 0; round < 10; round++) {
      await ipvs.startDaemon({
        state: 'master',
        interface: 'lo',
        syncId: 7,
        group: '224.0.0.90',
        port: 9000,
        ttl: 3,
        maxLength: 1400,
      });
      sync.startDaemon({ state: 'backup', interface: 'lo', syncId: 8 });
      const [master, backup] = (await ipvs.daemons()).sort((left, right) =>
        left.state < right.state ? 1 : -1,
      );
      expect(master).to.deep.equal({
        state: 'master',
        interface: 'lo',
        syncId: 7,
        maxLength: 1400,
        group: '224.0.0.90',
        port: 9000,
        ttl: 3,
      });
      expect(backup).to.deep.include({ state: 'backup', syncId: 8, group: '224.0.0.81', port: 8848, ttl: 1 });
      expect(
        code(() => {
          sync.startDaemon({ state: 'master', interface: 'lo' });
        }),
      ).to.equal('ERR_IPVS_DAEMON_EXISTS');
      await ipvs.stopDaemon('master');
      sync.stopDaemon('backup');
      expect(sync.daemons()).to.deep.equal([]);
    }
  });

  it('know the version', async () => {
    expect(await ipvs.info()).to.deep.include({ version: '1.2.1' });
    expect(sync.info()).to.deep.equal(await ipvs.info());
  });
});
