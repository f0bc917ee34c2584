import { calls, IpvsSync } from '@ipvs-ts/ipvs';
import { IpvsKernel } from '@ipvs-ts/ipvs/testing';
import type { TransportSync } from '@ipvs-ts/netlink';
import { CONTROLLER, doubleTransportSync, NLM_F, NLMSG } from '@ipvs-ts/netlink/testing';
import { destinationAddress, serviceAddress, type Size, weightOf } from './workloads.js';

const SERVICE = [10, 201, 202, 203] as const;
const DESTINATION = [172, 211, 212, 213] as const;
const WEIGHT = [0x7b, 0x5a, 0x3c, 0x01] as const;
const MARKED = `tcp:${SERVICE.join('.')}:80`;

/** Bytes of one datagram of a dump. */
const PART_BYTES = 32_000;
const ACK_BYTES = 36;

/** The commands of the family that are answered with more than an acknowledgement. */
const GET_SERVICE = calls.service(MARKED).operation.command;
const GET_DEST = calls.destinations(MARKED).operation.command;
const GET_INFO = calls.info().operation.command;

/** A message with one value to be replaced, which is found by its bytes. */
interface Template {
  readonly bytes: Buffer;
  readonly address: number;
}

/**
 * A kernel that costs next to nothing, so that the rest of the cost is ours. It generates a table of the benchmark of
 * any size, answers with copies of messages that the kernel in memory made once, and acknowledges every change.
 */
export class CostlessKernel implements TransportSync {
  readonly capacity = 8192;
  readonly #size: Size;
  readonly #family: Buffer;
  readonly #info: Buffer;
  readonly #done: Buffer;
  readonly #service: Template;
  readonly #destination: Template;
  readonly #weight: number;
  readonly #asked: number;
  #queue: Iterator<Buffer> = [].values();

  constructor(size: Size) {
    this.#size = size;
    const answers = recorded();
    const [family, info, services, destinations] = answers.map(({ answer }) => answer) as [
      Buffer,
      Buffer,
      Buffer,
      Buffer,
    ];
    this.#family = family;
    this.#info = info;
    const end = services.readUInt32LE(0);
    this.#done = services.subarray(end);
    this.#service = template(services.subarray(0, end), SERVICE);
    this.#destination = template(destinations.subarray(0, destinations.readUInt32LE(0)), DESTINATION);
    this.#weight = placeOf(destinations, WEIGHT);
    this.#asked = placeOf((answers[3] as (typeof answers)[number]).request, SERVICE);
  }

  send(sent: Uint8Array): void {
    const bytes = Buffer.from(sent.buffer, sent.byteOffset, sent.byteLength);
    const acks: Buffer[] = [];
    for (let at = 0; at < bytes.length; at += (bytes.readUInt32LE(at) + 3) & ~3) {
      const [type, flags, seq] = [
        bytes.readUInt16LE(at + 4),
        bytes.readUInt16LE(at + 6),
        bytes.readUInt32LE(at + 8),
      ];
      const command = bytes.readUInt8(at + 16);
      if (type === CONTROLLER.id) acks.push(numbered(this.#family, seq));
      else if (command === GET_INFO) acks.push(numbered(this.#info, seq));
      else if ((flags & NLM_F.DUMP) !== 0) {
        const asked = command === GET_DEST ? bytes.readUInt32BE(at + this.#asked) : 0;
        this.#queue = this.#dump(command, asked, seq);
        return;
      } else if (command === GET_SERVICE) acks.push(this.#one(bytes.readUInt32BE(at + this.#asked), seq));
      else if ((flags & NLM_F.ACK) !== 0) acks.push(acknowledgement(bytes, at, seq));
    }
    this.#queue = acks.values();
  }

  receive(): Uint8Array | undefined {
    const next = this.#queue.next();
    return next.done === true ? undefined : next.value;
  }

  close(): void {
    this.#queue = [].values();
  }

  /** A service that is asked for by itself. */
  #one(address: number, seq: number): Buffer {
    const copy = numbered(this.#service.bytes, seq);
    // Not one of several.
    copy.writeUInt16LE(0, 6);
    copy.writeUInt32BE(address, this.#service.address);
    return copy;
  }

  *#dump(command: number, asked: number, seq: number): Generator<Buffer, void, undefined> {
    const { services, destinations } = this.#size;
    if (command === GET_SERVICE)
      yield* copies(this.#service, services, seq, (copy, index) =>
        copy.writeUInt32BE(serviceAddress(index), this.#service.address),
      );
    if (command === GET_DEST && asked < serviceAddress(services))
      yield* copies(this.#destination, destinations, seq, (copy, index) => {
        copy.writeUInt32BE(destinationAddress(index + 1), this.#destination.address);
        copy.writeUInt32LE(weightOf(index + 1), this.#weight);
      });
    yield numbered(this.#done, seq);
  }
}

/** The requests of opening and of two dumps, with their answers from the kernel in memory. */
function recorded(): { request: Buffer; answer: Buffer }[] {
  const kernel = doubleTransportSync(new IpvsKernel({ module: 'loaded' }), 8192);
  const weight = Buffer.from(WEIGHT).readUInt32LE();
  const filler = IpvsSync.open({ transport: kernel });
  filler.addService(MARKED);
  filler.addDestination(MARKED, `${DESTINATION.join('.')}:8080`, { forwarding: 'masq', weight });
  const all: { request: Buffer; answer: Buffer }[] = [];
  const ipvs = IpvsSync.open({
    transport: {
      capacity: kernel.capacity,
      send: (bytes) => {
        all.push({ request: Buffer.from(bytes), answer: Buffer.alloc(0) });
        kernel.send(bytes);
      },
      receive: () => {
        const answer = kernel.receive();
        const last = all.at(-1);
        if (answer !== undefined && last !== undefined) last.answer = Buffer.concat([last.answer, answer]);
        return answer;
      },
      close: () => kernel.close(),
    },
  });
  ipvs.call(calls.services());
  ipvs.call(calls.destinations(MARKED));
  return all;
}

function template(bytes: Buffer, marked: readonly number[]): Template {
  return { bytes, address: placeOf(bytes, marked) };
}

function placeOf(bytes: Buffer, marked: readonly number[]): number {
  const place = bytes.indexOf(Buffer.from(marked));
  if (place < 0 || bytes.includes(Buffer.from(marked), place + 1))
    throw new Error(`${marked.join('.')} is not once in the message`);
  return place;
}

function numbered(message: Buffer, seq: number): Buffer {
  const copy = Buffer.from(message);
  copy.writeUInt32LE(seq, 8);
  return copy;
}

/** Parts of a dump with `count` copies of a message, each changed by `write`. */
function* copies(
  { bytes }: Template,
  count: number,
  seq: number,
  write: (copy: Buffer, index: number) => void,
): Generator<Buffer, void, undefined> {
  const most = Math.floor(PART_BYTES / bytes.length);
  for (let from = 0; from < count; from += most) {
    const length = Math.min(most, count - from);
    const part = Buffer.allocUnsafe(length * bytes.length);
    for (let index = 0; index < length; index++) {
      const copy = part.subarray(index * bytes.length, (index + 1) * bytes.length);
      bytes.copy(copy);
      copy.writeUInt32LE(seq, 8);
      write(copy, from + index);
    }
    yield part;
  }
}

/** An error of number 0, with the header that it answers. */
function acknowledgement(bytes: Buffer, at: number, seq: number): Buffer {
  const answer = Buffer.alloc(ACK_BYTES);
  answer.writeUInt32LE(ACK_BYTES, 0);
  answer.writeUInt16LE(NLMSG.ERROR, 4);
  answer.writeUInt32LE(seq, 8);
  bytes.copy(answer, 20, at, at + 16);
  return answer;
}
