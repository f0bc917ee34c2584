import { CONTROLLER, DUMPFAMILIES, GETFAMILY, readFamily } from '../protocol/controller.js';
import { ERRNO } from '../errno.js';
import { NetlinkError } from '../errors.js';
import { Exchange, type Outcome, request, type Request, type Readers } from '../protocol/exchange.js';
import type { AnyOperation, Family } from '../protocol/generic.js';
import { Trace } from '../protocol/trace.js';
import { Writer } from '../wire/writer.js';

/** Highest sequence number that a conversation may start with; then they start over. */
const LAST_SEQ = 0xfff0_0000;

/** What both clients are made of, apart from waiting: sequence numbers, the writer, windows, families, the trace. */
export class ClientBase {
  readonly trace = new Trace();
  readonly families = new Map<string, Family>();
  readonly #writer = new Writer();
  readonly #windows: Readers = new Map();
  #seq: number;

  constructor(firstSeq = 1) {
    this.#seq = firstSeq;
    this.trace.learn(CONTROLLER, [GETFAMILY]);
  }

  /** A new exchange. Only one is under way at a time: they share the writer. */
  begin(): Exchange {
    return new Exchange(this.#writer, this.take(0), this.#windows);
  }

  /** Takes the sequence numbers of `count` requests that are about to be sent; the first of them. */
  take(count: number): number {
    // The kernel numbers what nobody asked for 0.
    if (this.#seq > LAST_SEQ || this.#seq < 1) this.#seq = 1;
    const first = this.#seq;
    this.#seq += count;
    return first;
  }

  /** Remembers a family and the names of its operations. */
  learn(family: Family, operations: readonly AnyOperation[]): Family {
    this.families.set(family.name, family);
    this.trace.learn(family, operations);
    return family;
  }
}

/** The request that looks up a family, which makes the kernel load its module. */
export function familyRequest(name: string): Request<Family> {
  return request(CONTROLLER, GETFAMILY, { name }, readFamily);
}

/** The request that lists the families, which loads nothing. */
export function familiesRequest(): Request<Family> {
  return request(CONTROLLER, DUMPFAMILIES, {}, readFamily);
}

/** The value of an outcome, or its error thrown. */
export function valueOf(outcome: Outcome | undefined): unknown {
  if (outcome === undefined) throw new TypeError('a request without an outcome');
  if (!outcome.ok) throw outcome.error;
  return outcome.value;
}

/** ERR_NETLINK_FAMILY_NOT_FOUND for the kernel's ENOENT, other errors as they are. */
export function familyError(name: string, error: unknown): unknown {
  if (!NetlinkError.is(error, 'ERR_NETLINK_KERNEL') || error.errno !== ERRNO.ENOENT) return error;
  return familyNotFound(name, error);
}

export function familyNotFound(name: string, cause?: unknown): NetlinkError {
  return new NetlinkError(
    'ERR_NETLINK_FAMILY_NOT_FOUND',
    `the kernel has no generic netlink family ${name}`,
    {
      errno: ERRNO.ENOENT,
      ...(cause !== undefined && { cause }),
    },
  );
}

/** Bytes of one send: half of the kernel's default send buffer is never refused. */
export const SEND_BYTES = 104 * 1024;
