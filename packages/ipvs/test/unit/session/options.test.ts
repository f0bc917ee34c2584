/** Options that would be ignored, or fail inside the library: each is reported before anything is sent. */
import { expect } from 'chai';
import { type ArgumentError, calls, Ipvs, IpvsSync, isArgumentError } from '@ipvs-ts/ipvs';
import { doubleTransport, doubleTransportSync, IpvsKernel } from '@ipvs-ts/ipvs/testing';

const SERVICE = 'tcp:192.0.2.1:80';
const DESTINATION = '10.0.0.1:80';
const wrong = (value: unknown): never => value as never;

async function mistakeOf(work: () => unknown): Promise<ArgumentError> {
  try {
    await work();
  } catch (error) {
    if (isArgumentError(error)) return error;
    throw new Error(`this is no error of an argument: ${String(error)}`, { cause: error });
  }
  throw new Error('nothing was refused');
}

describe('options of calls', () => {
  let kernel: IpvsKernel;
  let ipvs: Ipvs;
  let sync: IpvsSync;
  let sent: number;

  beforeEach(async () => {
    kernel = new IpvsKernel();
    ipvs = await Ipvs.open({ transport: doubleTransport(kernel) });
    sync = IpvsSync.open({ transport: doubleTransportSync(kernel) });
    sent = kernel.requests.length;
  });
  afterEach(async () => {
    expect(kernel.requests.length, 'nothing is sent').to.equal(sent);
    await ipvs.close();
    sync.close();
  });

  const waits: Readonly<Record<string, (wait: never) => unknown>> = {
    info: (wait) => ipvs.info(wait),
    services: (wait) => ipvs.services(wait),
    service: (wait) => ipvs.service(SERVICE, wait),
    destinations: (wait) => ipvs.destinations(SERVICE, wait),
    table: (wait) => ipvs.table(wait),
    addService: (wait) => ipvs.addService(SERVICE, {}, wait),
    updateService: (wait) => ipvs.updateService(SERVICE, {}, wait),
    deleteDestination: (wait) => ipvs.deleteDestination(SERVICE, DESTINATION, wait),
    stopDaemon: (wait) => ipvs.stopDaemon('master', wait),
    zero: (wait) => ipvs.zero(SERVICE, wait),
    flush: (wait) => ipvs.flush(wait),
    batch: (wait) => ipvs.batch([calls.flush()], wait),
    plan: (wait) => ipvs.plan({ services: {} }, wait),
    drain: (wait) => ipvs.drain(SERVICE, DESTINATION, wait),
    watch: (wait) => ipvs.watch(wait).next(),
    connections: (wait) => ipvs.connections(wait).next(),
    features: (wait) => ipvs.features(wait),
    call: (wait) => ipvs.call(calls.flush(), wait),
  };

  for (const [name, call] of Object.entries(waits)) {
    it(`of ${name} are an object`, async () => {
      for (const value of [null, 5, 'x', []])
        expect((await mistakeOf(() => call(wrong(value)))).path).to.equal('options');
    });

    it(`of ${name} have a signal that is one`, async () => {
      for (const signal of [null, new AbortController(), true, {}]) {
        const { path, message } = await mistakeOf(() => call(wrong({ signal })));
        expect(path).to.equal('options.signal');
        expect(message).to.match(/^options\.signal must be an AbortSignal/);
      }
    });
  }

  it('of readings are known ones', async () => {
    for (const read of [
      (options: never) => ipvs.services(options),
      (options: never) => ipvs.destinations(SERVICE, options),
      (options: never) => ipvs.table(options),
      (options: never) => sync.services(options),
      (options: never) => sync.destinations(SERVICE, options),
      (options: never) => sync.table(options),
    ]) {
      expect((await mistakeOf(() => read(wrong({ counter: false })))).message).to.include(
        'did you mean counters?',
      );
      expect((await mistakeOf(() => read(wrong({ counters: 0 })))).path).to.equal('options.counters');
      expect((await mistakeOf(() => read(wrong({ consistency: 'double' })))).path).to.equal(
        'options.consistency',
      );
      expect((await mistakeOf(() => read(wrong(null)))).path).to.equal('options');
    }
  });

  it('of changes are an object', async () => {
    for (const change of [undefined, null, 5])
      for (const update of [
        () => ipvs.updateService(SERVICE, wrong(change)),
        () => ipvs.updateDestination(SERVICE, DESTINATION, wrong(change)),
        () => sync.updateService(SERVICE, wrong(change)),
        () => sync.updateDestination(SERVICE, DESTINATION, wrong(change)),
      ])
        expect((await mistakeOf(update)).path).to.equal('options');
  });

  it('of sync daemons are refused before their state is read', async () => {
    for (const options of [null, undefined, { state: Symbol('x') }])
      for (const face of [ipvs, sync])
        expect((await mistakeOf(() => face.startDaemon(wrong(options)))).path).to.match(/^daemon/);
    for (const state of [Symbol('x'), Object.create(null), null])
      for (const face of [ipvs, sync])
        expect((await mistakeOf(() => face.stopDaemon(wrong(state)))).path).to.equal('daemon.state');
  });

  it('of features are known ones', async () => {
    expect((await mistakeOf(() => sync.features(wrong({ prob: true })))).message).to.include('probe');
  });
});

describe('options of open', () => {
  for (const [name, open] of [
    ['Ipvs', (options: never) => Ipvs.open(options)],
    ['IpvsSync', (options: never) => IpvsSync.open(options)],
  ] as const)
    it(`of ${name} are known ones of the right type`, async () => {
      for (const [options, path] of [
        [null, 'options'],
        [{ netsn: '/run/netns/blue' }, 'options.netsn'],
        [{ netns: 5 }, 'options.netns'],
        [{ netns: '' }, 'options.netns'],
        [{ netns: null }, 'options.netns'],
        [{ transport: null }, 'options.transport'],
        [{ transport: 5 }, 'options.transport'],
        [{ transport: {} }, 'options.transport'],
        [{ autoload: 'no' }, 'options.autoload'],
        [{ checks: 'none' }, 'options.checks'],
      ] as const)
        expect((await mistakeOf(() => open(wrong(options)))).path).to.equal(path);
    });
});
