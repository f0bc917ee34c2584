import { LITTLE_ENDIAN, type Operation, type Shape, Writer } from '@ipvs-ts/netlink';
import { writeRequest } from '@ipvs-ts/netlink/bulk';
import { Messages } from '@ipvs-ts/netlink/testing';
import { type Call, OPERATIONS } from '@ipvs-ts/ipvs';
import { bytesOf, hexOf, RECORDED_ID } from './recordings.js';

const MESSAGE = OPERATIONS.newService.request;
export const ACK = 4;
export const WEB = 'tcp:10.0.0.1:80';
export const WEB6 = 'tcp:[2001:db8::1]:443';

/** The request of a call, without sequence number and port id. */
export function requestOf({ operation, values }: Call, flags = ACK): Uint8Array {
  const writer = new Writer();
  const family = { name: 'IPVS', id: RECORDED_ID, version: 1 };
  writeRequest(writer, family, operation as Operation<Shape, Shape>, values, { seq: 0, flags });
  return writer.written();
}

/** A recorded request with the family id of {@link requestOf}, and no sequence number and port id. */
export function recorded(hex: string): Uint8Array {
  const bytes = bytesOf(hex);
  const view = new DataView(bytes.buffer);
  view.setUint16(4, RECORDED_ID, LITTLE_ENDIAN);
  bytes.fill(0, 8, 16);
  return bytes;
}

/** The same without the nested flag of the top-level attributes, which is optional. */
export function plain(bytes: Uint8Array): Uint8Array {
  const copy = bytes.slice();
  const view = new DataView(copy.buffer);
  for (let at = 20; at < copy.length; at += (view.getUint16(at, LITTLE_ENDIAN) + 3) & ~3)
    view.setUint16(at + 2, view.getUint16(at + 2, LITTLE_ENDIAN) & 0x3fff, LITTLE_ENDIAN);
  return copy;
}

/** The attributes of a request by name. */
export function decoded(bytes: Uint8Array) {
  const message = new Messages(bytes);
  message.next();
  return MESSAGE.reader()
    .load(message.view, message.start + 4, message.end)
    .decode();
}

/** What identifies a service; only NEW_SERVICE and SET_SERVICE read the rest of SERVICE. */
export function identity(bytes: Uint8Array) {
  const { family, protocol, address, port, fwmark } = decoded(bytes).service ?? {};
  return { family, protocol, address, port, fwmark };
}

/** The bytes of the attribute `number` of the top level. */
export function attributeOf(bytes: Uint8Array, number: number): string {
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.length);
  for (let at = 20; at < bytes.length;) {
    const length = view.getUint16(at, LITTLE_ENDIAN);
    if ((view.getUint16(at + 2, LITTLE_ENDIAN) & 0x3fff) === number)
      return hexOf(bytes.subarray(at, at + length));
    at += (length + 3) & ~3;
  }
  return '';
}
