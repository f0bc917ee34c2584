/**
 * Netlink for Node, generic and otherwise: a codec whose attribute tables read like the kernel's headers, a
 * conversation without I/O, and a socket. It knows no family except the controller.
 *
 * @packageDocumentation
 */
export { type Advice, NETLINK_ADVICE } from './advice.js';
export {
  ArgumentChecks,
  type ArgumentKind,
  type ArgumentMistake,
  errorsWithCode,
} from './argument-checks.js';
export { type CallOptions, NetlinkClient } from './client/client.js';
export { NetlinkClientSync } from './client/client-sync.js';
export { ERRNO, errnoName, errnoText } from './errno.js';
export { type ExtendedAck, NetlinkError, type NetlinkErrorCode, type NetlinkErrorDetails } from './errors.js';
export { connectError, type ConnectTarget } from './io/connect-error.js';
export { lockFile } from './io/file-lock.js';
export { endProcess, type Libc, openNameService } from './io/libc.js';
export type { NameService } from './io/name-service.js';
export { withNetworkNamespace } from './io/netns.js';
export { NetlinkSocket, type SocketOptions } from './io/socket.js';
export { socketTransport, type SocketTransportOptions } from './io/socket-transport.js';
export type { Transport } from './io/transport.js';
export type { TransportSync } from './io/transport-sync.js';
export { sendUnixDatagram } from './io/unix-datagram.js';
export {
  Failed,
  type FailedOutcome,
  type Outcome,
  rawRequest,
  type Request,
  request,
} from './protocol/exchange.js';
export {
  type AnyOperation,
  type Family,
  type FamilyHandle,
  type FamilyOptions,
  type Operation,
  operation,
} from './protocol/generic.js';
export type { TraceEvent } from './protocol/trace.js';
export { attributeSet } from './schema/attribute-set.js';
export {
  be16,
  be32,
  binary,
  type BinaryCodec,
  type Codec,
  type Fields,
  type FieldValues,
  flag,
  padded,
  struct,
  u16,
  u32,
  u64,
  u8,
} from './schema/codec.js';
export {
  attribute,
  type AttributeReader,
  type AttributeSet,
  type Decoded,
  type Definition,
  list,
  nest,
  type Nest,
  type ReaderOf,
  type Shape,
  type UnknownAttribute,
  type Values,
} from './schema/definition.js';
export { zstring } from './schema/string.js';
export { ITEMS_PER_SLICE, TimeSlice } from './time-slice.js';
export { LITTLE_ENDIAN } from './wire/align.js';
export { SOCKET } from './wire/constants.js';
export { Writer } from './wire/writer.js';
