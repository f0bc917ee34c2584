import { NetlinkError, type Transport } from '@ipvs-ts/netlink';

/** Answers were dropped. */
export const OVERRUN = 'overrun';

/** A datagram of one byte, or the loss of some. */
export type Answer = number | typeof OVERRUN;

/** A transport that has these answers from the beginning, and how many are left. */
export function answering(answers: readonly Answer[]): { transport: Transport; left: () => number } {
  const queue = [...answers];
  const transport: Transport = {
    capacity: 100,
    send: () => undefined,
    receive: () => {
      const next = queue.shift();
      if (next === OVERRUN) throw new NetlinkError('ERR_NETLINK_OVERRUN', 'answers were dropped');
      return next === undefined ? undefined : Uint8Array.of(next);
    },
    close: async () => undefined,
  };
  return { transport, left: () => queue.length };
}
