import { setImmediate as turn } from 'node:timers/promises';
import type { ServerResponse } from 'node:http';
import type { Servers } from '../unit/loop/simulation.js';
import { Simulation } from '../unit/loop/simulation.js';
import { passed, type StoreStatus } from '@ipvs-ts/agent';
import type { FleetView } from '../../dist/page/page-head.js';
import { CheckTicks } from '../../dist/page/check-ticks.js';
import { destinationDetails } from '../../dist/page/destination-details.js';
import { PageFeed } from '../../dist/page/page-feed.js';
import { RateHistory, type ServiceTotals } from '../../dist/page/rate-history.js';
import { type DestinationDetails, STEP } from '../../dist/page/wire.js';
import { EventLog } from '../../dist/report/event-log.js';
import { openPage } from '../../dist/serve/page-handler.js';
import { PageStreams } from '../../dist/serve/page-streams.js';
import type { Open } from '../../dist/serve/tcp-listener.js';
import { freePort } from './lab.js';

/** When the world of the test begins. */
const MORNING = Date.parse('2026-03-01T03:10:00Z');
const BEAT = 1000;

/** The page of an agent in virtual time: hours pass as fast as the browser reads. */
export class VirtualPage {
  readonly simulation = new Simulation();
  /** Connections a second by service. */
  readonly rates = new Map<string, number>();
  /** The fleet, as its store says. */
  fleet: FleetView | undefined;
  store: StoreStatus | null = null;
  readonly #log = new EventLog();
  readonly #history = new RateHistory();
  readonly #ticks = new CheckTicks();
  readonly #totals = new Map<string, bigint>();
  readonly #streams: PageStreams;
  readonly #feed: PageFeed;
  readonly #began: number;
  #reported = 0;
  #listener: Open | undefined;
  #timer: NodeJS.Timeout | undefined;
  #port = 0;

  /** `servers`: how checks end. */
  constructor(document: object, servers: Servers = () => ({ ...passed('status 200'), milliseconds: 2 })) {
    const { simulation } = this;
    this.#began = simulation.now;
    simulation.keeps = false;
    simulation.servers = (probe, now) => {
      const result = servers(probe, now);
      if (result !== undefined) this.#ticks.add(probe.key, result);
      return result;
    };
    simulation.document(document, 'b4e0da834de3');
    simulation.run(3000);
    this.#report();
    const store = (): StoreStatus | null => this.store;
    const source = {
      id: 'lb1',
      loop: simulation.loop,
      feed: {
        get status(): StoreStatus | null {
          return store();
        },
      },
      events: this.#log,
      now: () => simulation.now,
    };
    this.#feed = new PageFeed(source, this.#history);
    this.#streams = new PageStreams(this.#feed, () => ({
      now: simulation.now,
      wall: MORNING + simulation.now - this.#began,
      kernelAt: simulation.now,
    }));
  }

  get url(): string {
    return `http://127.0.0.1:${this.#port}/`;
  }

  async start(): Promise<void> {
    this.#port = await freePort();
    this.#listener = await openPage(`127.0.0.1:${this.#port}`, () => [], this);
    this.#timer = setInterval(() => this.#streams.beat(), BEAT);
  }

  /**
   * Lets time pass: what changed each second is sent. `each`: is called each second. `pause`: seconds between two turns of
   * checks and looks at the table, which take their time where it is large.
   */
  async pass(seconds: number, each?: (second: number) => void, pause = 1): Promise<void> {
    for (let second = 0; second < seconds; second++) {
      each?.(second);
      this.simulation.now += 1000;
      if (second % pause === 0) this.simulation.run(0);
      this.#report();
      if (this.simulation.now % STEP < 1000) this.#sample();
      this.#feed.fleet = this.fleet;
      const change = this.#feed.turn();
      if (change !== undefined) this.#streams.send(change);
      await turn();
    }
  }

  open(response: ServerResponse, after: string | undefined): void {
    this.#streams.open(response, after, () => undefined);
  }

  details(service: string, destinations: readonly string[]): DestinationDetails[] | undefined {
    return destinationDetails(this.simulation.loop.world, this.#ticks, service, destinations);
  }

  close(): void {
    clearInterval(this.#timer);
    this.#streams.close();
  }

  async stop(): Promise<void> {
    await this.#listener?.close();
  }

  #report(): void {
    const { happenings } = this.simulation;
    for (const each of happenings.slice(this.#reported))
      this.#log.add(each, new Date(MORNING + each.at - this.#began).toISOString());
    this.#reported = happenings.length;
  }

  #sample(): void {
    const totals = new Map<string, ServiceTotals>();
    for (const name of this.simulation.loop.world.services.keys()) {
      const grown = BigInt(Math.round(((this.rates.get(name) ?? 0) * STEP) / 1000));
      const connections = (this.#totals.get(name) ?? 0n) + grown;
      this.#totals.set(name, connections);
      totals.set(name, { connections, inBytes: connections * 1800n, outBytes: connections * 22_000n });
    }
    this.#history.add(totals, this.simulation.now);
    this.#streams.send(this.#feed.sampled());
  }
}
