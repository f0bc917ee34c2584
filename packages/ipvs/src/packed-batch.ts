import { LITTLE_ENDIAN, Writer } from '@ipvs-ts/netlink';
import type { Call } from './call.js';
import { makeCalls } from './calls.js';
import { FORWARDING } from './forwarding.js';
import { MESSAGE } from './schema/message.js';

/** An IPv4 address as a number, and a port. */
export interface PlainEndpoint {
  readonly address: number;
  readonly port: number;
}

/** A service of TCP (6) or UDP (17) over IPv4. */
export interface PlainService extends PlainEndpoint {
  readonly protocol: number;
}

const calls = makeCalls('kernel');
const NOTHING = {};

/**
 * The calls that restores are made of, for those who make tens of thousands in a program that has just started: each
 * kind is encoded once, by the tables, and then copied and patched, in a twentieth of the work. What is given is not
 * checked, and errors name neither service nor destination.
 */
export class PlainCalls {
  readonly #services = new Map<string, Template>();
  readonly #destination = new Template(
    calls.addDestination('tcp:192.0.2.1:1', '192.0.2.1:1', { forwarding: 'masq' }),
  );

  /** Adds a service with a scheduler and nothing else. */
  addService(service: PlainService, scheduler: string): Call<void> {
    let template = this.#services.get(scheduler);
    if (template === undefined)
      this.#services.set(
        scheduler,
        (template = new Template(calls.addService('tcp:192.0.2.1:1', { scheduler }))),
      );
    template.setService(service);
    return template.call();
  }

  /** Adds a destination without thresholds, tunnels excepted. */
  addDestination(
    service: PlainService,
    destination: PlainEndpoint,
    forwarding: 'masq' | 'route' | 'local' | 'bypass',
    weight: number,
  ): Call<void> {
    this.#destination.setService(service);
    this.#destination.setDestination(destination, FORWARDING.indexOf(forwarding), weight);
    return this.#destination.call();
  }
}

/** A request in bytes, and where in them its values are. */
class Template {
  readonly #call: Call<void>;
  readonly #bytes: Uint8Array;
  readonly #view: DataView;
  readonly #at: ReturnType<typeof places>;
  #service: PlainService | undefined;

  constructor(call: Call<void>) {
    const writer = new Writer();
    MESSAGE.encode(writer, call.values);
    this.#bytes = writer.written().slice();
    this.#view = new DataView(this.#bytes.buffer);
    this.#at = places(this.#view);
    this.#call = call;
  }

  setService(service: PlainService): void {
    if (service === this.#service) return;
    const view = this.#view;
    const at = this.#at;
    view.setUint16(at.protocol, service.protocol, LITTLE_ENDIAN);
    view.setUint32(at.address, service.address);
    view.setUint16(at.port, service.port);
    this.#service = service;
  }

  setDestination({ address, port }: PlainEndpoint, forwarding: number, weight: number): void {
    const view = this.#view;
    const at = this.#at;
    view.setUint32(at.real, address);
    view.setUint16(at.realPort, port);
    view.setUint32(at.forwarding, forwarding, LITTLE_ENDIAN);
    view.setUint32(at.weight, weight, LITTLE_ENDIAN);
  }

  call(): Call<void> {
    const { verb, operation } = this.#call;
    return { verb, operation, values: NOTHING, words: 'restore a rule', encoded: this.#bytes.slice() };
  }
}

/** Where the payloads lie that are patched; 0 for those that a request of this kind has not. */
function places(
  view: DataView,
): Record<'protocol' | 'address' | 'port' | 'real' | 'realPort' | 'forwarding' | 'weight', number> {
  const { service, destination } = MESSAGE.window().load(view, 0, view.byteLength);
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
