import { type Family, type Request, Writer } from '@ipvs-ts/netlink';
import {
  attributes,
  type EncodedRequest,
  HEADER_BYTES,
  type Place,
  writeRequest,
} from '@ipvs-ts/netlink/bulk';
import type { Call } from '../calls/call.js';
import { DESTINATION } from '../schema/destination.js';
import { MESSAGE } from '../schema/message.js';
import { SERVICE } from '../schema/service.js';

/**
 * The values that identify a service or destination, and the other plain values of destinations. For IPv6, `address` is
 * the first word of four.
 */
export type PlainValue =
  'protocol' | 'address' | 'port' | 'fwmark' | 'real' | 'realPort' | 'forwarding' | 'weight';

/** The offset of the attributes in a message. */
export const ATTRIBUTES_AT = HEADER_BYTES.MESSAGE + HEADER_BYTES.GENERIC;

const { service: OF_SERVICE, destination: OF_DESTINATION } = MESSAGE.attributes;
const { attributes: OF } = SERVICE;
const { attributes: TO } = DESTINATION;

/** The encoding of each value in a request, and the numbers of the attributes that contain it. */
const VALUES: Readonly<Record<PlainValue, readonly [as: Place['as'], nest: number, attribute: number]>> = {
  protocol: ['u16', OF_SERVICE.number, OF.protocol.number],
  address: ['be32', OF_SERVICE.number, OF.address.number],
  port: ['be16', OF_SERVICE.number, OF.port.number],
  fwmark: ['u32', OF_SERVICE.number, OF.fwmark.number],
  real: ['be32', OF_DESTINATION.number, TO.address.number],
  realPort: ['be16', OF_DESTINATION.number, TO.port.number],
  forwarding: ['u32', OF_DESTINATION.number, TO.forwarding.number],
  weight: ['u32', OF_DESTINATION.number, TO.weight.number],
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
    const nests = [...attributes(this.view, ATTRIBUTES_AT, byteLength)];
    return values.map((value) => {
      const [as, outer, inner] = VALUES[value];
      const nest = nests.find(({ type }) => type === outer);
      const found =
        nest && [...attributes(this.view, nest.start, nest.end)].find(({ type }) => type === inner);
      if (found === undefined) throw new TypeError(`the request has no ${value}`);
      return { as, at: found.start };
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
