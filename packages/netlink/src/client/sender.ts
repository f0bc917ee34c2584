import { ITEMS_PER_SLICE, type TimeSlice } from '../time-slice.js';
import { closedError } from '../errors.js';
import type { Conversation } from '../protocol/conversation.js';
import {
  CONTROLLER,
  familiesRequest,
  familyError,
  familyNotFound,
  familyRequest,
  GETFAMILY,
} from '../protocol/controller.js';
import {
  Exchange,
  failedWith,
  type Outcome,
  type Readers,
  type Request,
  type Suspect,
  valueOf,
} from '../protocol/exchange.js';
import {
  type AnyOperation,
  type Family,
  type FamilyHandle,
  type FamilyOptions,
  isHandle,
} from '../protocol/generic.js';
import { type Limits, SendBuffer } from '../protocol/send-buffer.js';
import { SequenceNumbers } from '../protocol/sequence-numbers.js';
import type { Trace } from '../protocol/trace.js';
import { isPromise, type MaybePromise, runSteps, type Steps, waitFor } from '../io/maybe-promise.js';

/** Bytes of one send: half of the kernel's default send buffer is never refused. */
const SEND_BYTES = 104 * 1024;

/** The most requests that are sent on the event loop's thread: more may take the kernel long. */
const FEW = 16;

/** How a client reaches the kernel. */
export interface Way {
  /** How many answers may be unread at once without one being dropped. */
  readonly capacity: number;
  readonly firstSeq?: number | undefined;
  /** Sends `bytes` and feeds `conversation` until it is over; `slow` says whether the kernel may take milliseconds. */
  converse(bytes: Uint8Array, conversation: Conversation, slow: boolean): MaybePromise<void>;
  /** Divides the encoding of many requests; absent in the synchronous client. */
  readonly slice?: TimeSlice | undefined;
}

/** What became of the requests of one send. */
interface Exchanged {
  readonly outcomes: Outcome[];
  readonly suspects: Suspect[];
}

/**
 * Sends requests, one send at a time: looks families up, and repeats requests if the number of their family has
 * changed. Methods return a promise only if they have to wait, so both clients use it.
 */
export class Sender {
  readonly trace: Trace;
  readonly numbers: SequenceNumbers;
  closed = false;
  readonly #way: Way;
  readonly #limits: Limits;
  readonly #buffer: SendBuffer;
  readonly #readers: Readers = new Map();
  readonly #families = new Map<string, Family>();
  readonly #options = new Map<string, FamilyOptions>();

  constructor(way: Way, trace: Trace) {
    this.#way = way;
    this.trace = trace;
    this.numbers = new SequenceNumbers(way.firstSeq);
    this.#limits = { answers: way.capacity, bytes: SEND_BYTES };
    this.#buffer = this.sendBuffer();
    trace.learn(CONTROLLER, [GETFAMILY]);
  }

  /** Throws ERR_NETLINK_CLOSED once the client is closed. */
  checkOpen(): void {
    if (this.closed) throw closedError('netlink client');
  }

  /** A buffer of its own for the requests of one send. */
  sendBuffer(): SendBuffer {
    return new SendBuffer(this.#limits, this.numbers);
  }

  /** The family of a request, if it is known. */
  find(family: Family | FamilyHandle): Family | undefined {
    return isHandle(family) ? this.#families.get(family.name) : family;
  }

  /** Stores a family in place of an earlier one of its name, and the names of its operations. */
  learn(family: Family, operations: readonly AnyOperation[] = []): Family {
    this.#families.set(family.name, family);
    this.trace.learn(family, operations);
    return family;
  }

  /** Looks a family up again, with the options of the first time. */
  lookUp(handle: FamilyHandle): MaybePromise<Family> {
    return runSteps(this.#lookUp(handle));
  }

  /** Whether a family that was used has another number now. */
  hasMoved(used: Family): MaybePromise<boolean> {
    return runSteps(this.#hasMoved(used));
  }

  /** Sends as many requests as fit, from `from` on, and repeats those whose family has another number by now. */
  send(requests: readonly Request[], from: number): MaybePromise<Outcome[]> {
    const exchanged = this.#exchange(requests, from);
    if (isPromise(exchanged)) return exchanged.then((each) => this.#checked(requests, from, each));
    return this.#checked(requests, from, exchanged);
  }

  #checked(requests: readonly Request[], from: number, exchanged: Exchanged): MaybePromise<Outcome[]> {
    return exchanged.suspects.length === 0
      ? exchanged.outcomes
      : runSteps(this.#repeat(requests, from, exchanged));
  }

  *#repeat(requests: readonly Request[], from: number, { outcomes, suspects }: Exchanged): Steps<Outcome[]> {
    try {
      const again: Request[] = [];
      const places: number[] = [];
      for (const { index, used } of suspects) {
        if (!(yield* this.#hasMoved(used))) continue;
        again.push(requests[from + index] as Request);
        places.push(index);
      }
      const second: Outcome[] = [];
      while (second.length < again.length)
        second.push(...(yield* waitFor(this.#exchange(again, second.length))).outcomes);
      for (const [at, index] of places.entries()) outcomes[index] = second[at] as Outcome;
    } catch (error) {
      for (const { index } of suspects) outcomes[index] = failedWith(error);
    }
    return outcomes;
  }

  *#hasMoved(used: Family): Steps<boolean> {
    const handle = { name: used.name };
    // Another object has been looked up since.
    const known = this.find(handle);
    const now = known === used ? yield* this.#lookUp(handle) : known;
    return now !== undefined && now.id !== used.id;
  }

  *#lookUp(handle: FamilyHandle): Steps<Family> {
    const { name } = handle;
    const options = this.#options.get(name) ?? handle;
    this.#options.set(name, options);
    const { autoload = true, operations } = options;
    try {
      const request = autoload ? familyRequest(name) : familiesRequest();
      const { outcomes } = yield* waitFor(this.#exchange([request], 0));
      const value = valueOf(outcomes[0]) as Family | Family[];
      const found = Array.isArray(value) ? value.find((family) => family.name === name) : value;
      if (found === undefined) throw familyNotFound(name);
      return this.learn(found, operations);
    } catch (error) {
      throw autoload ? familyError(name, error) : error;
    }
  }

  /** Sends as many requests as fit, from `from` on. */
  #exchange(requests: readonly Request[], from: number): MaybePromise<Exchanged> {
    this.checkOpen();
    const { family: first } = requests[from] as Request;
    if (isHandle(first) && this.find(first) === undefined) {
      const found = this.lookUp(first);
      if (isPromise(found)) return found.then(() => this.#exchange(requests, from));
    }
    const exchange = new Exchange(this.#buffer, this.#readers);
    if (requests.length - from > FEW) return runSteps(this.#exchangeMany(exchange, requests, from));
    let slow = false;
    for (let index = from; index < requests.length; index++) {
      const each = requests[index] as Request;
      if (!this.#add(exchange, each)) break;
      slow ||= each.operation.slow === true;
    }
    return this.#converse(exchange, slow);
  }

  *#exchangeMany(exchange: Exchange, requests: readonly Request[], from: number): Steps<Exchanged> {
    const { slice } = this.#way;
    for (let index = from; index < requests.length; index++) {
      if (!this.#add(exchange, requests[index] as Request)) break;
      if (index % ITEMS_PER_SLICE === 0 && slice?.isOverBetweenCalls() === true) yield slice.pause();
    }
    return yield* waitFor(this.#converse(exchange, true));
  }

  /** Adds a request; false if there is no room, or its family still has to be looked up. */
  #add(exchange: Exchange, each: Request): boolean {
    const family = this.find(each.family);
    return family !== undefined && exchange.add(each, family);
  }

  #converse(exchange: Exchange, slow: boolean): MaybePromise<Exchanged> {
    const { bytes, conversation } = exchange.start();
    try {
      const end = this.#way.converse(bytes, conversation, slow);
      if (!isPromise(end)) return exchanged(exchange, conversation);
      return end.then(
        () => exchanged(exchange, conversation),
        (error: unknown) => failed(exchange, error),
      );
    } catch (error) {
      return failed(exchange, error);
    }
  }
}

function exchanged(exchange: Exchange, conversation: Conversation): Exchanged {
  return { outcomes: exchange.outcomes(conversation), suspects: exchange.suspects(conversation) };
}

function failed(exchange: Exchange, error: unknown): Exchanged {
  return { outcomes: exchange.failed(error), suspects: [] };
}
