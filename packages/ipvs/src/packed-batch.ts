import { type FailedOutcome, type Family, type PackedRequests, Writer } from '@ipvs-ts/netlink';
import type { BatchResult, IpvsError } from './errors.js';
import type { Call } from './call.js';
import { makeCalls } from './calls.js';
import { explain } from './explain.js';
import { FORWARDING } from './forwarding.js';
import { ENOENT } from './request.js';
import type { SessionSync } from './session-sync.js';
import { ATTRIBUTES_AT, encode, type PlainService, Template } from './template.js';
import { batch, hasMoved } from './work.js';

/** A call of a batch that the kernel refused. */
export interface Refusal {
  /** Its place among the calls that were settled together. */
  readonly index: number;
  readonly call: Call;
  readonly error: IpvsError;
}

const CALLS = makeCalls('kernel');
const ADD_DESTINATION = {
  ...CALLS.addDestination('tcp:192.0.2.1:1', '192.0.2.1:1', { forwarding: 'masq' }),
  words: 'restore a rule',
};

/**
 * A batch that is written as bytes while it is made, and sent whenever a send is full: for restores of tens of
 * thousands of rules by a program that has just started. The calls that these are made of are encoded once, by the
 * tables, and then copied and patched; what is given to them is not checked, and errors name neither service nor
 * destination. `IpvsVerbsSync.packedBatch` makes one.
 */
export class PackedBatch {
  readonly #session: SessionSync;
  readonly #requests: PackedRequests;
  readonly #writer = new Writer();
  readonly #services = new Map<string, Template>();
  #family: Family;
  #destination: Template;
  /** The calls that wait to be sent, or those that they are copies of. */
  #calls: Call[] = [];
  #sent = 0;
  #refusals: Refusal[] = [];

  constructor(session: SessionSync) {
    this.#session = session;
    this.#requests = session.packed();
    this.#family = session.family();
    this.#destination = new Template(this.#family, ADD_DESTINATION);
  }

  /** How many calls have been added since the last time that they were settled. */
  get size(): number {
    return this.#sent + this.#calls.length;
  }

  /** Adds any call that is only acknowledged. */
  add(call: Call<void>): void {
    this.#add({ message: encode(this.#writer, this.#family, call), call });
  }

  /** Adds a service with a scheduler and nothing else. */
  addService(service: PlainService, scheduler: string): void {
    const template = this.#services.get(scheduler) ?? this.#learn(scheduler);
    template.setService(service);
    this.#add(template);
  }

  /** Adds a destination without thresholds, tunnels excepted. */
  addDestination(
    service: PlainService,
    address: number,
    port: number,
    forwarding: 'masq' | 'route' | 'local' | 'bypass',
    weight: number,
  ): void {
    this.#destination.setService(service);
    this.#destination.setDestination(address, port, FORWARDING.indexOf(forwarding), weight);
    this.#add(this.#destination);
  }

  /** Sends what has not been sent. The calls that were refused since the last time, in order. */
  settle(): Refusal[] {
    this.#send();
    const refusals = this.#refusals;
    this.#refusals = [];
    this.#sent = 0;
    return refusals;
  }

  #learn(scheduler: string): Template {
    const call = { ...CALLS.addService('tcp:192.0.2.1:1', { scheduler }), words: 'restore a rule' };
    const template = new Template(this.#family, call);
    this.#services.set(scheduler, template);
    return template;
  }

  #add({ message, call }: Pick<Template, 'message' | 'call'>): void {
    if (!this.#requests.add(message)) {
      this.#send();
      this.#requests.add(message);
    }
    this.#calls.push(call);
  }

  #send(): void {
    if (this.#calls.length === 0) return;
    const calls = this.#calls;
    const failures = this.#session.sendPacked(this.#requests);
    const second = this.#again(failures);
    for (const [index, outcome] of failures) {
      const call = calls[index] as Call;
      const result = second.get(index) ?? { ok: false, error: explain(call, outcome.error) as IpvsError };
      if (!result.ok) this.#refusals.push({ index: this.#sent + index, call, error: result.error });
    }
    this.#requests.clear();
    this.#calls = [];
    this.#sent += calls.length;
  }

  /** Sends once more what failed because the family has another number since its module was loaded again. */
  #again(failures: ReadonlyMap<number, FailedOutcome>): Map<number, BatchResult> {
    const stale = [...failures].filter(([, { errno }]) => errno === ENOENT);
    const sample = stale[0];
    if (sample === undefined || !this.#session.drive(hasMoved(this.#family, sample[1].error)))
      return new Map();
    this.#family = this.#session.family();
    this.#services.clear();
    this.#destination = new Template(this.#family, ADD_DESTINATION);
    const calls = stale.map(([index]) => ({
      ...(this.#calls[index] as Call),
      encoded: this.#requests.message(index).subarray(ATTRIBUTES_AT),
    }));
    const results = this.#session.drive(batch(this.#session.calls, calls));
    return new Map(stale.map(([index], at) => [index, results[at] as BatchResult]));
  }
}
