import { argumentsOf } from '../argument-checks.js';
import { fields, type Values } from '../fields/field.js';

/** The fields that every check has in addition to its type. Durations are milliseconds. */
export const COMMON_FIELDS = fields({
  port: {
    kind: 'integer',
    minimum: 1,
    maximum: 0xffff,
    about: "Port to check. The destination's by default; required where that is 0.",
  },
  interval: {
    kind: 'duration',
    minimum: 100,
    byDefault: '5s',
    about: 'Between checks while the server is up.',
  },
  failingInterval: {
    kind: 'duration',
    minimum: 100,
    byDefault: '1s',
    about: 'Between checks after a failure, until the verdict.',
  },
  downInterval: {
    kind: 'duration',
    minimum: 100,
    about: 'Between checks while the server is down; interval by default.',
  },
  timeout: { kind: 'duration', minimum: 10, byDefault: '2s', about: 'A check that takes longer fails.' },
  fall: {
    kind: 'integer',
    minimum: 1,
    maximum: 100,
    byDefault: 3,
    about: 'Failures in a row that take a server down.',
  },
  rise: {
    kind: 'integer',
    minimum: 1,
    maximum: 100,
    byDefault: 2,
    about: 'Passes in a row that bring a server up; 1 for one that was never up.',
  },
});

/** How often a check runs, and how many results make a verdict. Durations are milliseconds. */
export interface CheckTiming extends Omit<Values<typeof COMMON_FIELDS>, 'port' | 'downInterval'> {
  readonly downInterval: number;
}

/** A check of a document, read and complete. */
export interface Check extends CheckTiming {
  /** Its name in `checks`, or its type. */
  readonly name: string;
  /** `tcp`, `http` or another name of a type. */
  readonly type: string;
  /** The fields of the type, with defaults: plain data. */
  readonly settings: Readonly<Record<string, unknown>>;
  /** Port to check instead of the destination's. */
  readonly port: number | undefined;
}

/** The fields that a detection time depends on. */
const TIMES = {
  interval: 'number',
  fall: 'number',
  failingInterval: 'number',
  timeout: 'number',
} as const;

/** The longest time from the failure of a server to its verdict, in milliseconds. */
export function detectionTime(timing: CheckTiming): number {
  argumentsOf.object('timing', timing, TIMES);
  const { interval, fall, failingInterval, timeout } = timing;
  return interval + (fall - 1) * failingInterval + timeout;
}
