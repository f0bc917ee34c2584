/**
 * Netlink for Node, generic and otherwise: a codec whose attribute tables read like the kernel's headers, a conversation without
 * input or output, and a socket. Knows nothing of any particular family but the controller.
 *
 * @packageDocumentation
 */
export { type Advice, NETLINK_ADVICE } from './advice.js';
export { align4, LITTLE_ENDIAN } from './align.js';
export { type Attribute, attributes } from './attribute.js';
export { Breath, ITEMS_A_LOOK } from './breath.js';
export { type CallOptions, NetlinkClient } from './client.js';
export { type FamilyOptions, NetlinkClientSync } from './client-sync.js';
export { HEADER_BYTES, NLM_F, NLMSG, SOCKET } from './constants.js';
export { CONTROLLER, DUMPFAMILIES, FAMILY, GETFAMILY, readFamily } from './controller.js';
export { Conversation, type DataHandler, type Expectation } from './conversation.js';
export { describeMessages, type Names } from './describe.js';
export { errnoName, errnoText } from './errno.js';
export {
  type ExtendedAck,
  type Failure,
  failureError,
  NetlinkError,
  type NetlinkErrorCode,
  type NetlinkErrorDetails,
} from './errors.js';
export {
  type FailedOutcome,
  type Limits,
  type Outcome,
  rawRequest,
  type Request,
  request,
} from './exchange.js';
export { EXTENDED_ACK } from './extended-ack.js';
export {
  type AnyOperation,
  type Envelope,
  type Family,
  type Operation,
  operation,
  readReply,
  writeRequest,
} from './generic.js';
export {
  be16,
  be32,
  binary,
  type BinaryKind,
  type Fields,
  type FieldValues,
  flag,
  type Kind,
  padded,
  readNumber64,
  struct,
  u16,
  u32,
  u64,
  u8,
} from './kinds.js';
export { type AddressedRequest, DumpReader, type LinePart, type Progress } from './dump-reader.js';
export { type Form, FormWriter, type Room, type Written } from './form-writer.js';
export type { LayoutOptions } from './layout.js';
export { type Libc, loadLibc, openNameService } from './libc.js';
export { beginMessage, endMessage, type MessageHeader, Messages } from './message.js';
export type { Place } from './machine.js';
export type { NameService } from './name-service.js';
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
  type View,
  type Window,
} from './definition.js';
export { type Packed, PackedRequests } from './packed.js';
export type { DumpOptions, DumpRecords, RecordValue } from './record.js';
export { readRawReply, writeRawRequest } from './raw.js';
export type { DatagramReader } from './scan.js';
export { attributeSet } from './schema.js';
export { NetlinkSocket, type SocketOptions } from './socket.js';
export { zstring } from './text.js';
export { type Trace, type TraceEvent } from './trace.js';
export { asyncTransport, socketTransport, type Transport } from './transport-async.js';
export type { SyncTransport } from './transport-sync.js';
export { Writer } from './writer.js';
