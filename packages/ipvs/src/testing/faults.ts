import { OVERRUN } from '@ipvs-ts/netlink/testing';
import { checkInteger } from '../argument-checks.js';
import { OPERATION_LIST } from '../schema/operations.js';

/** The kernel's limit. */
const MAX_ERRNO = 4095;

const NAMES: readonly string[] = [
  ...new Set(OPERATION_LIST.map(({ name }) => name)),
  'GETFAMILY',
  'GETPOLICY',
];

/** Faults that tests have requested. */
export class Faults {
  readonly #failures = new Map<string, number[]>();
  #kept: number | undefined;

  failNext(operation: string, errno: number): void {
    if (!NAMES.includes(operation)) throw new TypeError(`${operation} is none of ${NAMES.join(', ')}`);
    checkInteger('errno', errno, 1, MAX_ERRNO);
    this.#failures.set(operation, [...(this.#failures.get(operation) ?? []), errno]);
  }

  /** Returns the next errno for an operation; 0 if there is none. */
  take(operation: string): number {
    return this.#failures.get(operation)?.shift() ?? 0;
  }

  overrunNext(kept: number): void {
    this.#kept = kept;
  }

  /** Drops answers if an overrun was requested. The kernel reports it before the answers that it kept. */
  overrun(answers: readonly Uint8Array[]): (Uint8Array | typeof OVERRUN)[] {
    const kept = this.#kept;
    if (kept === undefined || answers.length <= kept) return [...answers];
    this.#kept = undefined;
    return [OVERRUN, ...answers.slice(0, kept)];
  }
}
