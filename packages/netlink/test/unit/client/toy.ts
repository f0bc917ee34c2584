import {
  attribute,
  attributeSet,
  type Family,
  type FamilyHandle,
  operation,
  request,
  type Request,
  u32,
  Writer,
} from '@ipvs-ts/netlink';
import { writeRequest } from '@ipvs-ts/netlink/bulk';
import { NLM_F, NLMSG } from '@ipvs-ts/netlink/testing';

/** The attributes of every message of the family TOY. */
export const NUMBER = attributeSet('number', { value: attribute(1, 'VALUE', u32, 'a number') });
const reply = { command: 1, attributes: NUMBER } as const;
export const SET = operation({ name: 'SET', command: 1, mode: 'do', request: NUMBER, doc: '' });
export const GET = operation({ name: 'GET', command: 2, mode: 'do', request: NUMBER, reply, doc: '' });
export const LIST = operation({ name: 'LIST', command: 2, mode: 'dump', request: NUMBER, reply, doc: '' });

/** Requests to the family. */
export function toyRequests(family: Family | FamilyHandle): {
  readonly set: (value: number) => Request<void>;
  readonly get: (value: number) => Request<number>;
  readonly dump: () => Request<number>;
} {
  return {
    set: (value) => request(family, SET, { value }),
    get: (value) => request(family, GET, { value }, (reader) => reader.need('value')),
    dump: () => request(family, LIST, {}, (reader) => reader.need('value')),
  };
}

/** A message with data: a request of `family` without its flags. */
export function dataMessage(family: Family, seq: number, value: number): Uint8Array {
  const writer = new Writer();
  writeRequest(writer, family, SET, { value }, { seq });
  return withoutFlags(writer);
}

/** A copy of a message, its flags 0. */
export function withoutFlags(writer: Writer): Uint8Array {
  writer.view.setUint16(6, 0, true);
  return writer.written().slice();
}

/** NLMSG_ERROR or NLMSG_DONE with an errno. */
export function statusMessage(type: number, seq: number, errno: number): Uint8Array {
  const bytes = Buffer.alloc(type === NLMSG.ERROR ? 36 : 20);
  bytes.writeUInt32LE(bytes.length, 0);
  bytes.writeUInt16LE(type, 4);
  bytes.writeUInt16LE(NLM_F.CAPPED, 6);
  bytes.writeUInt32LE(seq, 8);
  bytes.writeInt32LE(-errno, 16);
  return bytes;
}
