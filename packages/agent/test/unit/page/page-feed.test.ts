import { expect } from 'chai';
import fc from 'fast-check';
import { failed, passed } from '@ipvs-ts/agent';
import { Journal } from '../../../dist/page/journal.js';
import { PageFeed } from '../../../dist/page/page-feed.js';
import { RateHistory } from '../../../dist/page/rate-history.js';
import { PageModel } from '../../../dist/page/view/page-model.js';
import type { Change, Snapshot } from '../../../dist/page/wire.js';
import { EventLog } from '../../../dist/report/event-log.js';
import { Simulation } from '../loop/simulation.js';

const CHECK = { tcp: {}, interval: '1s', failingInterval: '1s', timeout: '500ms', fall: 2, rise: 1 };

function document(services: Readonly<Record<string, readonly string[]>>, more: object = {}): object {
  return {
    services: Object.fromEntries(
      Object.entries(services).map(([name, destinations]) => [
        name,
        {
          scheduler: 'wlc',
          check: CHECK,
          destinations: Object.fromEntries(destinations.map((each) => [each, { weight: 100 }])),
          ...more,
        },
      ]),
    ),
  };
}

const WEB = 'tcp:192.0.2.10:80';
const TWO = { [WEB]: ['10.0.0.1:80', '10.0.0.2:80'], 'tcp:192.0.2.11:80': ['10.0.1.1:80', '10.0.1.2:80'] };

/** An agent in virtual time, its feed, and a page that reads it. */
class Stage {
  readonly simulation = new Simulation();
  readonly dead = new Set<string>();
  readonly log = new EventLog();
  readonly history = new RateHistory();
  readonly feed: PageFeed;
  readonly model = new PageModel();
  readonly changes: Change[] = [];
  #reported = 0;

  constructor(services: Readonly<Record<string, readonly string[]>> = TWO) {
    this.simulation.servers = ({ address }) => (this.dead.has(address) ? failed('refused') : passed('open'));
    this.simulation.document(document(services));
    this.simulation.run(2000);
    const { simulation, log } = this;
    this.#report();
    const source = {
      id: 'lb1',
      loop: simulation.loop,
      feed: { status: null },
      events: log,
      now: () => simulation.now,
    };
    this.feed = new PageFeed(source, this.history);
    this.model.apply({ kind: 'snapshot', data: copy(this.feed.snapshot()) });
  }

  run(milliseconds: number): Change | undefined {
    this.simulation.run(milliseconds);
    this.#report();
    const change = this.feed.turn();
    if (change !== undefined) this.#send(change);
    return change;
  }

  /** Every service has had so many connections in all. */
  sample(connections: bigint): void {
    const totals = { connections, inBytes: connections * 10n, outBytes: 0n };
    const names = [...this.simulation.loop.world.services.keys()];
    this.history.add(new Map(names.map((name) => [name, totals])), this.simulation.now);
    this.#send(this.feed.sampled());
  }

  /** What a page shows that is opened now. */
  fresh(): PageModel {
    const model = new PageModel();
    model.apply({ kind: 'snapshot', data: copy(this.feed.snapshot()) });
    return model;
  }

  #send(change: Change): void {
    this.changes.push(change);
    this.model.apply({ kind: 'change', data: copy(change) });
  }

  #report(): void {
    const { happenings } = this.simulation;
    for (const each of happenings.slice(this.#reported)) this.log.add(each, new Date(each.at).toISOString());
    this.#reported = happenings.length;
  }
}

/** As it arrives. */
function copy<T extends Snapshot | Change>(message: T): T {
  return JSON.parse(JSON.stringify(message)) as T;
}

function shown(model: PageModel): unknown {
  return {
    head: model.head,
    services: model.services.map(({ states, ...rest }) => ({ ...rest, states: [...states].sort() })),
    events: model.events,
    history: model.services.map(({ name }) => model.history(name)?.map((value) => value || 0)),
  };
}

describe('what a page is sent', () => {
  it('is nothing while nothing changes', () => {
    const stage = new Stage();
    for (let second = 0; second < 60; second++) expect(stage.run(1000)).to.equal(undefined);
  });

  it('is the destination that changed, not its whole service, nor the others', () => {
    const stage = new Stage();
    stage.dead.add('10.0.0.2');
    stage.run(5000);
    const services = stage.changes.flatMap((change) => change.services ?? []);
    expect(services.map(({ name }) => name)).to.satisfy((names: string[]) =>
      names.every((name) => name === WEB),
    );
    for (const each of services) {
      expect(each).not.to.have.property('destinations');
      expect(each.changed?.map(([name]) => name)).to.deep.equal(['10.0.0.2:80']);
    }
    expect(stage.model.service(WEB)?.states.get('down')).to.equal(1);
    expect(stage.model.service(WEB)?.capacity).to.equal(0.5);
    expect(stage.model.events.at(-1)?.id).to.equal(stage.log.after().at(-1)?.id);
  });

  it('is a service as a whole where destinations come and go, and the order where services do', () => {
    const stage = new Stage();
    stage.simulation.document(
      document({ ...TWO, [WEB]: ['10.0.0.1:80', '10.0.0.2:80', '10.0.0.3:80'] }),
      'two',
    );
    stage.run(3000);
    expect(stage.model.service(WEB)?.destinations.length).to.equal(3);
    stage.simulation.document(document({ 'udp:192.0.2.53:53': ['10.0.9.1:53'], ...TWO }), 'three');
    stage.run(3000);
    expect(stage.model.services.map(({ name }) => name)).to.include('udp:192.0.2.53:53');
    expect(shown(stage.model)).to.deep.equal(shown(stage.fresh()));
  });

  it('shows the same to a page that followed as to a new one, whatever happens', () => {
    const step = fc.oneof(
      fc.record({
        kind: fc.constant('dead' as const),
        host: fc.integer({ min: 1, max: 2 }),
        dead: fc.boolean(),
      }),
      fc.record({ kind: fc.constant('maintenance' as const), start: fc.boolean() }),
      fc.record({
        kind: fc.constant('document' as const),
        count: fc.integer({ min: 1, max: 3 }),
        second: fc.boolean(),
      }),
      fc.record({ kind: fc.constant('sample' as const), more: fc.integer({ min: 0, max: 5000 }) }),
      fc.record({ kind: fc.constant('hand' as const), weight: fc.integer({ min: 0, max: 3 }) }),
    );
    fc.assert(
      fc.property(fc.array(step, { maxLength: 25 }), (steps) => {
        const stage = new Stage();
        let total = 0n;
        for (const each of steps) {
          const { simulation } = stage;
          if (each.kind === 'dead') stage.dead[each.dead ? 'add' : 'delete'](`10.0.0.${each.host}`);
          else if (each.kind === 'sample') stage.sample((total += BigInt(each.more)));
          else if (each.kind === 'hand')
            simulation.byHand(WEB, '10.0.0.1:80', { weight: each.weight, activeConnections: each.weight });
          else if (each.kind === 'maintenance')
            simulation.perform(
              each.start
                ? simulation.loop.startMaintenance(
                    {
                      service: WEB,
                      destination: '10.0.0.1:80',
                      since: simulation.now,
                      until: simulation.now + 9000,
                      why: 'disk',
                      by: 'ada',
                    },
                    simulation.now,
                  )
                : simulation.loop.endMaintenance(WEB, '10.0.0.1:80', simulation.now),
            );
          else
            simulation.document(
              document({
                [WEB]: Array.from({ length: each.count }, (_, index) => `10.0.0.${index + 1}:80`),
                ...(each.second && { 'tcp:192.0.2.11:80': ['10.0.1.1:80'] }),
              }),
              `revision ${each.count} ${each.second}`,
            );
          stage.run(2500);
        }
        stage.sample(total);
        expect(shown(stage.model)).to.deep.equal(shown(stage.fresh()));
      }),
      { numRuns: 60, seed: 4711 },
    );
  });

  it('shortens reasons and events that are very long', () => {
    const stage = new Stage();
    stage.simulation.servers = () => failed('x'.repeat(10_000));
    stage.run(5000);
    const [row] = stage.model.service(WEB)?.destinations ?? [];
    expect(row?.[5].length).to.be.below(600);
    expect(Math.max(...stage.model.events.map(({ text }) => text.length))).to.be.below(2100);
  });
});

describe('the journal of a page', () => {
  it('returns the messages after a given one, as long as they are kept', () => {
    const journal = new Journal<string>(10);
    expect(journal.after(0)).to.deep.equal([]);
    for (const message of ['a', 'b', 'c']) journal.add(message, 4);
    expect(journal.last).to.equal(3);
    expect(journal.after(3)).to.deep.equal([]);
    expect(journal.after(2)?.map(({ message }) => message)).to.deep.equal(['c']);
    expect(journal.after(1)?.map(({ id }) => id)).to.deep.equal([2, 3]);
    for (const id of [0, 4, -1, 1.5, NaN]) expect(journal.after(id), String(id)).to.equal(undefined);
    journal.add('too long', 11);
    expect(journal.after(3)).to.equal(undefined);
    expect(journal.after(4)).to.deep.equal([]);
  });
});
