/** The reason why a program must end. */

const NUMBERS = { SIGHUP: 1, SIGINT: 2, SIGTERM: 15 } as const;

/** A signal that ends programs. */
export type EndingSignal = keyof typeof NUMBERS;

/** A signal was received. */
export class Interruption extends Error {
  override readonly name = 'Interruption';
  readonly signal: EndingSignal;
  /** The exit status that shells report for such a signal: 128 and its number. */
  readonly status: number;

  constructor(signal: EndingSignal) {
    super(`ended by ${signal}`);
    this.signal = signal;
    this.status = 128 + NUMBERS[signal];
  }
}

/** The exit status of a program that ends for `reason`; that of SIGINT if it is not a signal. */
export function interruptionStatus(reason: unknown): number {
  return reason instanceof Interruption ? reason.status : 128 + NUMBERS.SIGINT;
}
