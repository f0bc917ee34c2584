import type { DestinationState } from '../../compose/composed.js';
import type { AgentEvent } from '../../report/event-log.js';
import {
  type Beat,
  type Change,
  type DestinationRow,
  type Head,
  MOST_EVENTS,
  type ServiceHead,
  type Snapshot,
  STEPS,
  type Traffic,
} from '../wire.js';

/** A service as a page knows it. */
export interface ServiceView extends ServiceHead {
  readonly destinations: readonly DestinationRow[];
  /** Destinations by state. */
  readonly states: ReadonlyMap<DestinationState, number>;
  /** Connections; rates per second, null if they are not known. */
  readonly active: number;
  readonly inactive: number;
  readonly connections: number | null;
  readonly inBytes: number | null;
  readonly outBytes: number | null;
}

/** A message of the stream. */
export type Message =
  | { readonly kind: 'beat'; readonly data: Beat }
  | { readonly kind: 'snapshot'; readonly data: Snapshot }
  | { readonly kind: 'change'; readonly data: Change };

const NO_FIGURES = { active: 0, inactive: 0, connections: null, inBytes: null, outBytes: null } as const;

/** The state of a page, updated by messages of its agent. */
export class PageModel {
  head: Head | undefined;
  /** The agent's clock at the last beat. */
  beat: Beat | undefined;
  /** Oldest first. */
  events: readonly AgentEvent[] = [];
  #services = new Map<string, ServiceView>();
  #order: readonly string[] = [];
  #history = new Map<string, Float32Array>();
  #step = -1;
  #version = 0;
  #listed: readonly ServiceView[] | undefined;

  /** Counts changes, so that callers know whether a result derived from the services is still valid. */
  get version(): number {
    return this.#version;
  }

  /** In the order of the document. */
  get services(): readonly ServiceView[] {
    return (this.#listed ??= this.#order.flatMap((name) => this.#services.get(name) ?? []));
  }

  service(name: string): ServiceView | undefined {
    return this.#services.get(name);
  }

  /** Connections per second of the last five minutes, oldest first, NaN: not known; undefined if there were none. */
  history(service: string): number[] | undefined {
    const steps = this.#history.get(service);
    if (steps === undefined) return undefined;
    return Array.from({ length: STEPS }, (_, index) => steps[(this.#step + 1 + index) % STEPS] ?? NaN);
  }

  apply(message: Message): void {
    if (message.kind === 'beat') {
      this.beat = message.data;
      return;
    }
    this.#version += 1;
    this.#listed = undefined;
    if (message.kind === 'snapshot') this.#snapshot(message.data);
    else this.#change(message.data);
  }

  #snapshot({ head, services, events, traffic, history }: Snapshot): void {
    this.head = head;
    this.events = events;
    this.#order = services.map(({ name }) => name);
    this.#services = new Map(
      services.map((row) => [row.name, { ...NO_FIGURES, ...row, states: statesOf(row.destinations) }]),
    );
    this.#step = traffic.step;
    this.#history = new Map(
      Object.entries(history).map(([name, steps]) => {
        const ring = new Float32Array(STEPS).fill(NaN);
        for (const [index, value] of steps.entries()) ring[(traffic.step + 1 + index) % STEPS] = value ?? NaN;
        return [name, ring];
      }),
    );
    this.#figures(traffic);
  }

  #change({ head, services = [], order, events, traffic }: Change): void {
    if (head !== undefined) this.head = head;
    for (const { destinations, changed, ...row } of services) {
      const before = this.#services.get(row.name);
      const rows = destinations ?? merged(before?.destinations ?? [], changed);
      this.#services.set(row.name, {
        ...NO_FIGURES,
        ...before,
        ...row,
        destinations: rows,
        states: statesOf(rows),
      });
    }
    if (order !== undefined) {
      this.#order = order;
      const names = new Set(order);
      for (const name of this.#services.keys())
        if (!names.has(name)) {
          this.#services.delete(name);
          this.#history.delete(name);
        }
    }
    if (events !== undefined) {
      const last = this.events.at(-1)?.id ?? 0;
      this.events = [...this.events, ...events.filter(({ id }) => id > last)].slice(-MOST_EVENTS);
    }
    if (traffic !== undefined) this.#traffic(traffic);
  }

  #figures({ figures }: Traffic): void {
    for (const [index, active, inactive, connections, inBytes, outBytes] of figures) {
      const name = this.#order[index] ?? '';
      const service = this.#services.get(name);
      if (service !== undefined)
        this.#services.set(name, { ...service, active, inactive, connections, inBytes, outBytes });
    }
  }

  #traffic(traffic: Traffic): void {
    this.#figures(traffic);
    // A late sample fills the steps since the last one; an early one replaces it.
    const next = this.#step < 0 ? traffic.step : Math.min(traffic.step, this.#step + 1);
    const from = Math.max(0, next, traffic.step - STEPS + 1);
    for (const [name, { connections }] of this.#services) {
      let ring = this.#history.get(name);
      if (ring === undefined) {
        // Most services of a large table are idle and need no history.
        if (connections === null || connections === 0) continue;
        this.#history.set(name, (ring = new Float32Array(STEPS).fill(NaN)));
      }
      for (let step = from; step <= traffic.step; step++) ring[step % STEPS] = connections ?? NaN;
    }
    this.#step = Math.max(this.#step, traffic.step);
  }
}

function merged(
  before: readonly DestinationRow[],
  changed: readonly DestinationRow[] = [],
): readonly DestinationRow[] {
  if (changed.length === 0) return before;
  const rows = new Map(changed.map((row) => [row[0], row]));
  return before.map((row) => rows.get(row[0]) ?? row);
}

function statesOf(rows: readonly DestinationRow[]): ReadonlyMap<DestinationState, number> {
  const states = new Map<DestinationState, number>();
  for (const [, state] of rows) states.set(state, (states.get(state) ?? 0) + 1);
  return states;
}
