import type { Happening, HappeningKind } from '../loop/events.js';

/** An event with its number and wall time, as programs read it. */
export interface AgentEvent {
  /** Counts up from 1. */
  readonly id: number;
  /** ISO 8601. */
  readonly at: string;
  readonly kind: HappeningKind;
  readonly service?: string;
  readonly destination?: string;
  readonly text: string;
}

/** An event as a line of text has it. */
export function eventLine(event: AgentEvent): AgentEvent & { readonly version: 1 } {
  return { version: 1, ...event };
}

/** The most events to keep. */
const MOST_EVENTS = 1000;

/** The last thousand events, and their followers. */
export class EventLog {
  readonly #events: AgentEvent[] = [];
  readonly #followers = new Set<(event: AgentEvent) => void>();
  #last = 0;

  /** Adds an event; `at`: its wall time, ISO 8601. */
  add({ kind, service, destination, text }: Happening, at: string): AgentEvent {
    this.#last += 1;
    const event: AgentEvent = {
      id: this.#last,
      at,
      kind,
      ...(service !== undefined && { service }),
      ...(destination !== undefined && { destination }),
      text,
    };
    this.#events.push(event);
    if (this.#events.length > MOST_EVENTS) this.#events.shift();
    for (const follower of this.#followers) follower(event);
    return event;
  }

  /** The events after `id`, oldest first. */
  after(id = 0): readonly AgentEvent[] {
    return this.#events.filter((event) => event.id > id);
  }

  /** Calls `follower` with every event from now on; returns a function that stops it. */
  follow(follower: (event: AgentEvent) => void): () => void {
    this.#followers.add(follower);
    return () => this.#followers.delete(follower);
  }
}
