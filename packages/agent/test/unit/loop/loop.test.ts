import { expect } from 'chai';
import { failed, noVerdict, passed } from '@ipvs-ts/agent';
import { declare, Simulation } from './simulation.js';

const WEB = 'tcp:192.0.2.10:80';
const ONE = '10.0.0.1:80';
const TWO = '10.0.0.2:80';
const THREE = '10.0.0.3:80';

function web(change: object = {}, health: object = {}): object {
  return {
    services: {
      [WEB]: {
        scheduler: 'wlc',
        check: { tcp: {} },
        health,
        destinations: { [TWO]: { weight: 100 }, [ONE]: { weight: 100 }, [THREE]: { weight: 100 } },
        ...change,
      },
    },
  };
}

/** Servers of which those at `addresses` refuse connections. */
function dead(...addresses: string[]): Simulation['servers'] {
  return ({ address }) =>
    addresses.includes(address) ? { ...failed('connection refused'), refused: true } : passed('connected');
}

describe('the loop', () => {
  let world: Simulation;

  beforeEach(() => {
    world = new Simulation();
  });

  /** A table in which every server is up and in service. */
  function settled(document: object = web()): void {
    world.document(document);
    world.run(20_000);
    world.sent.length = 0;
    world.happenings.length = 0;
  }

  it('adds all destinations at once at weight 0 in canonical order, and weight as they pass', () => {
    world.servers = dead('10.0.0.2');
    world.document(web());
    world.run(1);
    expect(world.sent.slice(0, 4).map(({ text }) => text)).to.deep.equal([
      `add ${WEB}`,
      `add ${WEB} ${ONE} 0`,
      `add ${WEB} ${TWO} 0`,
      `add ${WEB} ${THREE} 0`,
    ]);
    world.run(2000);
    expect(world.weights(WEB)).to.deep.equal({ [ONE]: 100, [TWO]: 0, [THREE]: 100 });
  });

  it('sends nothing more once the table is as declared', () => {
    settled();
    world.run(600_000);
    expect(world.sent).to.deep.equal([]);
  });

  it('takes a dead server out within interval + (fall − 1) × failingInterval + timeout', () => {
    settled();
    const died = world.now;
    world.servers = dead('10.0.0.2');
    world.run(5000 + 2 * 1000 + 2000);
    expect(world.weights(WEB)).to.deep.equal({ [ONE]: 100, [TWO]: 0, [THREE]: 100 });
    expect(world.sent).to.have.length(1);
    expect(world.sent[0]?.at).to.be.within(died, died + 9000);
    expect(world.composed(WEB, TWO)?.reason).to.equal('check tcp failed 3 times: connection refused');
  });

  it('takes a hung server out in time, however often the document changes meanwhile', () => {
    settled();
    world.servers = ({ address }) => (address === '10.0.0.1' ? undefined : passed('connected'));
    const start = world.now;
    for (let change = 0; world.weights(WEB)?.[ONE] !== 0 && change < 100; change++) {
      world.document(web({}, { drainTimeout: `${1 + change}s` }), `document ${change}`);
      world.run(500);
    }
    expect(world.weights(WEB)?.[ONE]).to.equal(0);
    // interval 5 s, and three failures of 2 s each
    expect(world.now - start).to.be.at.most(5000 + 3 * 2000 + 500);
  });

  it('checks within the failing interval after a restart, since a check that was running then is lost', () => {
    settled();
    world.restart();
    world.started.length = 0;
    world.run(1010);
    const checked = new Set(world.started.map(({ probe }) => probe.address));
    expect([...checked].sort()).to.deep.equal(['10.0.0.1', '10.0.0.2', '10.0.0.3']);
  });

  it('changes the weight of what fell only, whatever others changed since the table was read', () => {
    settled();
    world.servers = dead('10.0.0.2');
    world.run(6900);
    const [at] = world.started
      .filter(({ probe }) => probe.address === '10.0.0.2')
      .map((each) => each.at)
      .slice(-3);
    expect(at).to.be.a('number');
    world.byHand(WEB, ONE, { weight: 0 });
    while (world.weights(WEB)?.[TWO] !== 0) world.run(1);
    expect(world.sent.map(({ text }) => text)).to.deep.equal([`set ${WEB} ${TWO} 100 0`]);
    world.run(10_000);
    expect(world.state(WEB, ONE)).to.equal('manual');
    expect(world.sent).to.have.length(1);
  });

  it('removes and adds by verdicts at once too', () => {
    settled(web({}, { whenDown: 'remove' }));
    world.servers = dead('10.0.0.2');
    world.run(10_000);
    world.servers = dead();
    world.run(10_000);
    expect(world.sent.map(({ text }) => text)).to.deep.equal([
      `delete ${WEB} ${TWO}`,
      `add ${WEB} ${TWO} 100`,
    ]);
    expect(world.happenings.filter(({ kind }) => kind === 'drift')).to.deep.equal([]);
  });

  it('decides again after a reading where the kernel refuses what was sent at once', () => {
    settled();
    world.failure = 'no memory';
    world.servers = dead('10.0.0.2');
    world.run(10_000);
    expect(world.weights(WEB)?.[TWO]).to.equal(100);
    world.failure = undefined;
    world.run(6000);
    expect(world.weights(WEB)?.[TWO]).to.equal(0);
    expect(world.happenings.map(({ text }) => text)).to.include('no memory');
  });

  it('brings it back after two passes', () => {
    settled();
    world.servers = dead('10.0.0.2');
    world.run(10_000);
    world.servers = dead();
    world.run(11_000);
    expect(world.weights(WEB)?.[TWO]).to.equal(100);
  });

  it('reports once that checks have no verdict, and that they have again', () => {
    settled();
    world.servers = () => noVerdict('this process has no descriptor left (EMFILE)');
    world.run(60_000);
    world.servers = () => passed('connected');
    world.run(60_000);
    expect(world.happenings.map(({ kind, text }) => `${kind}: ${text}`)).to.deep.equal([
      'warning: checks have no verdict, and change nothing: this process has no descriptor left (EMFILE)',
      'warning: checks have verdicts again; this is over: this process has no descriptor left (EMFILE)',
    ]);
  });

  it('takes nothing out for errors of this host', () => {
    settled();
    world.servers = () => noVerdict('this process has no descriptor left (EMFILE)');
    world.run(60_000);
    expect(world.sent).to.deep.equal([]);
  });

  describe('restarted', () => {
    it('sends nothing, with a server down', () => {
      settled();
      world.servers = dead('10.0.0.2');
      world.run(20_000);
      world.sent.length = 0;
      for (const lose of [false, true]) {
        world.restart({ lose });
        world.run(30_000);
        expect(world.sent, `state lost: ${String(lose)}`).to.deep.equal([]);
      }
    });

    it('touches nothing while it has no document', () => {
      settled();
      world.restart({ without: 60_000 });
      world.run(30_000);
      expect(world.sent).to.deep.equal([]);
    });

    it('forgets no failure that it has seen', () => {
      settled();
      world.servers = dead('10.0.0.2');
      // Killed after every second, it still counts to three.
      for (let second = 0; second < 9; second++) {
        world.run(1000);
        world.restart();
      }
      expect(world.weights(WEB)?.[TWO]).to.equal(0);
    });

    it('keeps a weight 0 by hand, also one that was set while no agent ran', () => {
      settled();
      world.byHand(WEB, ONE, { weight: 0 });
      world.restart();
      world.run(60_000);
      expect(world.state(WEB, ONE)).to.equal('manual');
      expect(world.sent).to.deep.equal([]);
    });
  });

  describe('when every server is down', () => {
    it('keeps those that were up last, and says so', () => {
      settled();
      world.servers = dead('10.0.0.1');
      world.run(20_000);
      world.servers = dead('10.0.0.1', '10.0.0.2', '10.0.0.3');
      world.run(60_000);
      expect(world.weights(WEB)).to.deep.equal({ [ONE]: 0, [TWO]: 100, [THREE]: 100 });
      expect(world.state(WEB, TWO)).to.equal('kept');
      expect(world.happenings.some(({ kind }) => kind === 'guard')).to.equal(true);
    });

    it('puts no dead server in service when an operator takes out the last one that is up', () => {
      settled();
      world.servers = dead('10.0.0.1', '10.0.0.2');
      world.run(20_000);
      world.byHand(WEB, THREE, { weight: 0 });
      world.run(60_000);
      expect(world.weights(WEB)).to.deep.equal({ [ONE]: 0, [TWO]: 0, [THREE]: 0 });
      expect(world.state(WEB, THREE)).to.equal('manual');
    });

    it('takes down servers out again as soon as one is up', () => {
      settled();
      world.servers = dead('10.0.0.1', '10.0.0.2', '10.0.0.3');
      world.run(60_000);
      world.servers = dead('10.0.0.1', '10.0.0.2');
      world.run(11_000);
      expect(world.weights(WEB)).to.deep.equal({ [ONE]: 0, [TWO]: 0, [THREE]: 100 });
    });

    it('uses the sorry destinations, and drains them when a server is back', () => {
      const sorry = '10.0.9.9:80';
      settled(web({}, { whenAllDown: 'sorry', sorry: { [sorry]: {} } }));
      world.servers = dead('10.0.0.1', '10.0.0.2', '10.0.0.3');
      world.run(20_000);
      expect(world.weights(WEB)).to.deep.equal({ [ONE]: 0, [TWO]: 0, [THREE]: 0, [sorry]: 1 });
      world.servers = dead();
      world.run(30_000);
      expect(world.weights(WEB)).to.deep.equal({ [ONE]: 100, [TWO]: 100, [THREE]: 100 });
    });

    it('refuses', () => {
      settled(web({}, { whenAllDown: 'refuse' }));
      world.servers = dead('10.0.0.1', '10.0.0.2', '10.0.0.3');
      world.run(20_000);
      expect(world.weights(WEB)).to.deep.equal({ [ONE]: 0, [TWO]: 0, [THREE]: 0 });
    });
  });

  it('keeps the floor in service: those that went down last', () => {
    settled(web({}, { floor: '60%' }));
    world.servers = dead('10.0.0.1');
    world.run(10_000);
    world.servers = dead('10.0.0.1', '10.0.0.2');
    world.run(20_000);
    expect(world.weights(WEB)).to.deep.equal({ [ONE]: 0, [TWO]: 100, [THREE]: 100 });
    expect(world.composed(WEB, TWO)?.reason).to.match(/kept in service by the floor of 60%$/);
  });

  describe('doubt', () => {
    const two = {
      services: Object.fromEntries(
        ['tcp:192.0.2.10:80', 'tcp:192.0.2.11:80'].map((service, index) => [
          service,
          {
            check: { tcp: {} },
            health: { whenAllDown: 'refuse' },
            destinations: { [`10.0.${index}.1:80`]: {}, [`10.0.${index}.2:80`]: {} },
          },
        ]),
      ),
    };

    it('takes nothing out for three intervals when most addresses fall silent at once', () => {
      settled(two);
      world.servers = () => undefined;
      world.run(15_000);
      expect(world.happenings.some(({ kind }) => kind === 'doubt')).to.equal(true);
      expect(world.sent).to.deep.equal([]);
      world.run(30_000);
      expect(world.sent, 'then the verdicts count').to.have.length(4);
    });

    it('does not count refused connections, which prove a living host', () => {
      settled(two);
      world.servers = dead('10.0.0.1', '10.0.0.2', '10.0.1.1', '10.0.1.2');
      world.run(15_000);
      expect(world.sent).to.have.length(4);
    });
  });

  describe('with another writer', () => {
    it('restores missing and edited entries', () => {
      settled();
      world.byHand(WEB, ONE, undefined);
      world.byHand(WEB, TWO, { upperThreshold: 5 });
      world.run(6000);
      expect(world.sent.map(({ text }) => text)).to.deep.equal([
        `add ${WEB} ${ONE} 100`,
        `edit ${WEB} ${TWO}`,
      ]);
      world.byHand(WEB, TWO, { weight: 7 });
      world.run(6000);
      expect(world.weights(WEB)?.[TWO]).to.equal(100);
    });

    it('restores a deleted service with the weights of its servers', () => {
      settled();
      world.table.delete(WEB);
      world.run(6000);
      expect(world.weights(WEB)).to.deep.equal({ [ONE]: 100, [TWO]: 100, [THREE]: 100 });
    });

    it('respects weight 0 by hand until it is raised by hand', () => {
      settled();
      world.byHand(WEB, ONE, { weight: 0 });
      world.run(60_000);
      expect(world.sent).to.deep.equal([]);
      expect(world.state(WEB, ONE)).to.equal('manual');
      world.byHand(WEB, ONE, { weight: 1 });
      world.run(6000);
      expect(world.weights(WEB)?.[ONE]).to.equal(100);
      expect(world.state(WEB, ONE)).to.equal('up');
    });

    it('restores weight 0 by hand where the document says so', () => {
      settled({ ...web(), agent: { drift: { weightZero: 'restore' } } });
      world.byHand(WEB, ONE, { weight: 0 });
      world.run(6000);
      expect(world.weights(WEB)?.[ONE]).to.equal(100);
    });

    it('reports a foreign destination that is added while something else is restored', () => {
      settled();
      const perform = world.perform.bind(world);
      let isAdded = false;
      world.perform = (effects) => {
        if (!isAdded && effects.some(({ kind }) => kind === 'apply')) {
          world.byHand(WEB, '10.9.9.9:80', { weight: 9 });
          isAdded = true;
        }
        perform(effects);
      };
      world.byHand(WEB, ONE, undefined);
      world.run(20_000);
      expect(isAdded).to.equal(true);
      const reported = world.happenings.filter(({ destination }) => destination === '10.9.9.9:80');
      expect(reported.map(({ text }) => text)).to.deep.equal(['somebody else added it; it stays as it is']);
      expect(world.weights(WEB)?.['10.9.9.9:80']).to.equal(9);
    });

    it('leaves foreign services and destinations alone', () => {
      settled();
      world.table.set('tcp:192.0.2.99:80', { options: {}, destinations: new Map() });
      world.byHand(WEB, '10.0.0.99:80', { weight: 3 });
      world.run(60_000);
      expect(world.sent).to.deep.equal([]);
      expect(world.happenings.filter(({ kind }) => kind === 'drift')).to.have.length(1);
    });

    it('removes foreign destinations where the document says so', () => {
      settled({ ...web(), agent: { drift: { foreign: 'remove' } } });
      world.byHand(WEB, '10.0.0.99:80', { weight: 3 });
      world.run(6000);
      expect(world.sent.map(({ text }) => text)).to.deep.equal([`delete ${WEB} 10.0.0.99:80`]);
    });

    it('stops for a minute when a change is undone three times in a minute', () => {
      settled();
      for (let second = 0; second < 120; second++) {
        world.byHand(WEB, ONE, { weight: 7 });
        world.run(1000);
      }
      expect(world.sent.length).to.be.within(3, 8);
      expect(world.happenings.some(({ text }) => text.includes('three times in a minute'))).to.equal(true);
    });
  });

  describe('timeouts of the document', () => {
    const timeouts = { tcp: 600 };

    it('are restored when somebody else changes them, unless the document says otherwise', () => {
      settled({ ...web(), timeouts });
      expect(world.timeouts).to.deep.equal(timeouts);
      world.timeouts = { tcp: 900 };
      world.run(6000);
      expect(world.timeouts).to.deep.equal(timeouts);
      expect(world.happenings.map(({ text }) => text).join()).to.match(/timeouts.*they are restored/);
      world.document({ ...web(), timeouts, agent: { drift: { edited: 'report' } } }, 'two');
      world.run(6000);
      world.timeouts = { tcp: 900 };
      world.run(60_000);
      expect(world.timeouts).to.deep.equal({ tcp: 900 });
      const reports = world.happenings.filter(({ text }) => text.includes('until the document changes'));
      expect(reports).to.have.length(1);
    });

    it('are left alone for a minute after they were undone three times in a minute', () => {
      settled({ ...web(), timeouts });
      for (let second = 0; second < 50; second += 5) {
        world.timeouts = { tcp: 900 };
        world.run(5100);
      }
      expect(world.timeouts).to.deep.equal({ tcp: 900 });
      expect(world.happenings.map(({ text }) => text).join()).to.match(/three times in a minute/);
    });
  });

  describe('settings of the kernel that keep clients at destinations out of service', () => {
    it('are reported once, and are in the status while they are so', () => {
      world.expiry = { expiresTemplates: false, expiresConnections: false };
      settled(web({ persistence: { timeout: 300 } }, { whenDown: 'remove' }));
      world.restart();
      world.run(60_000);
      const warnings = world.happenings.filter(({ kind }) => kind === 'warning').map(({ text }) => text);
      expect(warnings).to.have.length(2);
      expect(warnings[0]).to.include('expire_quiescent_template').and.include(WEB);
      expect(warnings[1]).to.include('expire_nodest_conn').and.include(WEB);
      expect(world.loop.world.warnings).to.deep.equal(warnings);
      world.expiry = { expiresTemplates: true, expiresConnections: true };
      world.run(10_000);
      expect(world.loop.world.warnings).to.deep.equal([]);
    });

    it('are not reported where no service needs them', () => {
      world.expiry = { expiresTemplates: false, expiresConnections: false };
      settled();
      expect(world.loop.world.warnings).to.deep.equal([]);
    });
  });

  describe('documents', () => {
    it('drain what leaves, then delete it', () => {
      settled();
      world.byHand(WEB, THREE, { activeConnections: 5 });
      const { [THREE]: _, ...rest } = { [ONE]: { weight: 100 }, [TWO]: { weight: 100 }, [THREE]: {} };
      world.document(web({ destinations: rest }), 'two');
      world.run(60_000);
      expect(world.weights(WEB)?.[THREE]).to.equal(0);
      world.run(600_000);
      expect(world.weights(WEB)).to.deep.equal({ [ONE]: 100, [TWO]: 100 });
      expect(world.happenings.find(({ kind }) => kind === 'drained')?.text).to.match(
        /with 5 connections left/,
      );
    });

    it('drain for a whole number of milliseconds, whatever the clock says', () => {
      world = new Simulation(1_000_000.3);
      settled();
      const two = declare(web({ destinations: { [ONE]: { weight: 100 }, [TWO]: { weight: 100 } } }), 'two');
      world.now += 0.1;
      world.event({ kind: 'document', declared: two });
      world.run(20_000.7);
      expect(world.drainTimeouts).to.have.length(1);
      for (const timeout of world.drainTimeouts) expect(Number.isInteger(timeout)).to.equal(true);
    });

    it('delete what leaves while it is down at once: there is nothing to drain', () => {
      settled();
      world.byHand(WEB, THREE, { activeConnections: 5 });
      world.servers = dead('10.0.0.3');
      world.run(10_000);
      expect(world.weights(WEB)?.[THREE]).to.equal(0);
      world.document(web({ destinations: { [ONE]: { weight: 100 }, [TWO]: { weight: 100 } } }), 'two');
      world.run(1000);
      expect(world.weights(WEB)).to.deep.equal({ [ONE]: 100, [TWO]: 100 });
    });

    it('delete it at once after a restart with the document changed meanwhile', () => {
      settled();
      world.byHand(WEB, THREE, { activeConnections: 5 });
      world.servers = dead('10.0.0.3');
      world.run(10_000);
      world.restart({ without: Infinity });
      world.document(web({ destinations: { [ONE]: { weight: 100 }, [TWO]: { weight: 100 } } }), 'two');
      world.run(1000);
      expect(world.weights(WEB)).to.deep.equal({ [ONE]: 100, [TWO]: 100 });
    });

    it('forget destinations that were removed because they are down, without sending anything', () => {
      settled(web({}, { whenDown: 'remove' }));
      world.servers = dead('10.0.0.3');
      world.run(10_000);
      world.sent.length = 0;
      const { [THREE]: _, ...rest } = { [ONE]: { weight: 100 }, [TWO]: { weight: 100 }, [THREE]: {} };
      world.document(web({ destinations: rest }, { whenDown: 'remove' }), 'two');
      world.run(20_000);
      expect(world.sent).to.deep.equal([]);
      expect(world.loop.world.ledger.destinations(WEB)).to.deep.equal([ONE, TWO]);
    });

    it('drain a destination whose drain was short once, and that was back since', () => {
      settled();
      world.servers = dead('10.0.0.3');
      world.run(10_000);
      world.document(web({ destinations: { [ONE]: { weight: 100 }, [TWO]: { weight: 100 } } }), 'two');
      world.document(web(), 'three');
      world.servers = dead();
      world.run(20_000);
      world.byHand(WEB, THREE, { activeConnections: 5 });
      world.document(web({ destinations: { [ONE]: { weight: 100 }, [TWO]: { weight: 100 } } }), 'four');
      world.run(60_000);
      expect(world.weights(WEB)?.[THREE]).to.equal(0);
    });

    it('take back a destination that returns while it drains', () => {
      settled();
      world.byHand(WEB, THREE, { activeConnections: 5 });
      world.document(web({ destinations: { [ONE]: { weight: 100 }, [TWO]: { weight: 100 } } }), 'two');
      world.run(60_000);
      world.document(web(), 'three');
      world.run(10_000);
      expect(world.weights(WEB)).to.deep.equal({ [ONE]: 100, [TWO]: 100, [THREE]: 100 });
      world.run(900_000);
      expect(world.weights(WEB)?.[THREE]).to.equal(100);
    });

    it('delete a service that leaves, when its destinations are gone', () => {
      settled();
      world.document({ services: {} }, 'two');
      expect(world.loop.world.pending, 'three destinations wait for accept').not.to.equal(undefined);
      world.run(60_000);
      expect(world.sent).to.deep.equal([]);
      expect(world.loop.accept('one', world.now), 'another revision').to.equal(undefined);
      world.perform(world.loop.accept('two', world.now) ?? []);
      world.run(20_000);
      expect(world.table.has(WEB)).to.equal(false);
    });

    it('with mistakes change nothing', () => {
      settled();
      const problems = [{ path: 'services', allowed: 'an object', message: 'services must be an object' }];
      world.event({ kind: 'document problems', revision: 'two', problems });
      world.run(60_000);
      expect(world.sent).to.deep.equal([]);
      expect(world.loop.world.problems).to.deep.equal(problems);
    });
  });

  it('takes a server out for maintenance, and back by itself when its time is over', () => {
    settled();
    const maintenance = { service: WEB, destination: ONE, since: world.now, until: world.now + 60_000 };
    world.perform(world.loop.startMaintenance({ ...maintenance, why: 'new disk', by: 'ada' }, world.now));
    world.run(1000);
    expect(world.weights(WEB)?.[ONE]).to.equal(0);
    expect(world.composed(WEB, ONE)?.reason).to.equal('by ada: new disk');
    world.run(60_000);
    expect(world.weights(WEB)?.[ONE]).to.equal(100);
  });

  it('starts slowly in ten steps', () => {
    settled(web({}, { slowStart: '20s' }));
    world.servers = dead('10.0.0.1');
    world.run(20_000);
    world.servers = dead();
    world.sent.length = 0;
    world.run(40_000);
    const steps = world.sent.map(({ text }) => Number(text.split(' ').at(-1)));
    expect(steps).to.deep.equal([10, 20, 30, 40, 50, 60, 70, 80, 90, 100]);
  });

  it('holds a flapping server down', () => {
    settled();
    for (let round = 0; round < 3; round++) {
      world.servers = dead('10.0.0.1');
      world.run(10_000);
      world.servers = dead();
      world.run(round < 2 ? 11_000 : 15_000);
    }
    expect(world.weights(WEB)?.[ONE]).to.equal(0);
    expect(world.composed(WEB, ONE)?.reason).to.match(/went down three times in ten minutes/);
    world.run(30_000);
    expect(world.weights(WEB)?.[ONE]).to.equal(100);
  });

  it('runs one check for all services that share it', () => {
    const services = Object.fromEntries(
      ['192.0.2.10', '192.0.2.11'].map((address) => [
        `tcp:${address}:80`,
        { check: { tcp: {} }, destinations: { [ONE]: {} } },
      ]),
    );
    world.document({ services });
    world.run(20_000);
    expect(world.loop.world.probes.size).to.equal(1);
    expect(world.weights('tcp:192.0.2.11:80')).to.deep.equal({ [ONE]: 1 });
  });

  it('tries again while the kernel refuses', () => {
    world.failure = 'cannot add service';
    world.document(web());
    world.run(20_000);
    world.failure = undefined;
    world.run(6000);
    expect(world.weights(WEB)).to.deep.equal({ [ONE]: 100, [TWO]: 100, [THREE]: 100 });
  });
});
