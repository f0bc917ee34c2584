import { expect } from 'chai';
import { ApplyError, type DesiredState, Ipvs, IpvsSync } from '@ipvs-ts/ipvs';
import { IpvsKernel } from '@ipvs-ts/ipvs/testing';
import { doubleTransportSync, transportOf } from '@ipvs-ts/netlink/testing';

const COUNT = 1200;
const ENOMEM = 12;

const nameOf = (index: number): string => `tcp:10.1.${index >> 8}.${index & 255}:80`;

function desired(count: number): DesiredState {
  const services = Array.from({ length: count }, (_, index) => [
    nameOf(index),
    { scheduler: 'rr', destinations: { '10.0.0.1:80': {}, '10.0.0.2:80': {} } },
  ]);
  return { services: Object.fromEntries(services) as DesiredState['services'] };
}

function opened(): { kernel: IpvsKernel; ipvs: IpvsSync } {
  const kernel = new IpvsKernel({ module: 'loaded' });
  return { kernel, ipvs: IpvsSync.open({ transport: doubleTransportSync(kernel, 8192) }) };
}

function failure(work: () => unknown): ApplyError {
  try {
    work();
  } catch (error) {
    if (ApplyError.is(error)) return error;
    throw error;
  }
  return expect.fail('it was applied');
}

describe('a plan with many new services', () => {
  it('reports its changes in the order of the plan', () => {
    const { ipvs } = opened();
    const plan = ipvs.plan(desired(COUNT));
    const { changes, replans } = plan.apply();
    expect(replans).to.equal(0);
    expect(changes.map(({ change }) => String(change))).to.deep.equal(plan.changes.map(String));
    expect(ipvs.plan(desired(COUNT)).length).to.equal(0);
  });

  it('sends the destinations of a service right after it, and those of other services later', () => {
    const { kernel, ipvs } = opened();
    ipvs.addService(nameOf(0), { scheduler: 'rr' });
    // The first service exists, so its destinations come after those of all new ones.
    const errors = [...Array.from({ length: COUNT + 10 }, () => ENOMEM)];
    for (const error of errors) kernel.failNext('NEW_DEST', error);
    const { changes } = failure(() => ipvs.plan(desired(COUNT)).apply());
    const failed = changes.filter(({ outcome }) => outcome === 'failed').map(({ change }) => change.service);
    expect(failed).to.have.length(errors.length);
    expect(failed).to.not.include(nameOf(0));
    expect(changes.filter(({ outcome }) => outcome === 'done')).to.have.length(
      COUNT - 1 + 2 * COUNT - errors.length,
    );
  });

  it('does not report destinations of a service that failed as failed', () => {
    const { kernel, ipvs } = opened();
    kernel.failNext('NEW_SERVICE', ENOMEM);
    const error = failure(() => ipvs.plan(desired(COUNT)).apply());
    const told = error.changes.filter(({ outcome }) => outcome !== 'done');
    expect(told.map(({ change, outcome }) => [change.kind, change.service, outcome])).to.deep.equal([
      ['addService', nameOf(0), 'failed'],
      ['addDestination', nameOf(0), 'unsent'],
      ['addDestination', nameOf(0), 'unsent'],
    ]);
    expect(error.message).to.include(`${3 * COUNT - 3} done, 1 failed, 2 not sent`);
    ipvs.plan(desired(COUNT)).apply();
    expect(ipvs.plan(desired(COUNT)).length).to.equal(0);
  });

  it('reports each of several destinations of one service that failed', () => {
    const { kernel, ipvs } = opened();
    kernel.failNext('NEW_DEST', ENOMEM);
    kernel.failNext('NEW_DEST', ENOMEM);
    const { changes } = failure(() => ipvs.plan(desired(COUNT)).apply());
    expect(changes).to.have.length(3 * COUNT);
    const failed = changes.filter(({ outcome }) => outcome === 'failed');
    expect(failed.map(({ change }) => [change.service, change.destination])).to.deep.equal([
      [nameOf(0), '10.0.0.1:80'],
      [nameOf(0), '10.0.0.2:80'],
    ]);
  });

  it('is planned again if another writer added one of them', () => {
    const { ipvs } = opened();
    const plan = ipvs.plan(desired(COUNT));
    ipvs.addService(nameOf(5), { scheduler: 'wlc' });
    ipvs.addDestination(nameOf(5), '10.0.0.1:80', { weight: 7 });
    const { replans } = plan.apply();
    expect(replans).to.equal(1);
    expect(ipvs.plan(desired(COUNT)).length).to.equal(0);
  });

  it('reports every change once if it is interrupted, and can be finished', async () => {
    const kernel = new IpvsKernel({ module: 'loaded' });
    await using ipvs = await Ipvs.open({ transport: transportOf(doubleTransportSync(kernel, 8192)) });
    const plan = await ipvs.plan(desired(COUNT));
    const stop = new AbortController();
    const applied = plan.apply({ signal: stop.signal, onProgress: () => stop.abort(new Error('enough')) });
    const error: unknown = await applied.then(
      () => undefined,
      (reason: unknown) => reason,
    );
    if (!ApplyError.is(error, 'ERR_IPVS_ABORTED')) return expect.fail(String(error));
    expect(error.changes).to.have.length(3 * COUNT);
    expect(new Set(error.changes.map(({ change }) => change)).size).to.equal(3 * COUNT);
    const done = error.changes.filter(({ outcome }) => outcome === 'done').length;
    expect(done).to.be.within(1, 3 * COUNT - 1);
    const rest = await ipvs.plan(desired(COUNT));
    expect(rest.length).to.equal(3 * COUNT - done);
    await rest.apply();
    expect((await ipvs.plan(desired(COUNT))).length).to.equal(0);
  });
});
