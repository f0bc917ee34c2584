/** Why a program was asked to end. */

const NUMBERS = { SIGHUP: 1, SIGINT: 2, SIGTERM: 15 } as const;

/** A signal that ends programs. */
export type EndingSignal = keyof typeof NUMBERS;

/** A signal came. */
export class Interruption extends Error {
  override readonly name = 'Interruption';
  readonly signal: EndingSignal;
  /** What shells say of a program that such a signal ended: 128 and its number. */
  readonly status: number;

  constructor(signal: EndingSignal) {
    super(`ended by ${signal}`);
    this.signal = signal;
    this.status = 128 + NUMBERS[signal];
  }
}

/** The exit status of a program that was asked to end for `reason`; that of SIGINT where nothing better is known. */
export function interruptionStatus(reason: unknown): number {
  return reason instanceof Interruption ? reason.status : 128 + NUMBERS.SIGINT;
}
