import { CONTROLLER, DUMPFAMILIES, GETFAMILY, readFamily } from '../protocol/controller.js';
import { ERRNO } from '../errno.js';
import { closedError, NetlinkError } from '../errors.js';
import { Exchange, type Outcome, request, type Request, type Readers } from '../protocol/exchange.js';
import {
  type AnyOperation,
  type Family,
  type FamilyHandle,
  type FamilyOptions,
  isHandle,
} from '../protocol/generic.js';
import { type Limits, SendBuffer } from '../protocol/send-buffer.js';
import { SequenceNumbers } from '../protocol/sequence-numbers.js';
import { Trace } from '../protocol/trace.js';

/** Bytes of one send: half of the kernel's default send buffer is never refused. */
const SEND_BYTES = 104 * 1024;

/** What a client needs of its transport to number and limit its sends. */
interface Capacity {
  readonly capacity: number;
  readonly firstSeq?: number | undefined;
}

/** What both clients are made of, apart from waiting: sequence numbers, the send buffer, readers, families, the trace. */
export class ClientBase {
  readonly trace = new Trace();
  readonly numbers: SequenceNumbers;
  closed = false;
  readonly #limits: Limits;
  readonly #buffer: SendBuffer;
  readonly #readers: Readers = new Map();
  readonly #families = new Map<string, Family>();
  readonly #options = new Map<string, FamilyOptions>();

  constructor({ capacity, firstSeq }: Capacity) {
    this.numbers = new SequenceNumbers(firstSeq);
    this.#limits = { answers: capacity, bytes: SEND_BYTES };
    this.#buffer = this.sendBuffer();
    this.trace.learn(CONTROLLER, [GETFAMILY]);
  }

  /** Throws ERR_NETLINK_CLOSED once the client is closed. */
  checkOpen(): void {
    if (this.closed) throw closedError('netlink client');
  }

  /** A buffer of its own for the requests of one send. */
  sendBuffer(): SendBuffer {
    return new SendBuffer(this.#limits, this.numbers);
  }

  /** A new exchange. Only one is in progress at a time: they share a buffer. */
  begin(): Exchange {
    return new Exchange(this.#buffer, this.#readers);
  }

  /** Adds a request; false if there is no room, or its family still has to be looked up. */
  add(exchange: Exchange, each: Request): boolean {
    const family = this.find(each.family);
    return family !== undefined && exchange.add(each, family);
  }

  /** The family of a request, as far as it is known. */
  find(family: Family | FamilyHandle): Family | undefined {
    return isHandle(family) ? this.#families.get(family.name) : family;
  }

  /** How a family is looked up: as when it was first asked for. */
  optionsOf(handle: FamilyHandle): FamilyOptions {
    const known = this.#options.get(handle.name);
    if (known === undefined) this.#options.set(handle.name, handle);
    return known ?? handle;
  }

  /** Stores a family that was looked up, in place of what was known of it, and the names of its operations. */
  learn(family: Family, operations: readonly AnyOperation[] = []): Family {
    this.#families.set(family.name, family);
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

/** The outcome of a request that could not be repeated. */
export function failedWith(error: unknown): Outcome {
  if (!NetlinkError.is(error)) throw error;
  return { ok: false, errno: error.errno, error };
}
