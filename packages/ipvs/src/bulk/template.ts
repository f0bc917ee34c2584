import { type Family, type ReaderOf, type Request, Writer } from '@ipvs-ts/netlink';
import { type EncodedRequest, HEADER_BYTES, type Place, writeRequest } from '@ipvs-ts/netlink/bulk';
import type { Call } from '../calls/call.js';
import { MESSAGE } from '../schema/message.js';

/**
 * The values that identify a service or destination, and the other plain values of destinations. For IPv6, `address` is
 * the first word of four.
 */
export type PlainValue =
  'protocol' | 'address' | 'port' | 'fwmark' | 'real' | 'realPort' | 'forwarding' | 'weight';

/** The offset of the attributes in a message. */
export const ATTRIBUTES_AT = HEADER_BYTES.MESSAGE + HEADER_BYTES.GENERIC;

type Found = ReaderOf<(typeof MESSAGE)['attributes']>;

/** The encoding of each value in a request, and the offset of its payload. */
const VALUES: Readonly<Record<PlainValue, readonly [Place['as'], (found: Found) => number | undefined]>> = {
  protocol: ['u16', ({ service }) => service?.payload('protocol', 2)],
  address: ['be32', ({ service }) => service?.payload('address', 16)],
  port: ['be16', ({ service }) => service?.payload('port', 2)],
  fwmark: ['u32', ({ service }) => service?.payload('fwmark', 4)],
  real: ['be32', ({ destination }) => destination?.payload('address', 16)],
  realPort: ['be16', ({ destination }) => destination?.payload('port', 2)],
  forwarding: ['u32', ({ destination }) => destination?.payload('forwarding', 4)],
  weight: ['u32', ({ destination }) => destination?.payload('weight', 4)],
};

/** An encoded request, to be copied with other values. */
export class Template implements EncodedRequest {
  readonly message: Uint8Array;
  readonly view: DataView;

  constructor(family: Family, call: Call) {
    const writer = new Writer();
    writeCall(writer, family, call, 0);
    this.message = writer.written().slice();
    this.view = new DataView(this.message.buffer);
  }

  /** Returns the places of values in the request. Throws a TypeError for a value that it does not have. */
  places(values: readonly PlainValue[]): Place[] {
    const { byteLength } = this.message;
    const found = MESSAGE.reader().load(this.view, ATTRIBUTES_AT, byteLength);
    return values.map((value) => {
      const [as, start] = VALUES[value];
      const at = start(found);
      if (at === undefined) throw new TypeError(`the request has no ${value}`);
      return { as, at };
    });
  }
}

/** Writes the request of a call to `family`. */
export function writeCall(
  writer: Writer,
  family: Family,
  { operation, values, encoded }: Call,
  seq: number,
): void {
  writeRequest(writer, family, operation as Request['operation'], encoded ?? values, { seq });
}
