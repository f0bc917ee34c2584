import { randomInt } from 'node:crypto';
import { expect } from 'chai';
import fc from 'fast-check';
import { type CheckResult, failed, noVerdict, passed } from '@ipvs-ts/agent';
import { seen, Simulation } from './simulation.js';

/** Worlds to try; the full run tries 100 000: IPVS_TS_WORLDS=100000. */
const WORLDS = Number(process.env['IPVS_TS_WORLDS'] ?? 60);
/** What the worlds are drawn from; each test prints it before it starts, so that it outlives a run that is ended. */
const SEED = Number(process.env['IPVS_TS_SEED'] ?? randomInt(0x7fff_ffff));
/** The path that fast-check printed beside a counterexample: with its seed, and -g for its test, that world runs at once. */
const PATH = process.env['IPVS_TS_PATH'];
const RUN = { numRuns: WORLDS, seed: SEED, ...(PATH !== undefined && { path: PATH }) };

const SERVICES = ['tcp:192.0.2.10:80', 'tcp:192.0.2.11:80', 'udp:192.0.2.53:53'];
const ADDRESSES = ['10.0.0.1', '10.0.0.2', '10.0.0.3', '10.0.0.4', '10.0.0.5'];
const FOREIGN = 'tcp:192.0.2.99:99';

type Answer = 'passes' | 'refuses' | 'silent' | 'cannot tell';

const ANSWERS: Readonly<Record<Answer, () => CheckResult | undefined>> = {
  passes: () => passed('ok'),
  refuses: () => ({ ...failed('connection refused'), refused: true }),
  silent: () => undefined,
  'cannot tell': () => noVerdict('no descriptor'),
};

const answer = fc.constantFrom<Answer>('passes', 'passes', 'refuses', 'silent', 'cannot tell');
const service = fc.constantFrom(...SERVICES);
const address = fc.constantFrom(...ADDRESSES);

const health = fc.record(
  {
    floor: fc.constantFrom('0%', '25%', '60%', '100%'),
    whenAllDown: fc.constantFrom('keep', 'refuse'),
    whenDown: fc.constantFrom('quiesce', 'remove'),
    drainTimeout: fc.constantFrom('0s', '1m'),
  },
  { requiredKeys: [] },
);

const document = fc.record({
  services: fc.dictionary(
    service,
    fc.record({
      scheduler: fc.constantFrom('wlc', 'mh', 'sh', 'dh'),
      check: fc.constant({ tcp: {}, interval: '30s', failingInterval: '5s', timeout: '4s', fall: 2 }),
      health,
      destinations: fc.dictionary(
        address.map((each) => `${each}:80`),
        fc.record({ weight: fc.constantFrom(0, 1, 7, 100) }),
        { minKeys: 1 },
      ),
    }),
  ),
});

/** What happens to servers and documents: the input that two agents share. */
const input = fc.oneof(
  fc.record({ kind: fc.constant('server' as const), address, answer }),
  fc.record({ kind: fc.constant('all servers' as const), answer }),
  fc.record({ kind: fc.constant('time' as const), seconds: fc.integer({ min: 0, max: 120 }) }),
  fc.record({ kind: fc.constant('document' as const), document }),
);

const latency = fc.record({ before: fc.constantFrom(0, 0, 10, 40), after: fc.constantFrom(0, 0, 10, 40) });

/** What others do beside, and how long requests take. */
const interference = fc.oneof(
  fc.record({ kind: fc.constant('weight' as const), service, address, weight: fc.constantFrom(0, 5, 100) }),
  fc.record({ kind: fc.constant('delete' as const), service, address }),
  fc.record({ kind: fc.constant('foreign' as const), service }),
  fc.record({ kind: fc.constant('delete service' as const), service }),
  fc.record({ kind: fc.constant('refusal' as const), refused: fc.boolean() }),
  fc.record({ kind: fc.constant('latency' as const), look: latency, send: latency, apply: latency }),
  fc.record({ kind: fc.constant('moment' as const), milliseconds: fc.integer({ min: 1, max: 60 }) }),
  fc.record({ kind: fc.constant('maintenance' as const), service, address, start: fc.boolean() }),
  fc.record({
    kind: fc.constant('restart' as const),
    lose: fc.boolean(),
    without: fc.constantFrom(0, 0, 100, 20_000),
  }),
);

type Happening =
  | (typeof input extends fc.Arbitrary<infer T> ? T : never)
  | (typeof interference extends fc.Arbitrary<infer T> ? T : never);

class RandomWorld {
  readonly simulation: Simulation;
  /** Services with a destination of somebody else, which nobody else deleted. */
  readonly foreign = new Set<string>();
  readonly #answers = new Map<string, Answer>();
  #revision = 0;

  constructor(id: string) {
    this.simulation = new Simulation(1_000_000, { id });
    this.simulation.table.set(FOREIGN, {
      options: {},
      destinations: new Map([['10.9.9.9:99', seen({ weight: 9 })]]),
    });
    this.simulation.servers = (probe) => ANSWERS[this.#answers.get(probe.address) ?? 'passes']();
  }

  happen(event: Happening): void {
    const { simulation } = this;
    switch (event.kind) {
      case 'server':
        this.#answers.set(event.address, event.answer);
        return;
      case 'all servers':
        for (const each of ADDRESSES) this.#answers.set(each, event.answer);
        return;
      case 'time':
        simulation.run(event.seconds * 1000);
        return;
      case 'document': {
        const revision = `revision-${this.#revision++}`;
        simulation.document(event.document, revision);
        simulation.perform(simulation.loop.accept(revision, simulation.now) ?? []);
        return;
      }
      case 'weight':
        if (simulation.table.get(event.service)?.destinations.has(`${event.address}:80`) === true)
          simulation.byHand(event.service, `${event.address}:80`, { weight: event.weight });
        return;
      case 'delete':
        simulation.byHand(event.service, `${event.address}:80`, undefined);
        return;
      case 'delete service':
        simulation.table.delete(event.service);
        this.foreign.delete(event.service);
        return;
      case 'foreign':
        simulation.byHand(event.service, '10.9.9.9:80', { weight: 9 });
        if (simulation.table.has(event.service)) this.foreign.add(event.service);
        return;
      case 'latency': {
        const { look, send, apply } = event;
        simulation.latency = { look, send, apply };
        return;
      }
      case 'moment':
        simulation.run(event.milliseconds);
        return;
      case 'refusal':
        simulation.failure = event.refused ? 'the kernel refused' : undefined;
        return;
      case 'maintenance':
        this.#maintenance(event);
        return;
      case 'restart':
        this.#restart(event);
    }
  }

  /** Everybody else stops, and every server answers as it does. */
  quiet(): void {
    this.simulation.failure = undefined;
    this.simulation.run(900_000);
  }

  heal(): void {
    for (const each of ADDRESSES) this.#answers.set(each, 'passes');
  }

  #maintenance({ service: name, address: of, start }: Happening & { readonly kind: 'maintenance' }): void {
    const { simulation } = this;
    const { loop, now } = simulation;
    const destination = `${of}:80`;
    if (loop.service(name)?.destinations?.some((each) => each.name === destination) !== true) return;
    const maintenance = {
      service: name,
      destination,
      since: now,
      until: undefined,
      why: undefined,
      by: undefined,
    };
    simulation.perform(
      start ? loop.startMaintenance(maintenance, now) : loop.endMaintenance(name, destination, now),
    );
  }

  /** Where the agent had nothing left to do, a restart with its state sends nothing. */
  #restart({ lose, without }: Happening & { readonly kind: 'restart' }): void {
    const { simulation } = this;
    simulation.run(5100);
    const { unapplied, kernel, draining, sending, tolerance } = simulation.loop.world;
    const atRest =
      unapplied.size === 0 &&
      kernel === 'idle' &&
      draining.size === 0 &&
      sending.size === 0 &&
      tolerance.size === 0 &&
      simulation.failure === undefined;
    const before = simulation.sent.length;
    const checks = simulation.started.length;
    simulation.restart({ lose, without });
    simulation.run(20);
    // Where it has no document for longer, time alone may have changed what is right, and so may a check that ran.
    if (atRest && !lose && without <= 100 && simulation.started.length === checks)
      expect(simulation.sent.slice(before), 'sent by a restart').to.deep.equal([]);
  }
}

/** What must hold at any time. */
function checkInvariants({ simulation: { table, loop }, foreign }: RandomWorld): void {
  for (const name of foreign)
    expect(table.get(name)?.destinations.get('10.9.9.9:80')?.weight, `the foreign one of ${name}`).to.equal(
      9,
    );
  expect(table.get(FOREIGN)?.destinations.get('10.9.9.9:99')?.weight, 'a foreign service').to.equal(9);
  for (const [name, { declared, composed, health }] of loop.world.services) {
    const total = (declared.destinations ?? []).reduce((sum, { options }) => sum + options.weight, 0);
    let inService = 0;
    for (const { state, weight, reason, declaredWeight } of composed?.destinations ?? []) {
      expect(reason, name).to.match(/\w/);
      if (weight === 0 && declaredWeight > 0) expect(state, name).not.to.be.oneOf(['up', 'kept']);
      if (weight > 0) expect(state, name).to.be.oneOf(['up', 'kept']);
      if (weight > 0) inService += declaredWeight;
    }
    const ruled = composed?.memory !== undefined && declared.health.whenAllDown !== 'keep';
    if (composed === undefined || ruled || inService >= declared.health.floor * total) continue;
    for (const each of composed.destinations ?? [])
      // One that has just come up waits for others of its service for a moment.
      if (
        each.state === 'down' &&
        each.declaredWeight > 0 &&
        !(loop.world.soon.has(name) && health.get(each.name)?.state === 'up')
      )
        expect(health.get(each.name)?.everUp, `${name} ${each.name} is out below the floor`).to.equal(false);
  }
}

describe('random worlds', function () {
  this.timeout(0);

  beforeEach(() => {
    if (WORLDS >= 1000) process.stdout.write(`    ${WORLDS} worlds, IPVS_TS_SEED=${SEED}\n`);
  });

  it('never touch foreign services, never go below the floor, have a reason for every destination, and settle', () => {
    fc.assert(
      fc.property(document, fc.array(fc.oneof(input, interference), { maxLength: 25 }), (first, events) => {
        const world = new RandomWorld('lb1');
        const { simulation } = world;
        world.happen({ kind: 'document', document: first });
        for (const event of events) {
          world.happen(event);
          checkInvariants(world);
        }
        world.quiet();
        checkInvariants(world);
        const before = simulation.sent.length;
        simulation.run(120_000);
        expect(simulation.sent.slice(before), 'sent at rest').to.deep.equal([]);
        simulation.restart();
        simulation.run(60_000);
        expect(simulation.sent.slice(before), 'sent after a restart at rest').to.deep.equal([]);
      }),
      RUN,
    );
  });

  it('lead two directors with the same input to the same table', () => {
    fc.assert(
      fc.property(document, fc.array(input, { maxLength: 15 }), (first, events) => {
        const tables = ['lb1', 'lb2'].map((id) => {
          const world = new RandomWorld(id);
          // Whoever removed a destination once adds it at another place: only what always quiesced has one order.
          const reordered = new Set<string>();
          const note = (): void => {
            for (const [name, { mode }] of world.simulation.loop.world.services)
              if (mode.mode === 'remove') reordered.add(name);
          };
          for (const event of [{ kind: 'document' as const, document: first }, ...events]) {
            world.happen(event);
            note();
          }
          world.heal();
          world.quiet();
          note();
          return [...world.simulation.loop.world.services.keys()].map((name) => {
            const weights = Object.entries(world.simulation.weights(name) ?? {});
            return { name, weights: reordered.has(name) ? weights.sort() : weights };
          });
        });
        expect(tables[0]).to.deep.equal(tables[1]);
      }),
      RUN,
    );
  });
});
