import { OVERRUN } from '@ipvs-ts/netlink/testing';
import { OPERATION_LIST } from '../schema/operations.js';

const NAMES: readonly string[] = [
  ...new Set(OPERATION_LIST.map(({ name }) => name)),
  'GETFAMILY',
  'GETPOLICY',
];

/** What is to go wrong next. */
export class Faults {
  readonly #failures = new Map<string, number[]>();
  #kept: number | undefined;

  failNext(operation: string, errno: number): void {
    if (!NAMES.includes(operation)) throw new TypeError(`${operation} is none of ${NAMES.join(', ')}`);
    if (!Number.isInteger(errno) || errno < 1) throw new RangeError(`${errno} is not a positive errno`);
    this.#failures.set(operation, [...(this.#failures.get(operation) ?? []), errno]);
  }

  /** Takes the errno that is due for an operation; 0 if none is. */
  take(operation: string): number {
    return this.#failures.get(operation)?.shift() ?? 0;
  }

  overrunNext(kept: number): void {
    this.#kept = kept;
  }

  /** Drops answers if an overrun is due. The kernel tells of it before it gives those that it kept. */
  overrun(answers: readonly Uint8Array[]): (Uint8Array | typeof OVERRUN)[] {
    const kept = this.#kept;
    if (kept === undefined || answers.length <= kept) return [...answers];
    this.#kept = undefined;
    return [OVERRUN, ...answers.slice(0, kept)];
  }
}
