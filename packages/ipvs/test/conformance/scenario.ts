import type { KernelSeries, Machine } from '@ipvs-ts/ipvs/testing';
import type { Probe } from './probe.js';

/** Where a scenario runs. */
export interface Place {
  readonly series: KernelSeries;
  readonly machine: Machine;
  /** Whether upper thresholds above 2147483647 are refused: a matter of point releases. */
  readonly thresholds: 'limited' | 'unlimited';
}

/** Answers that differ between kernels: the most specific name counts. */
class ByKernel {
  readonly values: Readonly<Record<string, unknown>>;

  constructor(values: Readonly<Record<string, unknown>>) {
    this.values = values;
  }

  at({ series, machine, thresholds }: Place): unknown {
    for (const name of [`${series} ${machine}`, series, machine, thresholds, 'default'])
      if (name in this.values) return this.values[name];
    throw new TypeError(`nothing is expected of ${series} on ${machine}`);
  }
}

/** States a difference: `on({ '7.2': 256, default: 4096 })`. */
export function on(values: Readonly<Record<string, unknown>> & { readonly default: unknown }): unknown {
  return new ByKernel(values);
}

/** An observation, and the expected one. */
export interface Observation {
  readonly what: string;
  readonly got: unknown;
  readonly due: unknown;
}

export function see(what: string, got: unknown, due: unknown): Observation {
  return { what, got, due };
}

/** Steps that start from an empty table. The results are the same on any IPVS, real or not. */
export interface Scenario {
  readonly title: string;
  /** `bare`: in a network namespace that has never had an address; its `lo` is down. */
  readonly namespace?: 'bare';
  readonly run: (probe: Probe) => Observation[];
}

export function scenario(title: string, run: (probe: Probe) => Observation[]): Scenario {
  return { title, run };
}

/** Observations as two lists of lines, for a comparison with a readable difference. */
export function compared(
  observations: readonly Observation[],
  place: Place,
): { got: string[]; due: string[] } {
  const line = (what: string, value: unknown): string => `${what}: ${JSON.stringify(value)}`;
  return {
    got: observations.map(({ what, got }) => line(what, got)),
    due: observations.map(({ what, due }) => line(what, due instanceof ByKernel ? due.at(place) : due)),
  };
}
