import type { Family } from '@ipvs-ts/netlink';
import { HEADER_BYTES, PatternEncoder, type SendBuffer } from '@ipvs-ts/netlink/bulk';
import type { IpvsError } from '../errors.js';
import type { Call } from '../calls/call.js';
import { explain } from '../calls/explain.js';
import type { SessionSync } from '../session/session-sync.js';
import { type PlainValue, Template, writeCall } from './template.js';

/** A call of a batch that the kernel rejected. */
export interface Refusal {
  /** Its index among the calls since the last `settle`. */
  readonly index: number;
  readonly call: Call;
  readonly error: IpvsError;
}

/** A pattern of text, and the call to make for a text that matches it. */
export interface CallPattern {
  /** ASCII. `@` matches an IPv4 address, `#` a number without leading zeros, everything else itself. */
  readonly text: string;
  /** The least and the largest value of each `@` (an address as a number) and `#`, in order. */
  readonly limits: readonly (readonly [least: number, most: number])[];
  /** The call with any values: the values of each text replace them. */
  readonly call: Call<void>;
  /** The values of the call that each `@` and `#` sets. */
  readonly values: readonly (readonly PlainValue[])[];
}

/**
 * A batch that is encoded as calls are added, and sent whenever a send is full, for restores of tens of thousands of
 * rules. Texts that match a pattern are encoded without creating objects: only the pattern checks their values, and
 * errors name neither service nor destination. Created by `IpvsVerbsSync.bulkBatch`.
 */
export class BulkBatch {
  readonly #session: SessionSync;
  readonly #requests: SendBuffer;
  #family: Family;
  #patterns: readonly CallPattern[] = [];
  #encoder: PatternEncoder | undefined;
  /** The calls to be sent, by their index; without those of texts. */
  readonly #calls = new Map<number, Call>();
  #sent = 0;
  #refusals: Refusal[] = [];

  constructor(session: SessionSync) {
    this.#session = session;
    this.#requests = session.sendBuffer();
    this.#family = session.family();
  }

  /** The number of calls since the last `settle`. */
  get size(): number {
    return this.#sent + this.#requests.size;
  }

  /** Adds a call that returns nothing. */
  add(call: Call<void>): void {
    if (!this.#put(call)) {
      this.#send();
      this.#put(call);
    }
    this.#calls.set(this.#requests.size - 1, call);
  }

  /**
   * Sets the patterns of {@link BulkBatch.addTexts}. Returns false where WebAssembly does not run: no text matches
   * then. Throws a RangeError if there are too many, a TypeError for a value that a call does not have.
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

  /** Adds the calls of the texts from `at` on, up to the first that matches no pattern; returns its offset. */
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

  /** Sends the rest. Returns the calls that were rejected since the last `settle`, in order. */
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

  /** The call at `index`; for a text, the call of a pattern with the same command. */
  #callAt(index: number): Call {
    const known = this.#calls.get(index);
    if (known !== undefined) return known;
    const command = this.#requests.message(index)[HEADER_BYTES.MESSAGE];
    return (this.#patterns.find(({ call }) => call.operation.command === command) as CallPattern).call;
  }

  /** Adopts the new number of the family after its module was loaded again. */
  #followFamily(): void {
    const now = this.#session.family();
    if (now === this.#family) return;
    this.#family = now;
    if (this.#patterns.length > 0) this.setPatterns(this.#patterns);
  }
}
