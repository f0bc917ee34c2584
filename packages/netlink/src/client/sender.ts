import { ITEMS_PER_SLICE } from '../time-slice.js';
import {
  type ClientBase,
  failedWith,
  familiesRequest,
  familyError,
  familyNotFound,
  familyRequest,
  valueOf,
} from './client-base.js';
import type { Conversation } from '../protocol/conversation.js';
import type { Exchange, Outcome, Request, Suspect } from '../protocol/exchange.js';
import { type Family, type FamilyHandle, isHandle } from '../protocol/generic.js';
import { converse, isPromise, type Talk } from '../io/converse.js';

/** Requests that are sent without a thread: more may take the kernel long. */
const FEW = 16;

/** What became of the requests of one send. */
interface Exchanged {
  readonly outcomes: Outcome[];
  readonly suspects: Suspect[];
}

/** Sends requests, one send at a time. What need not wait returns without a promise. */
export class Sender {
  readonly #base: ClientBase;
  readonly #talk: Talk;

  constructor(base: ClientBase, talk: Talk) {
    this.#base = base;
    this.#talk = talk;
  }

  /** Sends as many requests as fit, and those again whose family has another number by now. */
  send(requests: readonly Request[], from: number): Promise<Outcome[]> | Outcome[] {
    const exchanged = this.#exchange(requests, from);
    if (isPromise(exchanged)) return exchanged.then((each) => this.#repeat(requests, from, each));
    return exchanged.suspects.length === 0 ? exchanged.outcomes : this.#repeat(requests, from, exchanged);
  }

  async #repeat(
    requests: readonly Request[],
    from: number,
    { outcomes, suspects }: Exchanged,
  ): Promise<Outcome[]> {
    if (suspects.length === 0) return outcomes;
    try {
      const again: Request[] = [];
      const places: number[] = [];
      for (const { index, used } of suspects) {
        if (!(await this.#hasMoved(used))) continue;
        again.push(requests[from + index] as Request);
        places.push(index);
      }
      const second: Outcome[] = [];
      while (second.length < again.length)
        second.push(...(await this.#exchange(again, second.length)).outcomes);
      for (const [at, index] of places.entries()) outcomes[index] = second[at] as Outcome;
    } catch (error) {
      for (const { index } of suspects) outcomes[index] = failedWith(error);
    }
    return outcomes;
  }

  /** Whether a family that was used has another number now. */
  async #hasMoved(used: Family): Promise<boolean> {
    const handle = { name: used.name };
    // Another object has been looked up since.
    const known = this.#base.find(handle);
    const now = known === used ? await this.lookUp(handle) : known;
    return now !== undefined && now.id !== used.id;
  }

  /** Looks a family up, as when it was first asked for. */
  async lookUp(handle: FamilyHandle): Promise<Family> {
    const { name } = handle;
    const { autoload = true, operations } = this.#base.optionsOf(handle);
    if (!autoload) {
      const [outcome] = (await this.#exchange([familiesRequest()], 0)).outcomes;
      const found = (valueOf(outcome) as Family[]).find((family) => family.name === name);
      if (found === undefined) throw familyNotFound(name);
      return this.#base.learn(found, operations);
    }
    try {
      const [outcome] = (await this.#exchange([familyRequest(name)], 0)).outcomes;
      return this.#base.learn(valueOf(outcome) as Family, operations);
    } catch (error) {
      throw familyError(name, error);
    }
  }

  /** Sends as many requests as fit, from `from` on. */
  #exchange(requests: readonly Request[], from: number): Promise<Exchanged> | Exchanged {
    const { family: first } = requests[from] as Request;
    if (isHandle(first) && this.#base.find(first) === undefined)
      return this.lookUp(first).then(() => this.#exchange(requests, from));
    const exchange = this.#base.begin();
    if (requests.length - from > FEW) return this.#exchangeMany(exchange, requests, from);
    let slow = false;
    for (let index = from; index < requests.length; index++) {
      const each = requests[index] as Request;
      if (!this.#base.add(exchange, each)) break;
      slow ||= each.operation.slow === true;
    }
    return this.#converse(exchange, slow);
  }

  async #exchangeMany(exchange: Exchange, requests: readonly Request[], from: number): Promise<Exchanged> {
    for (let index = from; index < requests.length; index++) {
      if (!this.#base.add(exchange, requests[index] as Request)) break;
      if (index % ITEMS_PER_SLICE === 0 && this.#talk.slice.isOver()) await this.#talk.slice.pause();
    }
    return this.#converse(exchange, true);
  }

  #converse(exchange: Exchange, slow: boolean): Promise<Exchanged> | Exchanged {
    const { bytes, conversation } = exchange.start();
    try {
      const end = converse(this.#talk, bytes, conversation, slow);
      if (end === undefined) return exchanged(exchange, conversation);
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
