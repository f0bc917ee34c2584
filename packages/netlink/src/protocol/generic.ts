import { COMMAND_AT, HEADER_BYTES, NLM_F, VERSION_AT } from '../wire/constants.js';
import { malformed } from '../errors.js';
import { beginMessage, endMessage } from '../wire/message.js';
import type { AttributeSet, Shape, Values, ReaderOf } from '../schema/definition.js';
import type { Fields, FieldValues, Codec } from '../schema/codec.js';
import type { Writer } from '../wire/writer.js';

/**
 * An operation of a netlink family, in the terms of the kernel's YNL specifications. A "do" concerns one object, a
 * "dump" lists all of a kind.
 */
export interface Operation<Request extends Shape, Reply extends Shape, Header extends Fields = Fields> {
  /** The kernel's name without its prefix: `NEW_SERVICE`. */
  readonly name: string;
  readonly command: number;
  readonly mode: 'do' | 'dump';
  /**
   * Whether the kernel may take milliseconds for it: it loads modules, waits for other CPUs, or walks the whole table.
   */
  readonly slow?: boolean;
  /** Attributes of the request. */
  readonly request: AttributeSet<Request>;
  /** Attributes of the answers, and the command number that they carry; absent where only an ACK comes. */
  readonly reply?: { readonly command: number; readonly attributes: AttributeSet<Reply> };
  /** The structure before the attributes, in requests and replies alike: only families of {@link Family.raw} have it. */
  readonly header?: Codec<FieldValues<Header>>;
  readonly doc: string;
}

/** Any operation, where its attributes do not matter. */
// eslint-disable-next-line @typescript-eslint/no-explicit-any
export type AnyOperation = Operation<any, any>;

/** Defines an operation. */
export function operation<Request extends Shape, Reply extends Shape = Shape, Header extends Fields = Fields>(
  definition: Operation<Request, Reply, Header>,
): Operation<Request, Reply, Header> {
  return definition;
}

/** A family, as the controller describes it, or one that has its own netlink protocol. */
export interface Family {
  readonly name: string;
  /** Message type of the family's messages. It changes when its module is loaded again. */
  readonly id: number;
  readonly version: number;
  /**
   * Whether the family is not a generic one, such as rtnetlink (`netlink-raw` in the kernel's specifications): the
   * command of an operation is the message type, and a structure precedes the attributes. `id` is not used then.
   */
  readonly raw?: boolean;
}

/** How a family is looked up. */
export interface FamilyOptions {
  /** `false`: only look among the loaded ones. By default the look-up makes the kernel load the family's module. */
  readonly autoload?: boolean | undefined;
  /** The family's operations, for the trace. */
  readonly operations?: readonly AnyOperation[] | undefined;
}

/**
 * A generic family by name. A client looks its number up before the first request to it. It does so again, and repeats
 * the request, if a request fails as it does after the module was loaded again and the number has changed.
 */
export interface FamilyHandle extends FamilyOptions {
  readonly name: string;
  /** Always absent, which distinguishes a handle from a {@link Family}. */
  readonly id?: undefined;
}

/** Whether a family still has to be looked up. */
export function isHandle(family: Family | FamilyHandle): family is FamilyHandle {
  return family.id === undefined;
}

/**
 * Writes one request of a generic family, with `flags` in addition to REQUEST and DUMP. Its attributes may already be
 * encoded.
 */
export function writeRequest<Request extends Shape>(
  writer: Writer,
  family: Family,
  { command, mode, request }: Operation<Request, Shape>,
  values: Values<Request> | Uint8Array,
  { seq, flags = 0 }: { readonly seq: number; readonly flags?: number },
): void {
  const dump = mode === 'dump' ? NLM_F.DUMP : 0;
  const at = beginMessage(writer, { type: family.id, flags: NLM_F.REQUEST | dump | flags, seq });
  const header = writer.reserve(HEADER_BYTES.GENERIC);
  writer.view.setUint8(header + COMMAND_AT, command);
  writer.view.setUint8(header + VERSION_AT, family.version);
  if (values instanceof Uint8Array) writer.append(values);
  else request.encode(writer, values);
  endMessage(writer, at);
}

/** Loads `reader` with the attributes of a family's message whose body is `start` to `end`, and checks its command. */
export function readReply<Reply extends Shape>(
  reader: ReaderOf<Reply>,
  command: number,
  view: DataView,
  start: number,
  end: number,
): ReaderOf<Reply> {
  const body = start + HEADER_BYTES.GENERIC;
  if (body > end)
    throw malformed(`a generic netlink message of ${end - start} bytes has no room for its header`);
  const got = view.getUint8(start + COMMAND_AT);
  if (got !== command) throw malformed(`a reply carries command ${got} where ${command} was expected`);
  reader.load(view, body, end);
  return reader;
}
