import { channel } from 'node:diagnostics_channel';
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

const requests = channel('ipvs-ts:netlink:request');
const replies = channel('ipvs-ts:netlink:reply');

const NAMELESS: Names = { name: undefined, operations: [] };

let wire: Debugger | undefined;
let wireLooked = false;

/** The `debug` logger of the namespace `ipvs-ts:netlink`, loaded only if `DEBUG` asks for it. */
function wireLog(): Debugger | undefined {
  if (!wireLooked) {
    wireLooked = true;
    if (process.env['DEBUG']) {
      const log = (createRequire(import.meta.url)('debug') as (namespace: string) => Debugger)(
        'ipvs-ts:netlink',
      );
      if (log.enabled) wire = log;
    }
  }
  return wire;
}

/** Publishes the datagrams of one client, with the names of the families that it knows. */
export class Trace {
  readonly #names = new Map<number, Names>();

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

  /** Whether there is a listener. */
  get listening(): boolean {
    return requests.hasSubscribers || replies.hasSubscribers || wireLog() !== undefined;
  }

  /** Publishes a datagram that is sent. */
  request(bytes: Uint8Array): void {
    if (requests.hasSubscribers) requests.publish(this.#event(bytes));
    if (wireLog() !== undefined) this.#print('>', bytes);
  }

  /** Publishes a datagram that was received. */
  reply(bytes: Uint8Array): void {
    if (replies.hasSubscribers) replies.publish(this.#event(bytes));
    if (wireLog() !== undefined) this.#print('<', bytes);
  }

  #event(bytes: Uint8Array): TraceEvent {
    return { bytes, describe: () => this.#describe(bytes) };
  }

  #describe(bytes: Uint8Array): string[] {
    return describeMessages(bytes, (type) => this.#names.get(type) ?? NAMELESS);
  }

  #print(direction: string, bytes: Uint8Array): void {
    for (const line of this.#describe(bytes)) wire?.('%s %s', direction, line);
  }
}
