import { readFileSync } from 'node:fs';
import type { MetricsFormat } from '@ipvs-ts/ipvs';
import type { Probe } from '../check/probe.js';
import type { CheckResult, Outcome } from '../check/result.js';
import type { CountedEffect } from '../loop/events.js';
import type { AgentMetrics } from './agent-metrics.js';
import type { AgentView } from './families.js';
import { Tally } from './tally.js';

/** Measures what an agent does. prom-client is loaded when metrics are first requested. */
export class Meter {
  readonly #tally = new Tally();
  readonly #counters = new Map<string, ReadonlyMap<Outcome, { value: number }>>();
  #metrics: AgentMetrics | undefined;
  #readAt: number | undefined;
  #connected = false;
  #source = '';

  count({ metric, labels, by }: CountedEffect): void {
    this.#tally.add(metric, labels, by);
  }

  /** Called with every result of a check, if set. */
  onCheck: ((probe: Probe, result: CheckResult) => void) | undefined;

  /** Records a check that has ended. */
  checked(probe: Probe, result: CheckResult): void {
    const { name } = probe.check;
    this.#counter(name, result.outcome).value += 1;
    this.#metrics?.checked(name, result);
    this.onCheck?.(probe, result);
  }

  /** The counter of an outcome of a check, looked up by its labels only once, since checks end all the time. */
  #counter(check: string, outcome: Outcome): { value: number } {
    const known = this.#counters.get(check)?.get(outcome);
    if (known !== undefined) return known;
    const counter = this.#tally.counter('checks', { check, result: outcome.replace(' ', '_') });
    this.#counters.set(check, new Map(this.#counters.get(check)).set(outcome, counter));
    return counter;
  }

  /** The source of documents was read, without an error or with one. */
  sourceRead(name: string, connected: boolean, now: number): void {
    this.#source = name;
    this.#connected = connected;
    if (connected) this.#readAt = now;
  }

  /** The metrics of the agent and its process as text, without `# EOF`. */
  async text(view: () => Pick<AgentView, 'world' | 'now' | 'id'>, format: MetricsFormat): Promise<string> {
    this.#metrics ??= await this.#begin(view);
    return this.#metrics.text(format);
  }

  async #begin(view: () => Pick<AgentView, 'world' | 'now' | 'id'>): Promise<AgentMetrics> {
    const { AgentMetrics } = await import('./agent-metrics.js');
    const version = ownVersion();
    return new AgentMetrics(() => {
      const source = { name: this.#source, readAt: this.#readAt, connected: this.#connected };
      return { ...view(), version, tally: this.#tally, source };
    });
  }
}

function ownVersion(): string {
  const manifest = readFileSync(new URL('../../package.json', import.meta.url), 'utf8');
  return (JSON.parse(manifest) as { readonly version: string }).version;
}
