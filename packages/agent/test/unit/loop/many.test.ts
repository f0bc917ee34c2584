import { expect } from 'chai';
import { failed, passed } from '@ipvs-ts/agent';
import { Simulation } from './simulation.js';

const WEB = 'tcp:192.0.2.10:80';
const refused = { ...failed('connection refused'), refused: true } as const;

/** A service with many destinations. */
function many(count: number, check: object = {}): object {
  const destinations = Object.fromEntries(
    Array.from({ length: count }, (_, index) => [`10.0.${index >> 8}.${index & 255}:80`, { weight: 10 }]),
  );
  return { services: { [WEB]: { scheduler: 'wlc', check: { tcp: {}, ...check }, destinations } } };
}

describe('many destinations', () => {
  let world: Simulation;

  beforeEach(() => {
    world = new Simulation();
  });

  const weightOf = (index: number): number | undefined => world.weights(WEB)?.[`10.0.0.${index}:80`];
  const inService = (): number =>
    Object.values(world.weights(WEB) ?? {}).filter((weight) => weight > 0).length;

  /** Lets time pass until something holds, and returns how long that took. */
  function untilTrue(condition: () => boolean): number {
    const start = world.now;
    while (!condition()) {
      if (world.now > start + 120_000) throw new Error('it did not happen');
      world.run(1);
    }
    return world.now - start;
  }

  it('come into service together, in few sends', () => {
    world.document(many(300));
    untilTrue(() => inService() === 300);
    // Every check runs within a second first; one by one it is 300 sends.
    expect(world.sends).to.be.within(1, 25);
    expect(world.loop.world.unapplied.size).to.equal(0);
  });

  it('come into service in the turn of their verdict, if no other did just before', () => {
    world.document(many(100));
    world.run(10_000);
    world.servers = ({ address }) => (address === '10.0.0.7' ? refused : passed('ok'));
    untilTrue(() => weightOf(7) === 0);
    world.servers = () => passed('ok');
    untilTrue(() => world.loop.world.services.get(WEB)?.health.get('10.0.0.7:80')?.state === 'up');
    expect(untilTrue(() => weightOf(7) === 10)).to.equal(0);
  });

  it('leave at once, together with those that wait to come in', () => {
    world.document(many(100));
    world.run(10_000);
    world.servers = ({ address }) => (address === '10.0.0.7' ? refused : passed('ok'));
    untilTrue(() => weightOf(7) === 0);
    world.servers = ({ address }) => (address === '10.0.0.8' ? refused : passed('ok'));
    const state = (index: number): string | undefined =>
      world.loop.world.services.get(WEB)?.health.get(`10.0.0.${index}:80`)?.state;
    const before = world.sends;
    let downAt = 0;
    let outAt = 0;
    untilTrue(() => {
      if (downAt === 0 && state(8) === 'down') downAt = world.now;
      if (outAt === 0 && weightOf(8) === 0) outAt = world.now;
      return outAt > 0;
    });
    expect(outAt).to.equal(downAt);
    untilTrue(() => weightOf(7) === 10);
    expect(world.sends - before).to.be.at.most(2);
  });

  it('are sent again without a reading, where more came up before the kernel answered', () => {
    world.document(many(50, { interval: '10s' }));
    world.run(20_000);
    const dead = new Set(['10.0.0.1', '10.0.0.2', '10.0.0.3']);
    world.servers = ({ address }) => (dead.has(address) ? refused : passed('ok'));
    untilTrue(() => [1, 2, 3].every((index) => weightOf(index) === 0));
    world.latency = { send: { before: 200, after: 200 } };
    dead.clear();
    const reads = world.looks;
    const start = world.now;
    untilTrue(() => [1, 2, 3].every((index) => weightOf(index) === 10));
    // Only the look at the whole table, every five seconds.
    expect(world.looks - reads).to.be.at.most(Math.ceil((world.now - start) / 5000));
  });

  it('start few checks in a turn while the kernel has something to answer, and all in time', () => {
    world.latency = { apply: { before: 5000, after: 0 } };
    world.document(many(300));
    untilTrue(() => world.loop.world.kernel === 'applying');
    const before = world.started.length;
    // The host is overloaded: the loop runs late.
    world.now += 2000;
    world.event({ kind: 'tick' });
    expect(world.started.length - before).to.be.within(1, 20);
    world.run(200);
    expect(world.loop.world.kernel).to.equal('applying');
    expect(new Set(world.started.map(({ probe }) => probe.address)).size).to.equal(300);
  });
});
