/**
 * Netlink for Node, generic and otherwise: a codec whose attribute tables read like the kernel's headers, a conversation without
 * input or output, and a socket. Knows nothing of any particular family but the controller.
 *
 * @packageDocumentation
 */
export { type Advice, NETLINK_ADVICE } from './advice.js';
export { align4, LITTLE_ENDIAN } from './wire/align.js';
export { type Attribute, attributes } from './wire/attribute.js';
export { TimeSlice, ITEMS_PER_SLICE } from './time-slice.js';
export { type CallOptions, NetlinkClient } from './client/client.js';
export { NetlinkClientSync } from './client/client-sync.js';
export { HEADER_BYTES, NLM_F, NLMSG, SOCKET } from './wire/constants.js';
export { CONTROLLER, DUMPFAMILIES, FAMILY, GETFAMILY, readFamily } from './protocol/controller.js';
export { Conversation, type DataHandler, type Expectation } from './protocol/conversation.js';
export { describeMessages, type Names } from './protocol/describe.js';
export { ERRNO, errnoName, errnoText } from './errno.js';
export {
  type ExtendedAck,
  type Failure,
  failureError,
  NetlinkError,
  type NetlinkErrorCode,
  type NetlinkErrorDetails,
} from './errors.js';
export {
  Failed,
  type FailedOutcome,
  isBatchable,
  type Outcome,
  rawRequest,
  type Request,
  request,
} from './protocol/exchange.js';
export { EXTENDED_ACK } from './protocol/extended-ack.js';
export {
  type AnyOperation,
  type Envelope,
  type Family,
  type FamilyHandle,
  type FamilyOptions,
  type Operation,
  operation,
  readReply,
  writeRequest,
} from './protocol/generic.js';
export {
  be16,
  be32,
  binary,
  type BinaryCodec,
  type Fields,
  type FieldValues,
  flag,
  type Codec,
  padded,
  readNumber64,
  struct,
  u16,
  u32,
  u64,
  u8,
} from './schema/codec.js';
export { type AddressedRequest, DumpLister, type LinePart } from './bulk/dump-lister.js';
export { type Pattern, PatternEncoder } from './bulk/pattern-encoder.js';
export type { MessageLayoutOptions } from './bulk/message-layout.js';
export { type Libc, loadLibc, openNameService } from './io/libc.js';
export { beginMessage, endMessage, type MessageHeader, Messages } from './wire/message.js';
export type { Place } from './bulk/wasm.js';
export type { NameService } from './io/name-service.js';
export {
  attribute,
  attributeNumbers,
  type AttributeSet,
  type Decoded,
  type Definition,
  list,
  nest,
  type Nest,
  type Shape,
  type UnknownAttribute,
  type Values,
  type ReaderOf,
  type AttributeReader,
} from './schema/definition.js';
export {
  type EncodedRequest,
  type EncodedRun,
  type EncoderRoom,
  type Limits,
  type RequestEncoder,
  SendBuffer,
} from './protocol/send-buffer.js';
export { SequenceNumbers } from './protocol/sequence-numbers.js';
export type { DumpOptions, DumpRecords, RecordValue } from './bulk/dump-record.js';
export { readRawReply, writeRawRequest } from './protocol/raw.js';
export type { DatagramReader, Progress } from './client/scan.js';
export { attributeSet } from './schema/attribute-set.js';
export { NetlinkSocket, type SocketOptions } from './io/socket.js';
export { zstring } from './schema/string.js';
export { type Trace, type TraceEvent } from './protocol/trace.js';
export { transportOf, socketTransport, type Transport } from './io/transport.js';
export type { TransportSync } from './io/transport-sync.js';
export { Writer } from './wire/writer.js';
