import { expect } from 'chai';
import { failed, passed } from '@ipvs-ts/agent';
import { seen, Simulation } from './simulation.js';

const WEB = 'tcp:192.0.2.10:80';
const MAIL = 'tcp:192.0.2.11:80';
const ONE = '10.0.0.1:80';
const TWO = '10.0.0.2:80';
const FOREIGN = '10.9.9.9:80';

type Plain = Readonly<Record<string, unknown>>;

/** A service with two destinations. */
function service(change: Plain = {}): Plain {
  const destinations = { [ONE]: { weight: 100 }, [TWO]: { weight: 100 } };
  return { scheduler: 'wlc', check: { tcp: {} }, destinations, ...change };
}

describe('changes by other programs between a reading and a change', () => {
  let world: Simulation;

  beforeEach(() => {
    world = new Simulation();
  });

  function settled(services: Plain, agent: Plain = {}): void {
    world.document({ services, agent });
    world.run(20_000);
    world.sent.length = 0;
    world.happenings.length = 0;
  }

  /** Another document takes effect, whatever it removes. */
  function replace(services: Plain, agent: Plain = {}): void {
    world.document({ services, agent }, 'two');
    world.perform(world.loop.accept('two', world.now) ?? []);
  }

  const foreign = (name = WEB): number | undefined =>
    world.table.get(name)?.destinations.get(FOREIGN)?.weight;
  const happened = (pattern: RegExp): boolean => world.happenings.some(({ text }) => pattern.test(text));
  const maintenance = (name: string, destination: string): void =>
    world.perform(
      world.loop.startMaintenance(
        { service: name, destination, since: world.now, until: undefined, why: undefined, by: undefined },
        world.now,
      ),
    );

  describe('a service that leaves', () => {
    /** A destination is added when it has passed its first check: a reading of this service alone comes before. */
    const growing = service({
      health: { whenDown: 'remove' },
      destinations: { [ONE]: { weight: 100 }, '10.0.0.3:80': { weight: 100 } },
    });

    it('stays with a destination that was added after the last reading, while another service is read', () => {
      settled({ [WEB]: service(), [MAIL]: service() });
      replace({ [MAIL]: growing });
      world.run(1);
      world.byHand(WEB, FOREIGN, { weight: 9 });
      world.run(60_000);
      expect(foreign()).to.equal(9);
      expect(world.overtaken, 'tried to delete').to.deep.equal([]);
      expect(happened(/it stays$/)).to.equal(true);
    });

    it('stays with one that was added before, where something was sent since the reading began', () => {
      settled({ [WEB]: service(), [MAIL]: service() });
      world.byHand(WEB, FOREIGN, { weight: 9 });
      maintenance(WEB, ONE);
      replace({ [MAIL]: growing });
      world.run(60_000);
      expect(foreign()).to.equal(9);
      expect(world.overtaken, 'tried to delete').to.deep.equal([]);
    });

    it('stays with one that is added between the reading and the deletion', () => {
      settled({ [WEB]: service({ health: { drainTimeout: '0s' } }), [MAIL]: service() });
      replace({ [MAIL]: service() });
      world.latency = { apply: { before: 50, after: 0 } };
      for (let tries = 0; tries < 1000 && world.loop.world.kernel !== 'applying'; tries++) world.run(10);
      expect(world.loop.world.kernel).to.equal('applying');
      world.byHand(WEB, FOREIGN, { weight: 9 });
      world.run(60_000);
      expect(foreign()).to.equal(9);
      expect(happened(/it stays$/)).to.equal(true);
    });

    it('is deleted when nobody else has a destination there', () => {
      settled({ [WEB]: service(), [MAIL]: service() });
      replace({ [MAIL]: service() });
      world.run(60_000);
      expect(world.table.has(WEB)).to.equal(false);
    });

    it('is deleted with a destination whose addition was not answered yet', () => {
      const removing = service({ health: { whenDown: 'remove' } });
      settled({ [WEB]: removing, [MAIL]: service() });
      world.servers = ({ address }) =>
        address === '10.0.0.1' ? { ...failed('refused'), refused: true } : passed('ok');
      world.run(20_000);
      expect(world.weights(WEB)).to.deep.equal({ [TWO]: 100 });
      world.latency = { send: { before: 30, after: 30 } };
      world.servers = () => passed('ok');
      for (let tries = 0; tries < 20_000 && world.loop.world.sending.size === 0; tries++) world.run(1);
      replace({ [MAIL]: service() });
      world.run(60_000);
      expect(world.table.has(WEB)).to.equal(false);
      expect(happened(/it stays$/)).to.equal(false);
    });
  });

  it('does not mistake its own zero for one set by hand, if a document takes effect before the answer', () => {
    settled({ [WEB]: service() });
    world.latency = { send: { before: 30, after: 30 } };
    world.servers = ({ address }) =>
      address === '10.0.0.1' ? { ...failed('refused'), refused: true } : passed('ok');
    for (let tries = 0; tries < 20_000 && world.loop.world.sending.size === 0; tries++) world.run(1);
    replace({ [WEB]: service({ scheduler: 'rr' }) });
    world.run(20_000);
    expect(world.state(WEB, ONE)).to.equal('down');
    world.servers = () => passed('ok');
    world.run(20_000);
    expect(world.weights(WEB)).to.deep.equal({ [ONE]: 100, [TWO]: 100 });
  });

  describe('drift', () => {
    const other = service({ destinations: { [ONE]: { weight: 50 }, [TWO]: { weight: 100 } } });

    /** A document changes, and somebody else does `change` after the table was read for it. */
    function meanwhile(change: () => void, agent: Plain = {}): void {
      settled({ [WEB]: service() }, agent);
      world.latency = { apply: { before: 50, after: 0 } };
      replace({ [WEB]: other }, agent);
      for (let tries = 0; tries < 1000 && world.loop.world.kernel !== 'applying'; tries++) world.run(1);
      expect(world.loop.world.kernel).to.equal('applying');
      change();
      world.run(30_000);
    }

    it('asks its rules about what was deleted while a change was under way', () => {
      meanwhile(() => world.byHand(WEB, TWO, undefined), { drift: { missing: 'report' } });
      expect(world.weights(WEB)).to.deep.equal({ [ONE]: 50 });
    });

    it('asks its rules about what was edited while a change was under way', () => {
      meanwhile(() => world.byHand(WEB, TWO, { weight: 7 }), { drift: { edited: 'report' } });
      expect(world.weights(WEB)).to.deep.equal({ [ONE]: 50, [TWO]: 7 });
      expect(happened(/weight was changed by somebody else; it stays so/)).to.equal(true);
    });

    it('restores what was deleted between a change and the reading after it', () => {
      settled({ [WEB]: service() });
      world.latency = { apply: { before: 0, after: 50 } };
      replace({ [WEB]: other });
      for (let tries = 0; tries < 1000 && world.weights(WEB)?.[ONE] !== 50; tries++) world.run(1);
      world.byHand(WEB, TWO, undefined);
      world.run(30_000);
      expect(world.weights(WEB)).to.deep.equal({ [ONE]: 50, [TWO]: 100 });
      expect(happened(/it was deleted by somebody else; it is restored/)).to.equal(true);
    });

    it('respects weight 0 by hand between a change and the reading after it', () => {
      settled({ [WEB]: service() });
      world.latency = { apply: { before: 0, after: 50 } };
      replace({ [WEB]: other });
      for (let tries = 0; tries < 1000 && world.weights(WEB)?.[ONE] !== 50; tries++) world.run(1);
      world.byHand(WEB, TWO, { weight: 0 });
      world.run(30_000);
      expect(world.state(WEB, TWO)).to.equal('manual');
    });
  });

  describe('destinations of others', () => {
    it('are removed where the document says so, also if it did not say so when they were added', () => {
      settled({ [WEB]: service() });
      world.byHand(WEB, FOREIGN, { weight: 9 });
      world.run(20_000);
      expect(foreign()).to.equal(9);
      replace({ [WEB]: service() }, { drift: { foreign: 'remove' } });
      world.run(20_000);
      expect(foreign()).to.equal(undefined);
    });

    it('are removed once the kernel does not refuse it any more', () => {
      settled({ [WEB]: service() }, { drift: { foreign: 'remove' } });
      world.byHand(WEB, FOREIGN, { weight: 9 });
      world.failure = 'the kernel refused';
      world.run(20_000);
      world.failure = undefined;
      world.run(20_000);
      expect(foreign()).to.equal(undefined);
    });

    it('stay if the document names them before they are removed', () => {
      settled({ [WEB]: service() }, { drift: { foreign: 'remove' } });
      world.failure = 'the kernel refused';
      world.byHand(WEB, FOREIGN, { weight: 9 });
      world.run(20_000);
      const named = service({ destinations: { [ONE]: {}, [TWO]: {}, [FOREIGN]: { weight: 9 } } });
      replace({ [WEB]: named }, { drift: { foreign: 'remove' } });
      world.failure = undefined;
      world.run(20_000);
      expect(foreign()).to.equal(9);
      expect(world.sent.some(({ text }) => text === `delete ${WEB} ${FOREIGN}`)).to.equal(false);
    });

    it('are left alone if the document leaves the destinations to others', () => {
      world.table.set(MAIL, { options: { scheduler: 'wlc' }, destinations: new Map([[FOREIGN, seen({})]]) });
      settled({ [MAIL]: { scheduler: 'wlc' } }, { drift: { foreign: 'remove' } });
      world.byHand(MAIL, '10.9.9.8:80', { weight: 9 });
      world.run(20_000);
      expect([...(world.table.get(MAIL)?.destinations.keys() ?? [])]).to.deep.equal([FOREIGN, '10.9.9.8:80']);
      expect(happened(/somebody else added it/)).to.equal(false);
    });
  });
});
