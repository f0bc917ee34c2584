import { argumentsOf } from '../argument-checks.js';
import { align4, LITTLE_ENDIAN } from '../wire/align.js';
import { HEADER_BYTES, NLM_F, TYPE_AT } from '../wire/constants.js';
import type { Shape, Values, ReaderOf } from '../schema/definition.js';
import { malformed } from '../errors.js';
import type { AnyOperation, Operation } from './generic.js';
import type { Fields, FieldValues } from '../schema/codec.js';
import { beginMessage, endMessage } from '../wire/message.js';
import type { Writer } from '../wire/writer.js';

/**
 * Writes one request of a family that is not a generic one: it has the operation's own structure instead of the generic
 * header.
 */
export function writeRawRequest<Request extends Shape, Header extends Fields>(
  writer: Writer,
  { name, command, mode, request, header }: Operation<Request, Shape, Header>,
  fixed: FieldValues<Header> | undefined,
  values: Values<Request>,
  seq: number,
): void {
  if (header !== undefined && !header.accepts(fixed)) {
    throw argumentsOf.error(`the header of ${name}`, header.expects, fixed, 'range');
  }
  const dump = mode === 'dump' ? NLM_F.DUMP : 0;
  const at = beginMessage(writer, { type: command, flags: NLM_F.REQUEST | dump, seq });
  if (header !== undefined && fixed !== undefined) {
    const start = writer.reserve(header.measure(fixed));
    header.write(writer.view, start, fixed);
  }
  request.encode(writer, values);
  endMessage(writer, at);
}

/**
 * Loads `reader` with the attributes of a message whose body is `start` to `end`, checks its type, and returns
 * its structure.
 */
export function readRawReply<Reply extends Shape>(
  reader: ReaderOf<Reply>,
  { reply, header }: AnyOperation,
  view: DataView,
  start: number,
  end: number,
): FieldValues<Fields> | undefined {
  const type = view.getUint16(start - HEADER_BYTES.MESSAGE + TYPE_AT, LITTLE_ENDIAN);
  if (type !== reply?.command)
    throw malformed(`a reply of type ${type} where ${reply?.command} was expected`);
  const size = header?.minimum ?? 0;
  if (end - start < size) throw malformed(`a message of ${end - start} bytes has no room for its header`);
  reader.load(view, Math.min(start + align4(size), end), end);
  return header?.read(view, start, size);
}
