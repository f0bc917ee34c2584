import { NLM_F, NLMSG } from '../wire/constants.js';
import type { Failure } from '../errors.js';
import { readDone, readError, type Verdict } from './extended-ack.js';
import { Messages } from '../wire/message.js';

/**
 * What a request waits for:
 * - `ack`: an acknowledgement, perhaps after data (the request has NLM_F_ACK);
 * - `reply`: one message of data (no NLM_F_ACK);
 * - `dump`: messages of data, then NLMSG_DONE;
 * - `quiet`: nothing but an error (no NLM_F_ACK). It has succeeded when a later request is answered, since the kernel
 *   works through the requests of one send in their order.
 */
export type Expectation = 'ack' | 'reply' | 'dump' | 'quiet';

/** Takes a message of data for the request `index`; its body is `start` to `end` of `view`. */
export type DataHandler = (index: number, view: DataView, start: number, end: number) => void;

/** Messages that are read without a break. */
const MESSAGES_A_STEP = 16;

const OVERRUN: Failure = { code: 'ERR_NETLINK_OVERRUN' };
const NO_ANSWER: Failure = { code: 'ERR_NETLINK_NO_ANSWER' };
const INTERRUPTED: Failure = { code: 'ERR_NETLINK_DUMP_INTERRUPTED' };

/**
 * The answers to the requests of one send. It does no I/O: it takes datagrams, and says when all answers are complete
 * and which requests failed. The sequence numbers of the requests are `firstSeq`, `firstSeq` + 1 and so on; messages
 * with other numbers are left over from earlier conversations and are ignored.
 */
export class Conversation {
  /** The failures, by the index of their request. Once `done`, all requests not in this map have succeeded. */
  readonly failures = new Map<number, Failure>();
  /** The kernel's warnings about requests that it executed, by index. */
  readonly warnings = new Map<number, string>();
  readonly #first: number;
  readonly #expectations: readonly Expectation[];
  readonly #answered: Uint8Array;
  readonly #onData: DataHandler;
  #waiting = 0;
  #overrun = false;

  constructor(firstSeq: number, expectations: readonly Expectation[], onData: DataHandler) {
    this.#first = firstSeq;
    this.#expectations = expectations;
    this.#answered = new Uint8Array(expectations.length);
    this.#onData = onData;
    for (const expectation of expectations) if (expectation !== 'quiet') this.#waiting += 1;
    if (expectations.at(-1) === 'quiet')
      throw new TypeError('the last request of a conversation must be answered');
  }

  /** Whether every request that expects an answer has been answered. */
  get done(): boolean {
    return this.#waiting === 0;
  }

  /** Whether a dump is being read: the kernel works inside each `recv` then. */
  get dumping(): boolean {
    return this.#expectations.includes('dump');
  }

  /** Whether messages of this conversation may still be queued although it is over. */
  get disturbed(): boolean {
    return this.#overrun || (this.dumping && this.failures.size > 0);
  }

  /** Takes one datagram. Throws ERR_NETLINK_MALFORMED for bytes that break the rules. */
  receive(datagram: Uint8Array): void {
    for (const message = new Messages(datagram); message.next();) this.#take(message);
  }

  /** Takes one datagram in steps of some messages each, so that the caller can pause between them. */
  *reading(datagram: Uint8Array): Generator<void, void, undefined> {
    let count = 0;
    for (const message = new Messages(datagram); message.next();) {
      this.#take(message);
      if (++count % MESSAGES_A_STEP === 0) yield;
    }
  }

  #take(message: Messages): void {
    if (message.type === NLMSG.OVERRUN) this.overrun();
    const index = message.seq - this.#first;
    if (index < 0 || index >= this.#expectations.length || message.type === NLMSG.NOOP) return;
    if (message.type === NLMSG.ERROR) this.#conclude(index, readError(message));
    else if (message.type === NLMSG.DONE) this.#end(index, message);
    else if (message.type >= NLMSG.MIN_TYPE) this.#data(index, message);
  }

  /** The socket dropped answers (ENOBUFS). Those still queued can still be received. */
  overrun(): void {
    this.#overrun = true;
  }

  /**
   * No more answers will follow: the kernel answers inside `send`, so an empty queue is the end. Requests without an
   * expected answer fail with ERR_NETLINK_NO_ANSWER, or with ERR_NETLINK_OVERRUN if answers were dropped. In the latter
   * case it is not known whether quiet requests succeeded, so they fail too.
   */
  silence(): void {
    this.#expectations.forEach((expectation, index) => {
      if (this.#answered[index] === 1 || (expectation === 'quiet' && !this.#overrun)) return;
      this.#fail(index, this.#overrun ? OVERRUN : NO_ANSWER);
    });
    this.#waiting = 0;
  }

  #data(index: number, message: Messages): void {
    if (this.#answered[index] === 1) return;
    if (isDisturbed(message)) this.#fail(index, INTERRUPTED);
    this.#onData(index, message.view, message.start, message.end);
    if (this.#expectations[index] === 'reply' && (message.flags & NLM_F.MULTI) === 0) this.#answer(index);
  }

  /** The end of a dump can report an interruption too. */
  #end(index: number, message: Messages): void {
    if (this.#answered[index] === 1) return;
    const verdict = readDone(message);
    if (verdict.errno === 0 && isDisturbed(message)) this.#fail(index, INTERRUPTED);
    this.#conclude(index, verdict);
  }

  #conclude(index: number, { errno, extack }: Verdict): void {
    if (this.#answered[index] === 1) return;
    if (errno !== 0) this.#fail(index, { code: 'ERR_NETLINK_KERNEL', errno, extack });
    else if (this.#expectations[index] === 'reply') this.#fail(index, NO_ANSWER);
    else if (extack?.message !== undefined) this.warnings.set(index, extack.message);
    this.#answer(index);
  }

  #answer(index: number): void {
    this.#answered[index] = 1;
    if (this.#expectations[index] !== 'quiet') this.#waiting -= 1;
    // An overrun may have dropped the error of any quiet request, so their success is not known.
    if (this.#waiting === 0 && this.#overrun) this.silence();
  }

  #fail(index: number, failure: Failure): void {
    if (!this.failures.has(index)) this.failures.set(index, failure);
  }
}

/** Whether the kernel says that a change interrupted the dump. */
function isDisturbed({ flags }: Messages): boolean {
  return (flags & NLM_F.DUMP_INTR) !== 0;
}
