/**
 * Converts text to messages and messages to text in WebAssembly, for tens of thousands of similar requests and answers.
 * Programs import it where they choose between this way and the ordinary one.
 *
 * @packageDocumentation
 */
export { DumpLister, type NameMessage, type RecordOrder } from './bulk/dump-lister.js';
export {
  type AddressedRequest,
  type DumpForm,
  type DumpOptions,
  type DumpRecords,
  type FormLines,
  keptPart,
  type RecordValue,
} from './bulk/dump-record.js';
export type { LineCondition, LineKind, LinePart } from './bulk/line-steps.js';
export type { MessageLayoutOptions, WantedAttribute } from './bulk/message-layout.js';
export { type Pattern, PatternEncoder } from './bulk/pattern-encoder.js';
export type { Place } from './bulk/wasm.js';
export type { DatagramReader, Progress } from './client/scan.js';
export { writeRequest } from './protocol/generic.js';
export {
  type EncodedRequest,
  type EncodedRun,
  type EncoderRoom,
  type Limits,
  type RequestEncoder,
  SendBuffer,
} from './protocol/send-buffer.js';
export { type Attribute, attributes } from './wire/attribute.js';
export { HEADER_BYTES } from './wire/constants.js';
