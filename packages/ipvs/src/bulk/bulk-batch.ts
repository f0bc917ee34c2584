import type { Family } from '@ipvs-ts/netlink';
import { HEADER_BYTES, PatternEncoder, type SendBuffer } from '@ipvs-ts/netlink/bulk';
import type { IpvsError } from '../errors.js';
import type { Call } from '../calls/call.js';
import { explain } from '../calls/explain.js';
import type { SessionSync } from '../session/session-sync.js';
import { type PlainValue, Template, writeCall } from './template.js';

/** A call of a batch that the kernel refused. */
export interface Refusal {
  /** Its place among the calls that were settled together. */
  readonly index: number;
  readonly call: Call;
  readonly error: IpvsError;
}

/** A pattern of text, and the call that a text of this pattern stands for. */
export interface CallPattern {
  /** `@` stands for an IPv4 address, `#` for a number without zeros before it, all else for itself. ASCII. */
  readonly text: string;
  /** The least and the largest value of each `@` (an address as a number) and `#`, in order. */
  readonly limits: readonly (readonly [least: number, most: number])[];
  /** The call, with any values: all that differs in another text is put in their place. */
  readonly call: Call<void>;
  /** Which values of the call each `@` and `#` is. */
  readonly values: readonly (readonly PlainValue[])[];
}

/**
 * A batch that is written as bytes while it is made, and sent whenever a send is full: for restores of tens of
 * thousands of rules. Texts of known patterns become requests without an object between; what they say is checked by nothing but
 * their pattern, and errors name neither service nor destination. `IpvsVerbsSync.bulkBatch` makes one.
 */
export class BulkBatch {
  readonly #session: SessionSync;
  readonly #requests: SendBuffer;
  #family: Family;
  #patterns: readonly CallPattern[] = [];
  #encoder: PatternEncoder | undefined;
  /** The calls that wait to be sent, by their index; texts are not among them. */
  readonly #calls = new Map<number, Call>();
  #sent = 0;
  #refusals: Refusal[] = [];

  constructor(session: SessionSync) {
    this.#session = session;
    this.#requests = session.sendBuffer();
    this.#family = session.family();
  }

  /** How many calls have been added since the last time that they were settled. */
  get size(): number {
    return this.#sent + this.#requests.size;
  }

  /** Adds any call that is only acknowledged. */
  add(call: Call<void>): void {
    if (!this.#put(call)) {
      this.#send();
      this.#put(call);
    }
    this.#calls.set(this.#requests.size - 1, call);
  }

  /**
   * Sets which texts {@link BulkBatch.addTexts} knows. False where WebAssembly does not run: then it knows none. Throws a
   * RangeError if there are too many, a TypeError for a value that a call has not.
   */
  setPatterns(patterns: readonly CallPattern[]): boolean {
    this.#encoder ??= PatternEncoder.load();
    this.#patterns = patterns.map((pattern) => ({
      ...pattern,
      call: { ...pattern.call, words: 'restore a rule' },
    }));
    this.#encoder?.setPatterns(
      this.#patterns.map(({ text, limits, call, values }) => {
        const template = new Template(this.#family, call);
        return {
          text,
          limits,
          message: template.message,
          places: values.map((each) => template.places(each)),
        };
      }),
    );
    return this.#encoder !== undefined;
  }

  /** Adds the calls of the texts that stand from `at` on, up to the first that is of no known pattern; where that begins. */
  addTexts(text: Uint8Array, at: number): number {
    const writer = this.#encoder;
    if (writer === undefined) return at;
    for (let from = at; ;) {
      const next = this.#requests.fill(writer, text, from);
      const stuck = next === from && (!writer.full || this.#requests.size === 0);
      if (stuck || next === text.length) return next;
      if (writer.full) this.#send();
      from = next;
    }
  }

  /** Sends what has not been sent. The calls that were refused since the last time, in order. */
  settle(): Refusal[] {
    this.#send();
    const refusals = this.#refusals;
    this.#refusals = [];
    this.#sent = 0;
    return refusals;
  }

  #put(call: Call<void>): boolean {
    return this.#requests.add((writer, seq) => {
      writeCall(writer, this.#family, call, seq);
    });
  }

  #send(): void {
    const { size } = this.#requests;
    if (size === 0) return;
    for (const [index, outcome] of this.#session.sendBuffered(this.#requests, this.#family)) {
      const call = this.#callAt(index);
      this.#refusals.push({
        index: this.#sent + index,
        call,
        error: explain(call, outcome.error) as IpvsError,
      });
    }
    this.#requests.clear();
    this.#calls.clear();
    this.#sent += size;
    this.#followFamily();
  }

  /** The call at `index`; of a text, the call of its pattern, or of one that asks for the same command. */
  #callAt(index: number): Call {
    const known = this.#calls.get(index);
    if (known !== undefined) return known;
    const command = this.#requests.message(index)[HEADER_BYTES.MESSAGE];
    return (this.#patterns.find(({ call }) => call.operation.command === command) as CallPattern).call;
  }

  /** The family has another number since its module was loaded again: what is added from now on is sent to that one. */
  #followFamily(): void {
    const now = this.#session.family();
    if (now === this.#family) return;
    this.#family = now;
    if (this.#patterns.length > 0) this.setPatterns(this.#patterns);
  }
}
