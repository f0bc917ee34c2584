import type { ServerResponse } from 'node:http';
import type { Driver } from '../io/driver.js';
import { CheckTicks } from '../page/check-ticks.js';
import { destinationDetails } from '../page/destination-details.js';
import { PageFeed } from '../page/page-feed.js';
import { RateHistory } from '../page/rate-history.js';
import type { DestinationDetails } from '../page/wire.js';
import { FleetPoll } from './fleet-poll.js';
import { PageSampler } from './page-sampler.js';
import { PageStreams } from './page-streams.js';

/** Milliseconds after which an event is sent, and between two checks for other changes. */
const SOON = 25;
const TURN = 1000;
const BEAT = 2000;
/** For so many milliseconds after the last page was closed, a page that reconnects gets what it missed. */
const LINGER = 60_000;
/** With more kept checks than this, obsolete ones are removed. */
const MANY = 100;

/** The content of pages. While no page is open, only rates and the results of checks are kept. */
export class LivePage {
  readonly #driver: Driver;
  readonly #history = new RateHistory();
  readonly #ticks = new CheckTicks();
  readonly #sampler: PageSampler;
  #mostTicks = MANY;
  #watch: Watch | undefined;
  #linger: NodeJS.Timeout | undefined;

  constructor(driver: Driver) {
    this.#driver = driver;
    this.#sampler = new PageSampler(driver, this.#history);
    this.#sampler.onSample = () => {
      this.#forgetTicks();
      this.#watch?.sampled();
    };
    driver.meter.onCheck = (probe, result) => this.#ticks.add(probe.key, result);
  }

  /** Begins the stream of a page. `after`: the id of the last message that it received. */
  open(response: ServerResponse, after: string | undefined): void {
    clearTimeout(this.#linger);
    this.#sampler.isWatched = true;
    const watch = (this.#watch ??= new Watch(this.#driver, this.#history, (error) => this.#failed(error)));
    watch.streams.open(response, after, () => {
      if (watch !== this.#watch || watch.streams.size > 0) return;
      this.#linger = setTimeout(() => this.#endWatch(), LINGER);
      this.#linger.unref();
    });
  }

  /** The details of destinations; undefined if there is no such service. */
  details(service: string, destinations: readonly string[]): DestinationDetails[] | undefined {
    return destinationDetails(this.#driver.loop.world, this.#ticks, service, destinations);
  }

  /** Ends all streams. */
  close(): void {
    clearTimeout(this.#linger);
    this.#driver.meter.onCheck = undefined;
    this.#sampler.stop();
    this.#endWatch();
  }

  /** The agent continues after any error of the page; pages that are opened again get a new start. */
  #failed(error: unknown): void {
    const at = this.#driver.now();
    const text = `the live page failed: ${error instanceof Error ? error.message : String(error)}`;
    this.#endWatch();
    this.#driver.events.add({ at, kind: 'warning', text }, this.#driver.time(at));
  }

  #endWatch(): void {
    this.#sampler.isWatched = false;
    this.#watch?.close();
    this.#watch = undefined;
  }

  #forgetTicks(): void {
    if (this.#ticks.size < this.#mostTicks) return;
    const keys = [...this.#driver.loop.world.services.values()].flatMap(({ probes }) =>
      [...probes.values()].flatMap((each) => each.map(({ key }) => key)),
    );
    this.#ticks.keep(new Set(keys));
    this.#mostTicks = Math.max(MANY, this.#ticks.size * 2);
  }
}

/** What runs while a page is open. */
class Watch {
  readonly streams: PageStreams;
  readonly #feed: PageFeed;
  readonly #fleet: FleetPoll;
  readonly #unfollow: () => void;
  readonly #timers: readonly NodeJS.Timeout[];
  readonly #failed: (error: unknown) => void;
  #soon: NodeJS.Timeout | undefined;

  constructor(driver: Driver, history: RateHistory, failed: (error: unknown) => void) {
    this.#failed = failed;
    this.#feed = new PageFeed(driver, history);
    this.streams = new PageStreams(this.#feed, () => {
      const now = driver.now();
      return {
        now: Math.round(now),
        wall: Date.parse(driver.time(now)),
        kernelAt: Math.round(driver.lookEndedAt),
      };
    });
    this.#fleet = new FleetPoll(() => driver.loop.world.declared?.agent.source?.etcd);
    this.#unfollow = driver.events.follow(() => {
      this.#soon ??= setTimeout(() => this.#turn(), SOON);
    });
    this.#timers = [setInterval(() => this.#turn(), TURN), setInterval(() => this.streams.beat(), BEAT)];
    for (const timer of this.#timers) timer.unref();
  }

  /** Handles a new sample of the history. */
  sampled(): void {
    this.#turn(() => this.streams.send(this.#feed.sampled()));
  }

  close(): void {
    this.#unfollow();
    for (const timer of this.#timers) clearInterval(timer);
    clearTimeout(this.#soon);
    this.#fleet.stop();
    this.streams.close();
  }

  #turn(then?: () => void): void {
    clearTimeout(this.#soon);
    this.#soon = undefined;
    try {
      this.#feed.fleet = this.#fleet.status;
      const change = this.#feed.turn();
      if (change !== undefined) this.streams.send(change);
      then?.();
    } catch (error) {
      this.#failed(error);
    }
  }
}
