import type { IpvsKernel } from '@ipvs-ts/ipvs/testing';
import type { TransportSync } from '@ipvs-ts/netlink';
import { doubleTransportSync } from '@ipvs-ts/netlink/testing';

/** Changes the datagrams that answer a request. */
export type Alter = (datagrams: Uint8Array[], request: Uint8Array) => Uint8Array[];

/** A kernel whose answers are changed before they are received. */
export class AlteredKernel implements TransportSync {
  readonly capacity = 8192;
  readonly #inner: TransportSync;
  #queue: Uint8Array[] = [];
  alter: Alter | undefined;

  constructor(kernel: IpvsKernel) {
    this.#inner = doubleTransportSync(kernel, 8192);
  }

  send(bytes: Uint8Array): void {
    const request = bytes.slice();
    this.#inner.send(bytes);
    const answers: Uint8Array[] = [];
    for (let next = this.#inner.receive(); next !== undefined; next = this.#inner.receive())
      answers.push(next.slice());
    this.#queue = this.alter?.(answers, request) ?? answers;
  }

  receive(): Uint8Array | undefined {
    return this.#queue.shift();
  }

  close(): void {
    this.#queue = [];
  }
}
