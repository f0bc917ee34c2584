import { channel, subscribe } from 'node:diagnostics_channel';
import { createRequire } from 'node:module';
import type { Debugger } from 'debug';
import { describeMessages, type Names } from './describe.js';
import type { AnyOperation, Family } from './generic.js';

/** What the channels `ipvs-ts:netlink:request` and `ipvs-ts:netlink:reply` publish: one datagram. */
export interface TraceEvent {
  /** The datagram; valid during the call only. */
  readonly bytes: Uint8Array;
  /** Describes its messages, one line each, with the kernel's names. Decodes them when it is called. */
  describe(): string[];
}

/** The used part of a channel. Declarations that name Node's type could not be compiled without Node's types. */
interface TraceChannel {
  readonly name: string | symbol;
  readonly hasSubscribers: boolean;
  publish(message: TraceEvent): void;
}

/** The channels of datagrams. */
export const REQUESTS: TraceChannel = channel('ipvs-ts:netlink:request');
export const REPLIES: TraceChannel = channel('ipvs-ts:netlink:reply');

const NAMELESS: Names = { name: undefined, operations: [] };

let isLogSet = false;

/** Prints all datagrams with the `debug` logger of the namespace `ipvs-ts:netlink`, loaded only if `DEBUG` asks for it. */
function logIfWanted(): void {
  if (isLogSet) return;
  isLogSet = true;
  if (!process.env['DEBUG']) return;
  const log = (createRequire(import.meta.url)('debug') as (namespace: string) => Debugger)('ipvs-ts:netlink');
  if (!log.enabled) return;
  for (const [{ name }, direction] of [
    [REQUESTS, '>'],
    [REPLIES, '<'],
  ] as const) {
    subscribe(name, (event) => {
      for (const line of (event as TraceEvent).describe()) log('%s %s', direction, line);
    });
  }
}

/** Publishes the datagrams of one client, with the names of the families that it knows. */
export class Trace {
  readonly #names = new Map<number, Names>();

  constructor() {
    logIfWanted();
  }

  /** Adds the names of a family's operations and attributes. */
  learn(family: Family, operations: readonly AnyOperation[]): void {
    if (family.raw !== true) {
      this.#names.set(family.id, { name: family.name, operations });
      return;
    }
    for (const type of new Set(
      operations.flatMap(({ command, reply }) => [command, reply?.command ?? command]),
    )) {
      const own = operations.filter(({ command, reply }) => type === command || type === reply?.command);
      this.#names.set(type, { name: family.name, operations: own, raw: true });
    }
  }

  /** Publishes a datagram that is sent. Callers check first whether {@link REQUESTS} has subscribers. */
  request(bytes: Uint8Array): void {
    REQUESTS.publish(this.#event(bytes));
  }

  /** Publishes a datagram that was received. Callers check first whether {@link REPLIES} has subscribers. */
  reply(bytes: Uint8Array): void {
    REPLIES.publish(this.#event(bytes));
  }

  #event(bytes: Uint8Array): TraceEvent {
    return { bytes, describe: () => this.#describe(bytes) };
  }

  #describe(bytes: Uint8Array): string[] {
    return describeMessages(bytes, (type) => this.#names.get(type) ?? NAMELESS);
  }
}
