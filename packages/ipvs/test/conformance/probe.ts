import { EXTENDED_ACK, Messages, NLM_F, NLMSG } from '@ipvs-ts/netlink/testing';
import { errnoName, LITTLE_ENDIAN, type TransportSync } from '@ipvs-ts/netlink';
import { IpvsSync, OPERATIONS } from '@ipvs-ts/ipvs';
import { type Bytes, INFO, MESSAGE, service, type ServiceValues } from './attributes.js';

type OperationName = keyof typeof OPERATIONS;

/** Settings of one raw request that differ from what a client would send. */
export interface Oddity {
  readonly command?: number;
  readonly flags?: number;
  readonly type?: number;
  readonly version?: number;
  readonly reserved?: number;
  /** Bytes after the attributes. */
  readonly trailing?: readonly number[];
  /** Overrides nlmsg_len. */
  readonly length?: number;
  /** Bytes of the generic header that are sent; 4 by default. */
  readonly header?: number;
}

/** The attributes of a reply by the names of the schema, without counters. */
export type Fields = Readonly<Record<string, unknown>>;

/** Sends requests of any kind to a real IPVS or a double, and describes the answers in words. */
export class Probe {
  readonly #open: () => TransportSync;
  readonly #transport: TransportSync;
  readonly #wait: (milliseconds: number) => void;
  #seq = 0;
  #familyId: number | undefined;

  /** `wait` waits for threads of the kernel. */
  constructor(open: () => TransportSync, wait: (milliseconds: number) => void) {
    this.#open = open;
    this.#transport = open();
    this.#wait = wait;
  }

  get familyId(): number {
    this.#familyId ??= this.#lookUp();
    return this.#familyId;
  }

  close(): void {
    this.#transport.close();
  }

  wait(milliseconds: number): void {
    this.#wait(milliseconds);
  }

  /** Runs `work` on the API, on a socket of its own. */
  api<T>(work: (ipvs: IpvsSync) => T): T {
    using ipvs = IpvsSync.open({ transport: this.#open() });
    return work(ipvs);
  }

  /** The bytes of one request. */
  message(name: OperationName, attributes: readonly Bytes[] = [], oddity: Oddity = {}): Bytes {
    const { command, mode } = OPERATIONS[name];
    const dump = mode === 'dump' ? NLM_F.DUMP : NLM_F.ACK;
    const header = Uint8Array.of(oddity.command ?? command, oddity.version ?? 1, 0, 0);
    header[2] = oddity.reserved ?? 0;
    const body = Buffer.concat([
      header.subarray(0, oddity.header ?? 4),
      ...attributes,
      Uint8Array.from(oddity.trailing ?? []),
    ]);
    const bytes = Buffer.alloc((16 + body.length + 3) & ~3);
    const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.length);
    view.setUint32(0, oddity.length ?? 16 + body.length, LITTLE_ENDIAN);
    view.setUint16(4, oddity.type ?? this.familyId, LITTLE_ENDIAN);
    view.setUint16(6, oddity.flags ?? NLM_F.REQUEST | dump, LITTLE_ENDIAN);
    view.setUint32(8, ++this.#seq, LITTLE_ENDIAN);
    bytes.set(body, 16);
    return bytes;
  }

  /** Sends messages in one send. Returns a word, or the fields of a reply, for each message received. */
  send(...messages: readonly Bytes[]): (string | Fields)[] {
    return this.datagrams(...messages).flatMap((datagram) => words(datagram));
  }

  /** The same as bytes. */
  datagrams(...messages: readonly Bytes[]): Uint8Array[] {
    this.#transport.send(Buffer.concat(messages));
    const datagrams: Uint8Array[] = [];
    for (let next = this.#transport.receive(); next !== undefined; next = this.#transport.receive())
      datagrams.push(next.slice());
    return datagrams;
  }

  /** Executes one "do": `ok`, the name of an errno, or `silence`. */
  do(name: OperationName, ...attributes: readonly Bytes[]): string {
    return this.odd(name, {}, ...attributes);
  }

  /** The same for an unusual request. */
  odd(name: OperationName, oddity: Oddity, ...attributes: readonly Bytes[]): string {
    const answers = this.send(this.message(name, attributes, oddity));
    return answers.map((answer) => (typeof answer === 'string' ? answer : 'reply')).join(', ') || 'silence';
  }

  /** Fields of the one reply to a "do"; the name of an errno if there is none. */
  get(name: OperationName, attributes: readonly Bytes[], ...fields: readonly string[]): unknown {
    const [answer] = this.send(this.message(name, attributes, { flags: NLM_F.REQUEST }));
    return pick(answer, fields);
  }

  /** Fields of a service. */
  service(values: ServiceValues, ...fields: readonly string[]): unknown {
    return this.get('getService', [service(values)], ...fields);
  }

  /** Fields of each message of a dump, in order; then the word that ends it, unless it is `done`. */
  dump(name: OperationName, attributes: readonly Bytes[], ...fields: readonly string[]): unknown[] {
    const answers = this.send(this.message(name, attributes));
    if (answers.at(-1) === 'done') answers.pop();
    return answers.map((answer) => pick(answer, fields));
  }

  #lookUp(): number {
    const name = Buffer.from('0900020049505653000000', 'hex');
    const bytes = this.message('flush', [Buffer.concat([name, Buffer.alloc(1)])], { type: 16, command: 3 });
    const [datagram] = this.datagrams(bytes);
    const message = new Messages(datagram ?? new Uint8Array());
    // The id is the second attribute, after the name in 12 bytes.
    if (!message.next() || message.type !== 16) throw new Error('there is no IPVS here');
    return message.view.getUint16(message.start + 4 + 12 + 4, LITTLE_ENDIAN);
  }
}

function pick(answer: string | Fields | undefined, fields: readonly string[]): unknown {
  if (answer === undefined) return 'silence';
  if (typeof answer === 'string' || fields.length === 0) return answer;
  if (fields.length === 1) return answer[fields[0] as string] ?? null;
  return fields.map((field) => answer[field] ?? null);
}

function words(datagram: Uint8Array): (string | Fields)[] {
  const found: (string | Fields)[] = [];
  for (const message = new Messages(datagram); message.next();) {
    if (message.type === NLMSG.ERROR || message.type === NLMSG.DONE) found.push(verdict(message));
    else found.push(fieldsOf(message));
  }
  return found;
}

/** `ok`, `done` or the name of an errno, with the kernel's message if there is one. */
function verdict({ view, type, flags, start, end }: Messages): string {
  const errno = -view.getInt32(start, LITTLE_ENDIAN);
  const word = errno !== 0 ? errnoName(errno) : type === NLMSG.DONE ? 'done' : 'ok';
  if ((flags & NLM_F.ACK_TLVS) === 0) return word;
  const capped = type === NLMSG.ERROR ? 4 + 16 : 4;
  const { message, offset } = EXTENDED_ACK.reader().load(view, start + capped, end);
  return `${word} "${message ?? ''}"${offset === undefined ? '' : ` at ${offset}`}`;
}

function fieldsOf({ view, start, end }: Messages): Fields {
  const command = view.getUint8(start);
  if (command === 14)
    return INFO.reader()
      .load(view, start + 4, end)
      .decode();
  const reader = MESSAGE.reader().load(view, start + 4, end);
  const { service: found, destination, daemon } = reader.decode();
  const values = found ?? destination ?? daemon ?? reader.decode();
  return Object.fromEntries(
    Object.entries(values)
      .filter(([name]) => name !== 'stats' && name !== 'stats64')
      .map(([name, value]) => [
        name,
        value instanceof Uint8Array ? Buffer.from(value).toString('hex') : value,
      ]),
  );
}
