import { type FSWatcher, watch } from 'node:fs';
import { dirname } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { readFileText } from '../state/read-text.js';
import { digestOf } from '../store/store.js';

/** The text of a source, or why there is none. */
export type SourceText =
  | { readonly text: string; readonly revision: string }
  | { readonly error: string; readonly revision: string };

/** A source of documents. */
export interface DocumentSource {
  /** Its name in messages. */
  readonly name: string;
  /** Starts watching, and calls `changed` with the first text and every later one. */
  start(changed: (text: SourceText) => void): void;
  /** Reads it now. */
  reload(): Promise<void>;
  stop(): void;
}

/** Milliseconds between two readings of the file, since notifications may be lost. */
const LOOK_INTERVAL = 5000;
/** A file must stay the same for so many milliseconds before it is used: an editor may be writing it. */
const SETTLE = 50;
const MOST_READINGS = 40;

/**
 * A document in a file. Its folder is watched, since a rename or a new link replaces the file; in addition, it is read
 * every five seconds.
 */
export class DocumentFile implements DocumentSource {
  readonly name: string;
  #changed: (text: SourceText) => void = () => undefined;
  #watcher: FSWatcher | undefined;
  #timer: NodeJS.Timeout | undefined;
  #last: string | undefined;
  #reading: Promise<void> | undefined;
  #again = false;
  #stopped = false;

  constructor(path: string) {
    this.name = path;
  }

  start(changed: (text: SourceText) => void): void {
    this.#changed = changed;
    this.#timer = setInterval(() => void this.#look(), LOOK_INTERVAL);
    void this.#look();
  }

  async reload(): Promise<void> {
    this.#last = undefined;
    await this.#look();
  }

  stop(): void {
    this.#stopped = true;
    clearInterval(this.#timer);
    this.#watcher?.close();
  }

  /** Reads the file, once at a time; after a notification during a reading it reads again. */
  async #look(): Promise<void> {
    this.#arm();
    this.#again = true;
    this.#reading ??= this.#readWhileAgain().finally(() => {
      this.#reading = undefined;
    });
    await this.#reading;
  }

  async #readWhileAgain(): Promise<void> {
    while (this.#again && !this.#stopped) {
      this.#again = false;
      const read = await this.#readSettled();
      const identity = `${'error' in read ? 'error' : 'text'} ${read.revision}`;
      if (identity === this.#last || this.#isStopped()) continue;
      this.#last = identity;
      this.#changed(read);
    }
  }

  #isStopped(): boolean {
    return this.#stopped;
  }

  /** Reads until two readings agree. */
  async #readSettled(): Promise<SourceText> {
    let read = await this.#read();
    for (let readings = 0; readings < MOST_READINGS; readings++) {
      // A known document needs no second reading.
      if (!('error' in read) && this.#last === `text ${read.revision}`) return read;
      await sleep(SETTLE);
      const again = await this.#read();
      if (again.revision === read.revision) return again;
      read = again;
    }
    return read;
  }

  async #read(): Promise<SourceText> {
    try {
      const text = await readFileText(this.name);
      return { text, revision: digestOf(text) };
    } catch (error) {
      const { code = String(error) } = error as { readonly code?: string };
      return { error: `${this.name} cannot be read (${code})`, revision: code };
    }
  }

  /** A folder that was replaced is watched again at the next check. */
  #arm(): void {
    this.#watcher?.close();
    this.#watcher = undefined;
    if (this.#stopped) return;
    try {
      this.#watcher = watch(dirname(this.name), { persistent: false }, () => void this.#notified());
      this.#watcher.on('error', () => {
        this.#watcher?.close();
        this.#watcher = undefined;
      });
    } catch {
      // There is no folder yet; the next reading tries again.
      this.#watcher = undefined;
    }
  }

  async #notified(): Promise<void> {
    this.#again = true;
    if (this.#reading === undefined) await this.#look();
  }
}
