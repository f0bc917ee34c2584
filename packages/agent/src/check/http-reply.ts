import { md5 } from './md5.js';

/** The parts of an HTTP reply that checks use. */
export interface HttpReply {
  readonly status: number;
  /** The first 64 KiB of the body, chunks joined, as UTF-8. */
  readonly body: string;
  /** MD5 sum of the whole body, if the check needs it. */
  readonly digest?: string;
  /** Whether the whole searched part of the body has arrived. */
  readonly complete: boolean;
}

/** The most bytes of headers; a server that sends more fails. */
const MOST_HEADER_BYTES = 65_536;
/** The most bytes of a body to search. */
const MOST_BODY_BYTES = 65_536;
/** The most bytes of a body to digest; a server that sends more fails. */
const MOST_DIGEST_BYTES = 1_048_576;

/** What a reply begins with. */
const BEGINNING = 'HTTP/1.';
/** The most characters of a first line. */
const LONGEST_LINE = 100;

type Framing =
  | { readonly kind: 'none' }
  | { readonly kind: 'length'; readonly bytes: number }
  | { readonly kind: 'chunked' }
  | { readonly kind: 'until close' };

const NO_BODY: Framing = { kind: 'none' };

/** What a check needs of a reply. */
export interface WantedReply {
  readonly method: string;
  readonly body: string | undefined;
  readonly digest: string | undefined;
}

/** Reads an HTTP/1 reply from the bytes of a connection, as far as a check needs it. */
export class HttpReader {
  readonly #method: string;
  readonly #needsBody: boolean;
  readonly #needsDigest: boolean;
  #bytes: Uint8Array = new Uint8Array(0);
  #status: number | undefined;
  #framing: Framing | undefined;
  #bodyAt = 0;

  /** A check without `body` and `digest` needs only the head of a reply. */
  constructor({ method, body, digest }: WantedReply) {
    this.#method = method;
    this.#needsBody = body !== undefined || digest !== undefined;
    this.#needsDigest = digest !== undefined;
  }

  /**
   * Takes `bytes` that the server sent, which are not kept; `ended`: it sends no more. Returns the reply once enough of
   * it has arrived, the text of an error if it is not HTTP, and undefined while more is needed.
   */
  read(bytes: Uint8Array, ended = false): HttpReply | string | undefined {
    const isFirst = this.#bytes.length === 0;
    const reply = this.#read(bytes, ended);
    // The caller reuses the buffer.
    if (reply === undefined && isFirst) this.#bytes = this.#bytes.slice();
    return reply;
  }

  #read(bytes: Uint8Array, ended: boolean): HttpReply | string | undefined {
    if (this.#bytes.length === 0) this.#bytes = bytes;
    else if (bytes.length > 0) {
      const joined = new Uint8Array(this.#bytes.length + bytes.length);
      joined.set(this.#bytes);
      joined.set(bytes, this.#bytes.length);
      this.#bytes = joined;
    }
    while (this.#framing === undefined) {
      const head = this.#readHead(ended);
      if (head !== 'read') return head?.error;
    }
    return this.#readBody(ended);
  }

  #readHead(ended: boolean): 'read' | { readonly error: string } | undefined {
    const early = notHttp(this.#bytes);
    if (early !== undefined) return { error: early };
    const end = endOfHead(this.#bytes);
    if (end === undefined) {
      if (this.#bytes.length > MOST_HEADER_BYTES)
        return { error: `more than ${MOST_HEADER_BYTES} bytes of headers` };
      if (!ended) return undefined;
      const where = this.#bytes.length === 0 ? 'without a reply' : 'inside the headers';
      return { error: `the server closed the connection ${where}` };
    }
    const first = firstLine(this.#bytes);
    const status = /^HTTP\/1\.[01] (\d{3})(?: |$)/.exec(first)?.[1];
    if (status === undefined)
      return { error: `the reply is not HTTP: ${JSON.stringify(first.slice(0, 60))}` };
    if (status.startsWith('1') && status !== '101') {
      // 100 Continue and 103 Early Hints come before the reply.
      this.#bytes = this.#bytes.subarray(end);
      return 'read';
    }
    this.#status = Number(status);
    this.#bodyAt = end;
    // The length of the body does not matter if it is not searched.
    this.#framing = this.#needsBody
      ? framing(this.#method, this.#status, latin1(this.#bytes.subarray(0, end)).split(/\r?\n/).slice(1))
      : NO_BODY;
    return 'read';
  }

  #readBody(ended: boolean): HttpReply | string | undefined {
    const status = this.#status as number;
    if (!this.#needsBody) return { status, body: '', complete: true };
    const raw = this.#bytes.subarray(this.#bodyAt);
    const most = this.#needsDigest ? MOST_DIGEST_BYTES + 1 : MOST_BODY_BYTES;
    const body = bodyOf(this.#framing as Framing, raw, ended, most);
    if (body === undefined) return ended ? 'the server closed the connection inside the body' : undefined;
    if (typeof body === 'string') return body;
    if (this.#needsDigest && body.length > MOST_DIGEST_BYTES)
      return `the body has more than ${MOST_DIGEST_BYTES} bytes, too many for a digest`;
    return {
      status,
      body: new TextDecoder().decode(body.subarray(0, MOST_BODY_BYTES)),
      ...(this.#needsDigest && { digest: md5(body) }),
      complete: true,
    };
  }
}

/** Finds bytes that cannot be an HTTP reply, even before a whole line has arrived. */
function notHttp(bytes: Uint8Array): string | undefined {
  for (let index = 0; index < BEGINNING.length && index < bytes.length; index++)
    if (bytes[index] !== BEGINNING.charCodeAt(index))
      return `the reply is not HTTP: ${JSON.stringify(latin1(bytes.subarray(0, 60)))}`;
  return undefined;
}

/** The first line, clipped to what a status and an error need. */
function firstLine(bytes: Uint8Array): string {
  const end = bytes.indexOf(10);
  return String.fromCharCode(...bytes.subarray(0, Math.min(end, LONGEST_LINE))).replace(/\r$/, '');
}

/** The offset of the body; undefined while the headers are incomplete. */
function endOfHead(bytes: Uint8Array): number | undefined {
  for (let index = bytes.indexOf(10); index !== -1; index = bytes.indexOf(10, index + 1)) {
    if (bytes[index + 1] === 10) return index + 2;
    if (bytes[index + 1] === 13 && bytes[index + 2] === 10) return index + 3;
  }
  return undefined;
}

function framing(method: string, status: number, lines: readonly string[]): Framing {
  if (method === 'HEAD' || status === 204 || status === 304) return { kind: 'none' };
  const header = (name: string): string | undefined =>
    lines
      .find((line) => line.toLowerCase().startsWith(`${name}:`))
      ?.slice(name.length + 1)
      .trim();
  if (/(^|,)\s*chunked\s*$/i.test(header('transfer-encoding') ?? '')) return { kind: 'chunked' };
  const length = header('content-length');
  if (length !== undefined && /^\d{1,15}$/.test(length)) return { kind: 'length', bytes: Number(length) };
  return { kind: 'until close' };
}

/** Returns the searched part of the body; undefined while more is needed; or the text of an error. */
function bodyOf(
  how: Framing,
  raw: Uint8Array,
  ended: boolean,
  most: number,
): Uint8Array | string | undefined {
  switch (how.kind) {
    case 'none':
      return new Uint8Array(0);
    case 'length':
      return raw.length >= Math.min(how.bytes, most) ? raw.subarray(0, how.bytes) : undefined;
    case 'until close':
      return ended || raw.length >= most ? raw : undefined;
    case 'chunked':
      return unchunked(raw, most);
  }
}

function unchunked(raw: Uint8Array, most: number): Uint8Array | string | undefined {
  const body: number[] = [];
  for (let at = 0; ;) {
    const newline = raw.indexOf(10, at);
    if (newline === -1) return raw.length - at > 1000 ? 'a chunk of the body has no size' : undefined;
    const size = /^([0-9a-f]{1,8})\s*(?:;.*)?\r?$/i.exec(latin1(raw.subarray(at, newline)))?.[1];
    if (size === undefined) return 'a chunk of the body has no size';
    const length = Number.parseInt(size, 16);
    if (length === 0) return Uint8Array.from(body);
    const end = newline + 1 + length;
    for (const byte of raw.subarray(newline + 1, Math.min(end, newline + 1 + most - body.length)))
      body.push(byte);
    if (body.length >= most) return Uint8Array.from(body);
    if (raw.length < end + 1) return undefined;
    at = raw[end] === 13 ? end + 2 : end + 1;
  }
}

const LATIN1 = new TextDecoder('latin1');

function latin1(bytes: Uint8Array): string {
  return LATIN1.decode(bytes);
}
