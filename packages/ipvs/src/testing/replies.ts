import { LITTLE_ENDIAN, Writer } from '@ipvs-ts/netlink';
import {
  align4,
  beginMessage,
  endMessage,
  EXTENDED_ACK,
  HEADER_BYTES,
  type Messages,
  NLA_F_NESTED,
  NLM_F,
  NLMSG,
  PORT_AT,
} from '@ipvs-ts/netlink/testing';
import { writeInteger } from './counters.js';
import { describeRule, POLICY, POLICY_PAD, ruleOf } from './policy.js';
import type { Body, Remark } from './result.js';

/** `NLMSGERR_ATTR_POLICY` */
const POLICY_ATTRIBUTE = 4;

/** What the answers to one request depend on. */
export interface Frame {
  /** The request. */
  readonly message: Messages;
  /** Port id of the client. */
  readonly portId: number;
  /** Version that the family writes into its messages. */
  readonly version: number;
  readonly pads: boolean;
  /** NETLINK_CAP_ACK and NETLINK_EXT_ACK of the client's socket. */
  readonly capAck: boolean;
  readonly extAck: boolean;
}

/** A datagram with the one message that answers a "do". */
export function replyDatagram(frame: Frame, body: Body): Uint8Array {
  const writer = new Writer();
  writeBody(writer, frame, body, 0);
  return writer.written();
}

/** The datagrams of a dump, each with as many messages as fit into `chunkBytes`; the end is a separate datagram. */
export function dumpDatagrams(
  frame: Frame,
  bodies: readonly Body[],
  remark: Remark | undefined,
  chunkBytes: number,
): Uint8Array[] {
  const datagrams: Uint8Array[] = [];
  let writer = new Writer();
  for (const body of bodies) {
    const before = writer.length;
    writeBody(writer, frame, body, NLM_F.MULTI);
    if (writer.length <= chunkBytes || before === 0) continue;
    writer.cut(before);
    datagrams.push(writer.written());
    writer = new Writer();
    writeBody(writer, frame, body, NLM_F.MULTI);
  }
  if (writer.length > 0) datagrams.push(writer.written());
  return [...datagrams, doneDatagram(frame, remark)];
}

/** NLMSG_DONE: a status, and optionally a text. */
function doneDatagram(frame: Frame, remark: Remark | undefined): Uint8Array {
  const writer = new Writer();
  const withRemark = frame.extAck && remark !== undefined;
  const at = begin(writer, frame, NLMSG.DONE, NLM_F.MULTI | (withRemark ? NLM_F.ACK_TLVS : 0));
  writer.reserve(4);
  if (withRemark) EXTENDED_ACK.encode(writer, { message: remark.text });
  endMessage(writer, at);
  return writer.written();
}

/** NLMSG_ERROR: an acknowledgement with errno 0, else a failure. */
export function verdictDatagram(frame: Frame, errno: number, remark: Remark | undefined): Uint8Array {
  const { message, capAck, extAck } = frame;
  const capped = errno === 0 || capAck;
  const withRemark = extAck && remark !== undefined;
  const flags = (capped ? NLM_F.CAPPED : 0) | (withRemark ? NLM_F.ACK_TLVS : 0);
  const writer = new Writer();
  const at = begin(writer, frame, NLMSG.ERROR, flags);
  writer.view.setInt32(writer.reserve(4), -errno, LITTLE_ENDIAN);
  const echoed = capped ? HEADER_BYTES.MESSAGE : message.end - message.at;
  const to = writer.reserve(echoed);
  const { buffer, byteOffset } = message.view;
  writer.bytes.set(new Uint8Array(buffer, byteOffset + message.at, echoed), to);
  if (withRemark) writeRemark(writer, frame, errno, remark);
  else writer.cut(writer.length - align4(echoed) + echoed);
  endMessage(writer, at);
  return writer.written();
}

/** Only errors have the offset and the rule. */
function writeRemark(writer: Writer, { pads }: Frame, errno: number, { text, at, definition }: Remark): void {
  EXTENDED_ACK.encode(writer, { message: text, offset: errno === 0 ? undefined : at });
  const rule = definition === undefined ? undefined : describeRule(ruleOf(definition));
  if (errno === 0 || rule === undefined) return;
  const nest = writer.beginNest(POLICY_ATTRIBUTE | NLA_F_NESTED);
  writeRule(writer, rule, pads);
  writer.endNest(nest);
}

/** Writes the description of a rule. */
export function writeRule(
  writer: Writer,
  rule: NonNullable<ReturnType<typeof describeRule>>,
  pads: boolean,
): void {
  for (const [name, value] of rule)
    writeInteger(writer, POLICY.attributes[name], BigInt(value), pads ? POLICY_PAD : 0);
}

function writeBody(writer: Writer, frame: Frame, { command, write }: Body, flags: number): void {
  const at = begin(writer, frame, frame.message.type, flags);
  const header = writer.reserve(HEADER_BYTES.GENERIC);
  writer.view.setUint8(header, command);
  writer.view.setUint8(header + 1, frame.version);
  write(writer);
  endMessage(writer, at);
}

function begin(writer: Writer, { message, portId }: Frame, type: number, flags: number): number {
  const at = beginMessage(writer, { type, flags, seq: message.seq });
  writer.view.setUint32(at + PORT_AT, portId, LITTLE_ENDIAN);
  return at;
}
