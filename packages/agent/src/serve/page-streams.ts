import { randomBytes } from 'node:crypto';
import type { ServerResponse } from 'node:http';
import { Journal } from '../page/journal.js';
import type { PageFeed } from '../page/page-feed.js';
import type { Beat, Change } from '../page/wire.js';

/** Bytes of changes to keep for pages that reconnect. */
const KEPT = 4 * 1024 * 1024;
/** The most bytes that wait for a page. Beyond them it gets nothing until it has read them, and then what it missed. */
const MOST_WAITING = 256 * 1024;

interface Client {
  readonly response: ServerResponse;
  /** The last message that was written. */
  position: number;
  /** Whether it reads more slowly than messages are written. */
  behind: boolean;
}

/**
 * The streams of server-sent events of all pages: each message is created once, and written to all that can accept it.
 */
export class PageStreams {
  readonly #feed: PageFeed;
  readonly #beat: () => Beat;
  readonly #instance = randomBytes(6).toString('hex');
  readonly #journal = new Journal<Buffer>(KEPT);
  readonly #clients = new Set<Client>();
  #snapshot: { readonly id: number; readonly message: Buffer } | undefined;

  constructor(feed: PageFeed, beat: () => Beat) {
    this.#feed = feed;
    this.#beat = beat;
  }

  /** Pages that are open. */
  get size(): number {
    return this.#clients.size;
  }

  /** Begins a stream, with the messages after the one with id `after` if possible, otherwise with the whole content. */
  open(response: ServerResponse, after: string | undefined, onClose: () => void): void {
    response.writeHead(200, {
      'Content-Type': 'text/event-stream; charset=utf-8',
      'Cache-Control': 'no-store',
      'X-Content-Type-Options': 'nosniff',
    });
    const [instance, id] = (after ?? '').split('.');
    const client: Client = {
      response,
      position: instance === this.#instance && id !== undefined ? Number(id) : NaN,
      behind: false,
    };
    this.#clients.add(client);
    response.on('drain', () => {
      client.behind = false;
      this.#catchUp(client);
    });
    response.on('close', () => {
      this.#clients.delete(client);
      onClose();
    });
    response.write(this.#beatMessage());
    this.#catchUp(client);
  }

  /** Sends what has changed. */
  send(change: Change): void {
    const id = this.#journal.last + 1;
    const message = this.#message('change', change, id);
    this.#journal.add(message, message.length);
    this.#snapshot = undefined;
    for (const client of this.#clients) this.#catchUp(client);
  }

  /** Sends a beat to all pages. */
  beat(): void {
    const message = this.#beatMessage();
    for (const { behind, response } of this.#clients) if (!behind) response.write(message);
  }

  /** Ends all streams. */
  close(): void {
    for (const { response } of this.#clients) response.destroy();
  }

  #catchUp(client: Client): void {
    if (client.behind || client.position === this.#journal.last) return;
    const missed = this.#journal.after(client.position);
    client.position = this.#journal.last;
    if (missed === undefined) client.response.write(this.#snapshotMessage());
    else for (const { message } of missed) client.response.write(message);
    client.behind = client.response.writableLength > MOST_WAITING;
  }

  #snapshotMessage(): Buffer {
    const { last } = this.#journal;
    if (this.#snapshot?.id !== last)
      this.#snapshot = { id: last, message: this.#message('snapshot', this.#feed.snapshot(), last) };
    return this.#snapshot.message;
  }

  #message(event: string, data: unknown, id: number): Buffer {
    return Buffer.from(`event: ${event}\nid: ${this.#instance}.${id}\ndata: ${JSON.stringify(data)}\n\n`);
  }

  #beatMessage(): string {
    return `event: beat\ndata: ${JSON.stringify(this.#beat())}\n\n`;
  }
}
