import { type AttributeSet, type Shape, type Values, Writer } from '@ipvs-ts/netlink';
import { OPERATIONS } from '@ipvs-ts/ipvs';

/** The attribute tables, taken from the operations that use them. */
export const MESSAGE = OPERATIONS.newService.request;
export const SERVICE = MESSAGE.attributes.service.kind.set;
export const DESTINATION = MESSAGE.attributes.destination.kind.set;
export const DAEMON = MESSAGE.attributes.daemon.kind.set;
export const INFO = (OPERATIONS.getInfo.reply as NonNullable<typeof OPERATIONS.getInfo.reply>).attributes;

export type ServiceValues = Values<(typeof SERVICE)['attributes']>;
export type DestinationValues = Values<(typeof DESTINATION)['attributes']>;
export type DaemonValues = Values<(typeof DAEMON)['attributes']>;

/** Encoded attributes. They may be invalid: any bytes can be sent. */
export type Bytes = Uint8Array;

/** Attributes by the names of the schema. */
export function encode<S extends Shape>(set: AttributeSet<S>, values: Values<S>): Bytes {
  const writer = new Writer(64);
  set.encode(writer, values);
  return writer.written().slice();
}

/** One attribute with a payload of any bytes, given as hex or as an array. */
export function raw(number: number, payload: string | readonly number[] | Bytes): Bytes {
  const bytes = typeof payload === 'string' ? Buffer.from(payload, 'hex') : Uint8Array.from(payload);
  const writer = new Writer(64);
  const at = writer.attribute(number, bytes.length);
  writer.bytes.set(bytes, at);
  return writer.written().slice();
}

/** An attribute that holds `parts`. */
export function nest(number: number, ...parts: readonly Bytes[]): Bytes {
  return raw(number, Buffer.concat(parts));
}

/** The SERVICE attribute; `more` goes after the named attributes. */
export function service(values: ServiceValues, ...more: readonly Bytes[]): Bytes {
  return nest(1, encode(SERVICE, values), ...more);
}

/** The DEST attribute. */
export function destination(values: DestinationValues, ...more: readonly Bytes[]): Bytes {
  return nest(2, encode(DESTINATION, values), ...more);
}

/** The DAEMON attribute. */
export function daemon(values: DaemonValues, ...more: readonly Bytes[]): Bytes {
  return nest(3, encode(DAEMON, values), ...more);
}

/** An address in 16 bytes, the unused ones zero. */
export function ip(text: string): Uint8Array {
  const bytes = new Uint8Array(16);
  if (!text.includes(':')) {
    bytes.set(text.split('.').map(Number));
    return bytes;
  }
  const [head = '', tail = ''] = text.split('::').map(groups);
  bytes.set(Buffer.from(head, 'hex'));
  bytes.set(Buffer.from(tail, 'hex'), 16 - tail.length / 2);
  return bytes;
}

function groups(text: string): string {
  if (text === '') return '';
  return text
    .split(':')
    .map((group) => group.padStart(4, '0'))
    .join('');
}

/** The four bytes of an IPv4 mask as the number that NETMASK holds. */
export function mask(text: string): number {
  return new Uint32Array(ip(text).slice(0, 4).buffer)[0] as number;
}
