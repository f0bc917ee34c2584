import {
  type Family,
  HEADER_BYTES,
  LITTLE_ENDIAN,
  type Request,
  writeRequest,
  Writer,
} from '@ipvs-ts/netlink';
import type { Call } from './call.js';
import { MESSAGE } from './schema/message.js';

/** An IPv4 address as a number, and a port. */
export interface PlainEndpoint {
  readonly address: number;
  readonly port: number;
}

/** A service over IPv4; its protocol by number. */
export interface PlainService extends PlainEndpoint {
  readonly protocol: number;
}

/** Where the attributes of a message start. */
export const ATTRIBUTES_AT = HEADER_BYTES.MESSAGE + HEADER_BYTES.GENERIC;

/** A request in bytes, and where in them its values are. */
export class Template {
  readonly call: Call;
  readonly message: Uint8Array;
  readonly view: DataView;
  readonly #at: ReturnType<typeof places>;
  #service: PlainService | undefined;

  constructor(family: Family, call: Call) {
    this.call = call;
    this.message = encode(new Writer(), family, call).slice();
    this.view = new DataView(this.message.buffer);
    this.#at = places(this.view);
  }

  setService(service: PlainService): void {
    if (service === this.#service) return;
    const view = this.view;
    const at = this.#at;
    view.setUint16(at.protocol, service.protocol, LITTLE_ENDIAN);
    view.setUint32(at.address, service.address);
    view.setUint16(at.port, service.port);
    this.#service = service;
  }

  setDestination(address: number, port: number, forwarding: number, weight: number): void {
    const view = this.view;
    const at = this.#at;
    view.setUint32(at.real, address);
    view.setUint16(at.realPort, port);
    view.setUint32(at.forwarding, forwarding, LITTLE_ENDIAN);
    view.setUint32(at.weight, weight, LITTLE_ENDIAN);
  }
}

/** The request of a call, its sequence number left open. It is valid until the writer is used again. */
export function encode(writer: Writer, family: Family, { operation, values, encoded }: Call): Uint8Array {
  writer.clear();
  writeRequest(writer, family, operation as Request['operation'], encoded ?? values, { seq: 0 });
  return writer.written();
}

/** Where the payloads lie that are patched; 0 for those that a request of this kind has not. */
function places(
  view: DataView,
): Record<'protocol' | 'address' | 'port' | 'real' | 'realPort' | 'forwarding' | 'weight', number> {
  const { service, destination } = MESSAGE.window().load(view, ATTRIBUTES_AT, view.byteLength);
  return {
    protocol: service?.payload('protocol', 2) ?? 0,
    address: service?.payload('address', 16) ?? 0,
    port: service?.payload('port', 2) ?? 0,
    real: destination?.payload('address', 16) ?? 0,
    realPort: destination?.payload('port', 2) ?? 0,
    forwarding: destination?.payload('forwarding', 4) ?? 0,
    weight: destination?.payload('weight', 4) ?? 0,
  };
}
