import type { DestinationDetails } from '../src/page/wire.js';
import type { View } from './view.js';

/** Milliseconds between two questions about the destinations that are seen. */
const PAUSE = 2000;
/** Destinations of one question: their names must fit in a line. */
const MOST_ASKED = 40;
/** Answers that are kept. */
const MOST_KEPT = 500;

/** What the agent knows of the destinations that are seen: it is asked for, since it changes with every check. */
export class Details {
  readonly #view: View;
  readonly #draw: () => void;
  readonly #known = new Map<string, DestinationDetails>();
  #wanted = new Map<string, Set<string>>();
  #timer = 0;
  #isAsking = false;

  constructor(view: View, draw: () => void) {
    this.#view = view;
    this.#draw = draw;
  }

  get(service: string, destination: string): DestinationDetails | undefined {
    return this.#known.get(`${service} ${destination}`);
  }

  /** These are seen now. */
  want(lines: readonly { readonly service: string; readonly destination: string }[]): void {
    this.#wanted = new Map();
    let isNew = false;
    for (const { service, destination } of lines) {
      const names = this.#wanted.get(service) ?? new Set();
      this.#wanted.set(service, names.add(destination));
      isNew ||= !this.#known.has(`${service} ${destination}`);
    }
    if (this.#isAsking || this.#wanted.size === 0) return;
    if (isNew && this.#timer !== 0) {
      clearTimeout(this.#timer);
      this.#timer = 0;
    }
    if (this.#timer === 0) this.#timer = setTimeout(() => void this.#ask(), isNew ? 50 : PAUSE);
  }

  async #ask(): Promise<void> {
    this.#isAsking = true;
    try {
      if (!document.hidden && !this.#view.clock.isSilent)
        for (const [service, names] of this.#wanted) await this.#askFor(service, [...names]);
    } catch {
      // The clock shows that the agent does not answer.
    }
    this.#isAsking = false;
    this.#timer = 0;
    this.#draw();
  }

  async #askFor(service: string, names: readonly string[]): Promise<void> {
    for (let first = 0; first < names.length; first += MOST_ASKED) {
      const query = new URLSearchParams({
        service,
        destinations: names.slice(first, first + MOST_ASKED).join(','),
      });
      const response = await fetch(`details?${query.toString()}`);
      if (!response.ok) return;
      const { destinations } = (await response.json()) as {
        readonly destinations: readonly DestinationDetails[];
      };
      for (const each of destinations) {
        const key = `${service} ${each.destination}`;
        this.#known.delete(key);
        this.#known.set(key, each);
      }
    }
    for (const key of this.#known.keys()) {
      if (this.#known.size <= MOST_KEPT) break;
      this.#known.delete(key);
    }
  }
}
