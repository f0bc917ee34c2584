/** The metrics that are counted. */
export type Counted = 'checks' | 'transitions' | 'foreign changes' | 'changes';

/** The count of some labels. */
export interface Count {
  readonly labels: Readonly<Record<string, string>>;
  readonly value: number;
}

/** Counts since the agent started. */
export class Tally {
  readonly #counts = new Map<Counted, Map<string, { labels: Count['labels']; value: number }>>();

  add(metric: Counted, labels: Count['labels'], by = 1): void {
    this.counter(metric, labels).value += by;
  }

  /** The count of some labels, to add to. */
  counter(metric: Counted, labels: Count['labels']): { value: number } {
    const counts = this.#counts.get(metric) ?? new Map<string, { labels: Count['labels']; value: number }>();
    this.#counts.set(metric, counts);
    const key = Object.values(labels).join('\0');
    const counter = counts.get(key) ?? { labels, value: 0 };
    counts.set(key, counter);
    return counter;
  }

  of(metric: Counted): readonly Count[] {
    return [...(this.#counts.get(metric)?.values() ?? [])];
  }
}
