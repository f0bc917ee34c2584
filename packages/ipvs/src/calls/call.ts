import { type ArgumentError, wrongType } from '../argument-checks.js';
import type { AnyOperation, FamilyHandle, ReaderOf, Request, Values } from '@ipvs-ts/netlink';
import type { MESSAGE } from '../schema/message.js';

/** The attributes of a request, and a reader of those of a reply. */
export type MessageValues = Values<(typeof MESSAGE)['attributes']>;
export type Message = ReaderOf<(typeof MESSAGE)['attributes']>;

/** Names of the verbs of the API that are one request to the kernel. */
export type Verb =
  | 'info'
  | 'services'
  | 'service'
  | 'destinations'
  | 'addService'
  | 'setService'
  | 'deleteService'
  | 'addDestination'
  | 'setDestination'
  | 'deleteDestination'
  | 'timeouts'
  | 'setTimeouts'
  | 'daemons'
  | 'startDaemon'
  | 'stopDaemon'
  | 'zero'
  | 'flush';

/**
 * One checked request to the kernel, and how to read its answer. Calls are values: they can be listed, printed, batched
 * and sent later. `T` is what the call returns.
 */
export interface Call<T = unknown> {
  readonly verb: Verb;
  /** IPVS, which the client looks up. */
  readonly family: FamilyHandle;
  readonly operation: AnyOperation;
  readonly values: MessageValues;
  /** The attributes, already encoded; `values` is ignored then. */
  readonly encoded?: Uint8Array | undefined;
  /** Whether `values` are those of a checked document: then a batch does not check them again. */
  readonly isChecked?: boolean | undefined;
  /** Converts one message of the answer to a value; for dumps, `T` is an array of them. */
  readonly read?: ((message: never) => unknown) | undefined;
  /** What it does, in words: `add service tcp:192.0.2.10:443`. */
  readonly words: string;
  readonly service?: string | undefined;
  readonly destination?: string | undefined;
  /** The scheduler and persistence engine of the request, which the kernel may not know. */
  readonly scheduler?: string | undefined;
  readonly engine?: string | undefined;
  /** Never present: carries `T`. */
  readonly result?: T;
}

/** A call as a request of netlink. It is one already; only the types of its attributes differ. */
export function toRequest<T>(call: Call<T>): Request<T> {
  return call as unknown as Request<T>;
}

/** Whether a value is a call, as `calls` makes them. */
export function isCall(value: unknown): value is Call {
  const { verb, operation, family } = (value ?? {}) as Partial<Call>;
  return typeof verb === 'string' && operation !== undefined && family !== undefined;
}

/** The error for what is no call. */
export function noCall(path: string, value: unknown): ArgumentError {
  return wrongType(path, 'a call, such as calls.addService(…)', value);
}

/** Throws for what is no call, before anything is sent. */
export function checkCall(path: string, value: unknown): void {
  if (!isCall(value)) throw noCall(path, value);
}
