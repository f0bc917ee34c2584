import type { TransportSync } from '@ipvs-ts/netlink';

/** A kernel that repeats recorded answers to the same requests in the same order. */
export class Replay implements TransportSync {
  readonly capacity = 8192;
  readonly #inner: TransportSync;
  readonly #answers: Uint8Array[][] = [];
  #recording = true;
  #asked = -1;
  #next = 0;

  constructor(inner: TransportSync) {
    this.#inner = inner;
  }

  /** Records the answers from now on. */
  forget(): void {
    this.#recording = true;
    this.#answers.length = 0;
    this.#asked = -1;
  }

  /** Replays the recorded answers from now on. Each run of the same requests begins with this. */
  rewind(): void {
    this.#recording = false;
    this.#asked = -1;
  }

  send(bytes: Uint8Array): void {
    this.#asked += 1;
    this.#next = 0;
    if (this.#recording) {
      this.#answers.push([]);
      this.#inner.send(bytes);
      return;
    }
    const seq = new DataView(bytes.buffer, bytes.byteOffset).getUint32(8, true);
    for (const answer of this.#answers[this.#asked] ?? []) renumber(answer, seq);
  }

  receive(): Uint8Array | undefined {
    if (!this.#recording) return this.#answers[this.#asked]?.[this.#next++];
    const answer = this.#inner.receive();
    if (answer !== undefined) this.#answers[this.#asked]?.push(answer.slice());
    return answer;
  }

  close(): void {
    this.#inner.close();
  }
}

function renumber(datagram: Uint8Array, seq: number): void {
  const view = new DataView(datagram.buffer, datagram.byteOffset, datagram.byteLength);
  for (let at = 0; at < view.byteLength; at += (view.getUint32(at, true) + 3) & ~3)
    view.setUint32(at + 8, seq, true);
}
