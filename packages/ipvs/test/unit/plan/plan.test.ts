import { expect } from 'chai';
import {
  ApplyError,
  calls,
  type DesiredService,
  type DesiredState,
  Ipvs,
  DocumentError,
  type DocumentProblem,
  IpvsError,
  IpvsSync,
  type PlanOptions,
} from '@ipvs-ts/ipvs';
import {
  doubleTransport,
  doubleTransportSync,
  IpvsKernel,
  type IpvsKernelOptions,
} from '@ipvs-ts/ipvs/testing';

const WEB = 'tcp:192.0.2.10:80';
const DNS = 'udp:192.0.2.10:53';
const ONE = '10.0.0.1:80';
const TWO = '10.0.0.2:80';

/** A kernel with a web service of two destinations and a DNS service of one. */
function opened(options: IpvsKernelOptions = {}): { kernel: IpvsKernel; ipvs: IpvsSync } {
  const kernel = new IpvsKernel(options);
  const ipvs = IpvsSync.open({ transport: doubleTransportSync(kernel) });
  ipvs.addService(WEB, { scheduler: 'rr' });
  ipvs.addDestination(WEB, ONE, { forwarding: 'masq', weight: 2 });
  ipvs.addDestination(WEB, TWO, { forwarding: 'masq', weight: 2 });
  ipvs.addService(DNS, { scheduler: 'wlc' });
  ipvs.addDestination(DNS, '10.0.0.1:53', { forwarding: 'masq' });
  kernel.requests.length = 0;
  return { kernel, ipvs };
}

function web(service: DesiredService): DesiredState {
  return { services: { [WEB]: { scheduler: 'rr', ...service } } };
}

function lines(ipvs: IpvsSync, desired: DesiredState, options?: PlanOptions): string[] {
  return [...ipvs.plan(desired, options)].map(String);
}

function problemsOf(error: IpvsError): readonly DocumentProblem[] {
  return DocumentError.is(error) ? error.problems : [];
}

function failure(work: () => unknown): IpvsError {
  try {
    work();
  } catch (error) {
    if (IpvsError.is(error)) return error;
    throw error;
  }
  return expect.fail('it did not throw');
}

describe('plans', () => {
  it('show each change in one line, in the order in which it is made', () => {
    const { ipvs } = opened();
    ipvs.startDaemon({ state: 'master', interface: 'eth0', syncId: 3 });
    const plan = ipvs.plan(
      {
        services: {
          [WEB]: {
            scheduler: 'sh',
            flags: ['sh-port'],
            destinations: { [ONE]: { forwarding: 'masq' }, '10.0.0.3:80': { upperThreshold: 5 } },
          },
          'fwmark:7': { persistence: { timeout: 60, netmask: 24 } },
        },
        timeouts: { tcp: 800, tcpFin: 120, udp: 0 },
        daemons: { master: { interface: 'eth0', syncId: 4 }, backup: { interface: 'lo' } },
      },
      { prune: 'all' },
    );
    expect(String(plan).split('\n')).to.deep.equal([
      'stop the master sync daemon, to start it anew',
      'add service fwmark:7: scheduler wlc, persistence timeout 60 netmask 255.255.255.0',
      `edit service ${WEB}: scheduler rr -> sh, flags none -> sh-port`,
      `add destination 10.0.0.3:80 of service ${WEB}: forwarding route, weight 1, upperThreshold 5`,
      `edit destination ${ONE} of service ${WEB}: weight 2 -> 1`,
      `delete destination ${TWO} of service ${WEB}`,
      'set timeouts: tcp 900 -> 800',
      `delete service ${DNS}`,
      'start the master sync daemon anew: syncId 3 -> 4',
      'start the backup sync daemon: syncId 0, group 224.0.0.81, port 8848, ttl 1, interface lo',
    ]);
    expect(plan.length).to.equal(10);
    expect((JSON.parse(JSON.stringify(plan)) as unknown[])[4]).to.deep.equal({
      kind: 'editDestination',
      service: WEB,
      destination: ONE,
      from: { forwarding: 'masq', weight: 2, upperThreshold: 0, lowerThreshold: 0 },
      to: { forwarding: 'masq', weight: 1, upperThreshold: 0, lowerThreshold: 0 },
      differences: [{ field: 'weight', from: 2, to: 1 }],
    });
    expect(plan.apply().changes.map(({ outcome }) => outcome)).to.deep.equal(Array(10).fill('done'));
    expect(ipvs.daemons().map(({ state, syncId }) => [state, syncId])).to.have.deep.members([
      ['master', 4],
      ['backup', 0],
    ]);
    expect(ipvs.timeouts()).to.deep.equal({ tcp: 800, tcpFin: 120, udp: 300 });
  });

  it('touch what the document names, and what the prune option adds', () => {
    const { ipvs } = opened();
    const desired = web({ destinations: { [ONE]: { forwarding: 'masq', weight: 2 } } });
    const destination = `delete destination ${TWO} of service ${WEB}`;
    expect(lines(ipvs, desired)).to.deep.equal([destination]);
    expect(lines(ipvs, desired, { prune: 'none' })).to.deep.equal([]);
    expect(lines(ipvs, desired, { prune: 'all' })).to.deep.equal([destination, `delete service ${DNS}`]);
    expect(lines(ipvs, web({ destinations: {} })).length).to.equal(2);
    expect(lines(ipvs, web({}), { prune: 'all' })).to.deep.equal([`delete service ${DNS}`]);
    expect(lines(ipvs, { services: {} })).to.deep.equal([]);
    expect(lines(ipvs, desired, { consistency: 'verified' })).to.deep.equal([destination]);
    ipvs.startDaemon({ state: 'backup', interface: 'eth0' });
    const none = { services: {}, daemons: {}, timeouts: {} };
    expect(lines(ipvs, none)).to.deep.equal([]);
    expect(lines(ipvs, none, { prune: 'all' })).to.include('stop the backup sync daemon');
  });

  it('keep present weights with keepWeights', () => {
    const { ipvs } = opened();
    ipvs.updateDestination(WEB, ONE, { weight: 0 });
    const destinations = { [ONE]: { forwarding: 'masq', weight: 5 }, [TWO]: { weight: 5 } } as const;
    const plan = ipvs.plan(web({ destinations }), { keepWeights: true });
    expect([...plan].map(String)).to.deep.equal([
      `edit destination ${TWO} of service ${WEB}: forwarding masq -> route`,
    ]);
    plan.apply();
    expect(ipvs.destinations(WEB).map(({ key, weight }) => [key, weight])).to.have.deep.members([
      [ONE, 0],
      [TWO, 2],
    ]);
  });

  it('treat other spellings of the same state as equal', () => {
    const { ipvs } = opened();
    ipvs.addService('tcp:[2001:db8::a]:80', { scheduler: 'sh', flags: ['sh-fallback'] });
    ipvs.addDestination('tcp:[2001:db8::a]:80', '[2001:db8::1]:80');
    ipvs.addService('fwmark:9', { persistence: { timeout: 60, netmask: '255.255.0.0' } });
    ipvs.startDaemon({ state: 'backup', interface: 'eth0', maxLength: 1000, group: 'ff02::81' });
    const desired: DesiredState = {
      services: {
        'tcp:[2001:DB8:0::A]:80': {
          scheduler: 'sh',
          flags: ['flag-1'],
          destinations: { '[2001:db8:0:0::1]:80': { forwarding: 'route', weight: 1 } },
        },
        'fwmark:9': { scheduler: 'wlc', flags: [], persistence: { timeout: 60, netmask: 16 } },
        [DNS]: { persistence: { timeout: 0 } },
      },
      daemons: { backup: { interface: 'eth0', maxLength: 1000, group: 'FF02:0::81' } },
    };
    expect(lines(ipvs, desired)).to.deep.equal([]);
  });

  it('clear flags that no name covers', () => {
    const { ipvs } = opened();
    const kernelChecks = calls.setService(WEB, { scheduler: 'rr' });
    const flags = { flags: 0x40, mask: 0xffff_ffff };
    ipvs.call({
      ...kernelChecks,
      values: { service: { ...kernelChecks.values.service, flags } },
    });
    const plan = ipvs.plan(web({}));
    expect([...plan].map(String)).to.deep.equal([`edit service ${WEB}: otherFlags 64 -> none`]);
    plan.apply();
    expect(ipvs.service(WEB).rawFlags).to.equal(2);
  });

  it('cost one request a change beyond reading, however large the table', () => {
    const { kernel, ipvs } = opened();
    const services: Record<string, DesiredService> = {};
    for (let index = 0; index < 300; index++) {
      const destinations = Object.fromEntries(
        [1, 2, 3, 4].map((host) => [`10.0.${index % 250}.${host}:80`, { weight: 1 }]),
      );
      services[`tcp:10.1.${index >> 8}.${index & 255}:80`] = { destinations };
    }
    ipvs.plan({ services }).apply();
    for (let index = 0; index < 10; index++)
      ipvs.updateDestination(`tcp:10.1.0.${index * 7}:80`, `10.0.${index * 7}.1:80`, { weight: 9 });
    const plan = ipvs.plan({ services });
    kernel.requests.length = 0;
    plan.apply();
    expect(kernel.requests.map(({ operation }) => operation)).to.deep.equal(Array(10).fill('SET_DEST'));
  });

  it('refuse invalid options', () => {
    const { ipvs } = opened();
    const bad = (options: unknown): void => {
      ipvs.plan({ services: {} }, options as PlanOptions);
    };
    expect(() => bad({ prune: 'some' })).to.throw(RangeError, 'options.prune');
    expect(() => bad({ keepWeights: ['tcp:web'] })).to.throw(RangeError, 'options.keepWeights[0]');
    expect(() => bad({ keepWeights: 1 })).to.throw(TypeError, 'options.keepWeights');
    expect(() => bad({ drain: true })).to.throw(TypeError, 'options.drain');
  });
});

describe('documents', () => {
  it('report all their mistakes at once, with paths, before anything is sent', () => {
    const { kernel, ipvs } = opened();
    const document = {
      extra: 1,
      services: {
        'tcp:[2001:DB8::1]:80': {},
        'tcp:[2001:db8::1]:80': {},
        [WEB]: {
          schedular: 'rr',
          flags: ['sh-port', 'none'],
          persistence: { timeout: -1, netmask: 300 },
          destinations: {
            [ONE]: { weight: -1, forwarding: 'nat', wight: 3 },
            '10.0.0.1': {},
            '[2001:db8::1]:80': {},
            '[2001:DB8::1]:80': {},
            '224.0.0.1:80': null,
          },
        },
        'tcp:192.0.2.1:0': {},
        'tpc:192.0.2.1:80': { weight: 1 },
        'udp:192.0.2.1:1': { destinations: [] },
      },
      timeouts: { tcp: -1, tpc: 3 },
      daemons: { master: { syncId: 256 }, slave: {} },
    };
    const error = failure(() => ipvs.plan(document as unknown as DesiredState));
    const problems = problemsOf(error);
    const service = `services["${WEB}"]`;
    const below = `${service}.destinations`;
    expect(problems.map(({ path }) => path)).to.have.members([
      'extra',
      'services["tcp:[2001:db8::1]:80"]',
      `${service}.schedular`,
      `${service}.flags[0]`,
      `${service}.flags[1]`,
      `${service}.persistence.timeout`,
      `${service}.persistence.netmask`,
      `${below}["${ONE}"].wight`,
      `${below}["${ONE}"].weight`,
      `${below}["${ONE}"].forwarding`,
      `${below}["10.0.0.1"]`,
      `${below}["[2001:db8::1]:80"].forwarding`,
      `${below}["[2001:DB8::1]:80"]`,
      `${below}["[2001:DB8::1]:80"].forwarding`,
      `${below}["224.0.0.1:80"]`,
      'services["tcp:192.0.2.1:0"]',
      'services["tpc:192.0.2.1:80"]',
      'services["tpc:192.0.2.1:80"].weight',
      'services["udp:192.0.2.1:1"].destinations',
      'timeouts.tcp',
      'timeouts.tpc',
      'daemons.slave',
      'daemons.master.interface',
      'daemons.master.syncId',
    ]);
    for (const { path, message } of problems) {
      expect(message.startsWith(path), message).to.equal(true);
      expect(error.message).to.include(message);
    }
    expect(error.code).to.equal('ERR_IPVS_DOCUMENT');
    expect(kernel.requests).to.deep.equal([]);
  });

  it('are refused if they are not documents, or contain settings that exclude one another', () => {
    const { ipvs } = opened();
    const paths = (document: unknown): string[] =>
      problemsOf(failure(() => ipvs.plan(document as DesiredState))).map(({ path }) => path);
    expect(paths(null)).to.deep.equal(['document']);
    expect(paths([])).to.deep.equal(['document']);
    expect(paths({})).to.deep.equal(['services']);
    expect(paths({ services: { [WEB]: { scheduler: 'a b', flags: ['mh-port'] } } })).to.deep.equal([
      `services["${WEB}"].scheduler`,
    ]);
    const mixed = { '[2001:db8::1]:80': { forwarding: 'tunnel' } };
    const daemons = { master: { interface: 'eth0' } };
    expect(paths({ services: { [WEB]: { destinations: mixed } }, daemons })).to.deep.equal([
      `services["${WEB}"].destinations["[2001:db8::1]:80"]`,
    ]);
  });
});

describe('applying', () => {
  const both = web({ destinations: { [ONE]: { forwarding: 'masq' }, '10.0.0.3:80': {}, '10.0.0.4:80': {} } });

  it('plans the rest again if another writer was faster, and says so', () => {
    const { ipvs } = opened();
    const plan = ipvs.plan({ ...both, services: { ...both.services, 'fwmark:7': {} } }, { prune: 'all' });
    ipvs.addService('fwmark:7', { scheduler: 'rr' });
    ipvs.deleteService(DNS);
    ipvs.deleteDestination(WEB, ONE);
    const { changes, replans } = plan.apply();
    expect(replans).to.be.above(0);
    const moved = changes.flatMap((each) => (each.outcome === 'moved' ? [each] : []));
    expect(moved.map(({ change }) => change.kind)).to.include.members(['addService']);
    expect(moved[0]?.error.code).to.equal('ERR_IPVS_SERVICE_EXISTS');
    expect(ipvs.services().map(({ key, scheduler }) => [key, scheduler])).to.have.deep.members([
      [WEB, 'rr'],
      ['fwmark:7', 'wlc'],
    ]);
    expect(ipvs.destinations(WEB).length).to.equal(3);
    expect(plan.apply().changes.length).to.be.above(0);
    expect(lines(ipvs, both)).to.deep.equal([]);
  });

  it('reports what was done, what failed and why, and what was not sent', () => {
    // A kernel without IPv6 cannot be asked for a scheduler before it is needed.
    const { kernel, ipvs } = opened({ ipv6: false });
    const desired = {
      services: { ...both.services, 'fwmark:7': { scheduler: 'nope', destinations: { [ONE]: {} } } },
    };
    const plan = ipvs.plan(desired, { prune: 'all' });
    kernel.failNext('NEW_DEST', 12);
    const error = failure(() => plan.apply());
    if (!ApplyError.is(error, 'ERR_IPVS_APPLY_FAILED')) return expect.fail(String(error));
    const told = error.changes.map((each) => [
      each.change.kind,
      each.outcome,
      each.outcome === 'failed' ? each.error.code : undefined,
    ]);
    expect(told).to.deep.equal([
      ['addService', 'failed', 'ERR_IPVS_SCHEDULER_NOT_FOUND'],
      ['addDestination', 'unsent', undefined],
      ['addDestination', 'failed', 'ERR_IPVS_KERNEL'],
      ['addDestination', 'done', undefined],
      // Nothing is taken from a service that did not get what it was to have, and no service goes.
      ['editDestination', 'unsent', undefined],
      ['deleteDestination', 'unsent', undefined],
      ['deleteService', 'unsent', undefined],
    ]);
    expect(error.message).to.include('1 done, 2 failed, 4 not sent').and.to.include('no scheduler nope');
    expect(error.isRetryable).to.equal(false);
    expect(error.message).to.include('applying again cannot help');
    expect(ipvs.services().length).to.equal(2);
    ipvs.plan(both, { prune: 'all' }).apply();
    expect(lines(ipvs, both, { prune: 'all' })).to.deep.equal([]);
  });

  it('rejects for a table that never stops changing', () => {
    const { kernel, ipvs } = opened();
    const plan = ipvs.plan(both);
    for (let count = 0; count < 22; count++) kernel.failNext('NEW_DEST', 17);
    const error = failure(() => plan.apply());
    expect(error.code).to.equal('ERR_IPVS_APPLY_FAILED');
    expect(error.message).to.include('another writer');
    plan.apply();
    expect(lines(ipvs, both)).to.deep.equal([]);
  });

  it('stops when it is aborted, says what was done, and can go on', async () => {
    const { kernel, ipvs } = opened();
    await using client = await Ipvs.open({ transport: doubleTransport(kernel) });
    const plan = await client.plan(both);
    const reason = new Error('enough');
    const error = await plan.apply({ signal: AbortSignal.abort(reason) }).catch((each: unknown) => each);
    if (!ApplyError.is(error, 'ERR_IPVS_ABORTED')) return expect.fail(String(error));
    expect(error.cause).to.equal(reason);
    expect(error.changes.map(({ outcome }) => outcome)).to.deep.equal(Array(4).fill('unsent'));
    await plan.apply();
    expect(lines(ipvs, both)).to.deep.equal([]);
    return undefined;
  });

  it('reports that the client was closed', async () => {
    const client = await Ipvs.open({ transport: doubleTransport(opened().kernel) });
    const plan = await client.plan(both);
    await client.close();
    const error = await plan.apply().catch((each: unknown) => each);
    if (!ApplyError.is(error, 'ERR_IPVS_APPLY_FAILED')) return expect.fail(String(error));
    expect(IpvsError.is(error.cause, 'ERR_IPVS_CLOSED')).to.equal(true);
    return undefined;
  });

  it('drains destinations to remove with the drain option, and deletes services after that', async () => {
    const { kernel, ipvs } = opened();
    await using client = await Ipvs.open({ transport: doubleTransport(kernel) });
    kernel.count(WEB, TWO, { activeConnections: 1 });
    const waits: string[] = [];
    const onProgress = ({ destination, waitingFor }: { destination: string; waitingFor: string }): void => {
      waits.push(`${destination} ${waitingFor}`);
      if (waits.length === 2) kernel.count(WEB, TWO, { activeConnections: 0 });
    };
    const drain = { poll: 2, onProgress };
    const plan = await client.plan(web({ destinations: { [ONE]: {} } }), { prune: 'all', drain });
    expect([...plan].map(String)).to.deep.equal([
      `edit destination ${ONE} of service ${WEB}: forwarding masq -> route, weight 2 -> 1`,
      `drain and delete destination ${TWO} of service ${WEB}`,
      `drain and delete destination 10.0.0.1:53 of service ${DNS}`,
      `delete service ${DNS}`,
    ]);
    const { changes } = await plan.apply();
    expect(changes.map(({ outcome }) => outcome)).to.deep.equal(['done', 'done', 'done', 'done']);
    expect(waits).to.deep.equal([`${TWO} active`, `${TWO} active`]);
    expect(ipvs.table().map(({ service, destinations }) => [service.key, destinations.length])).to.deep.equal(
      [[WEB, 1]],
    );
  });

  it('reports drains that timed out or were aborted', async () => {
    const { kernel, ipvs } = opened();
    await using client = await Ipvs.open({ transport: doubleTransport(kernel) });
    kernel.count(WEB, TWO, { activeConnections: 1 });
    const desired = web({ destinations: { [ONE]: {} } });
    const slow = await client.plan(desired, { prune: 'all', drain: { poll: 1, timeout: 10 } });
    const late = await slow.apply().catch((each: unknown) => each);
    if (!ApplyError.is(late, 'ERR_IPVS_APPLY_FAILED')) return expect.fail(String(late));
    const told = late.changes.map(({ change, outcome }) => `${change.kind} ${outcome}`);
    expect(told).to.deep.equal([
      'editDestination done',
      'drainDestination failed',
      'drainDestination done',
      'deleteService unsent',
    ]);
    const controller = new AbortController();
    const drain = { poll: 60_000, onProgress: () => controller.abort(new Error('enough')) };
    const plan = await client.plan(desired, { drain });
    const error = await plan.apply({ signal: controller.signal }).catch((each: unknown) => each);
    expect(
      ApplyError.is(error, 'ERR_IPVS_ABORTED') && error.changes.map(({ outcome }) => outcome),
    ).to.deep.equal(['unsent']);
    expect(ipvs.destinations(WEB).find(({ key }) => key === TWO)?.weight).to.equal(0);
    return undefined;
  });
});
