import type { SeenService } from '../own/seen.js';
import type { ComposedService } from '../compose/composed.js';
import type { World } from '../loop/world.js';
import type { AgentEvent } from '../report/event-log.js';
import type { StoreStatus } from '../report/store-status.js';
import { type FleetView, pageHead } from './page-head.js';
import type { RateHistory } from './rate-history.js';
import { serviceChange, serviceRow, shortened } from './service-rows.js';
import type { Change, Figures, Head, ServiceChange, ServiceRow, Snapshot, Traffic } from './wire.js';

/** The source of a page: a running agent. */
export interface PageSource {
  readonly id: string;
  readonly loop: { readonly world: World };
  /** The store of the fleet. */
  readonly feed: { readonly status: StoreStatus | null };
  readonly events: { after(id?: number): readonly AgentEvent[] };
  /** Milliseconds of the monotonic clock. */
  now(): number;
}

interface Shown {
  readonly composed: ComposedService | undefined;
  readonly known: SeenService | undefined;
  readonly row: ServiceRow;
}

/** The most characters of an event on a page. */
const LONGEST_EVENT = 2000;

/** The content of the page, and what has changed since the last turn. One feed serves all pages. */
export class PageFeed {
  /** The fleet as last read from its store; undefined if there is none, or if it was not read yet. */
  fleet: FleetView | undefined;
  readonly #source: PageSource;
  readonly #history: RateHistory;
  #shown = new Map<string, Shown>();
  #figures = new Map<string, Figures>();
  #head: Head;
  #headText: string;
  #lastEvent: number;

  constructor(source: PageSource, history: RateHistory) {
    this.#source = source;
    this.#history = history;
    this.#head = this.#headNow();
    this.#headText = JSON.stringify(this.#head);
    this.#lastEvent = source.events.after().at(-1)?.id ?? 0;
    this.#turnServices();
    this.#turnFigures();
  }

  /** The whole content as of the last turn. */
  snapshot(): Snapshot {
    const services = [...this.#shown.values()].map(({ row }) => row);
    const history: Record<string, readonly (number | null)[]> = {};
    for (const { name } of services) {
      const steps = this.#history.of(name);
      if (steps !== undefined) history[name] = steps;
    }
    return {
      head: this.#head,
      services,
      events: this.#source.events
        .after()
        .filter(({ id }) => id <= this.#lastEvent)
        .map(shownEvent),
      traffic: { step: this.#history.step ?? -1, figures: [...this.#figures.values()] },
      history,
    };
  }

  /** What has changed since the last turn; undefined if nothing has. */
  turn(): Change | undefined {
    const head = this.#turnHead();
    const { services, order } = this.#turnServices();
    const events = this.#source.events.after(this.#lastEvent);
    this.#lastEvent = events.at(-1)?.id ?? this.#lastEvent;
    if (head === undefined && order === undefined && services.length + events.length === 0) return undefined;
    // Figures refer to services by their index.
    const traffic = order === undefined ? undefined : this.#allFigures();
    return {
      ...(head !== undefined && { head }),
      ...(services.length > 0 && { services }),
      ...(order !== undefined && { order }),
      ...(events.length > 0 && { events: events.map(shownEvent) }),
      ...(traffic !== undefined && { traffic }),
    };
  }

  /** The figures that differ after a sample was added to the history. */
  sampled(): Change {
    return { traffic: { step: this.#history.step ?? -1, figures: this.#turnFigures() } };
  }

  #allFigures(): Traffic {
    this.#figures.clear();
    return { step: this.#history.step ?? -1, figures: this.#turnFigures() };
  }

  #headNow(): Head {
    const { loop, id, feed } = this.#source;
    return pageHead(loop.world, id, this.#source.now(), feed.status, this.fleet);
  }

  #turnHead(): Head | undefined {
    const head = this.#headNow();
    const text = JSON.stringify(head);
    if (text === this.#headText) return undefined;
    this.#head = head;
    this.#headText = text;
    return head;
  }

  #turnServices(): { readonly services: readonly ServiceChange[]; readonly order: string[] | undefined } {
    const { world } = this.#source.loop;
    const services: ServiceChange[] = [];
    const shown = new Map<string, Shown>();
    for (const [name, state] of world.services) {
      const { composed, known } = state;
      const before = this.#shown.get(name);
      if (before !== undefined && before.composed === composed && before.known === known) {
        shown.set(name, before);
        continue;
      }
      const row = serviceRow(world, state);
      const change = serviceChange(before?.row, row);
      if (change !== undefined) services.push(change);
      // Equal rows share one object, so that the memory does not grow over time.
      shown.set(name, {
        composed,
        known,
        row: change === undefined && before !== undefined ? before.row : row,
      });
    }
    const order = sameKeys(this.#shown, shown) ? undefined : [...shown.keys()];
    this.#shown = shown;
    return { services, order };
  }

  /** The figures that differ from the last ones. */
  #turnFigures(): Figures[] {
    const { services } = this.#source.loop.world;
    const changed: Figures[] = [];
    const figures = new Map<string, Figures>();
    for (const [index, name] of [...this.#shown.keys()].entries()) {
      const row = figuresOf(index, services.get(name)?.known, this.#history, name);
      const before = this.#figures.get(name);
      const isSame = before?.every((value, column) => value === row[column]) === true;
      if (!isSame) changed.push(row);
      figures.set(name, isSame ? before : row);
    }
    this.#figures = figures;
    return changed;
  }
}

function figuresOf(
  index: number,
  known: SeenService | undefined,
  history: RateHistory,
  name: string,
): Figures {
  let active = 0;
  let inactive = 0;
  for (const each of known?.destinations.values() ?? []) {
    active += each.activeConnections;
    inactive += each.inactiveConnections;
  }
  const { connections, inBytes, outBytes } = history.rates(name);
  return [index, active, inactive, connections, inBytes, outBytes];
}

function shownEvent(event: AgentEvent): AgentEvent {
  return event.text.length <= LONGEST_EVENT
    ? event
    : { ...event, text: shortened(event.text, LONGEST_EVENT) };
}

function sameKeys(one: ReadonlyMap<string, unknown>, other: ReadonlyMap<string, unknown>): boolean {
  if (one.size !== other.size) return false;
  const names = other.keys();
  for (const name of one.keys()) if (name !== names.next().value) return false;
  return true;
}
