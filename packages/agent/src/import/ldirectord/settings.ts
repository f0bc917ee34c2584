import type { Remarks } from '../remarks.js';
import { GLOBAL_KEYS, VIRTUAL_KEYS } from './keys.js';
import type { Entry, Section } from './sections.js';

/** The values of a section by their keys: the last of each. */
export class Settings {
  readonly #values: ReadonlyMap<string, Entry>;

  constructor({ entries }: Section) {
    this.#values = new Map(entries.map((entry) => [entry.key, entry]));
  }

  entry(key: string): Entry | undefined {
    return this.#values.get(key);
  }

  text(key: string): string | undefined {
    return this.entry(key)?.value;
  }

  /** The text between the quotes. */
  quoted(key: string): string | undefined {
    const value = this.text(key);
    return value === undefined ? undefined : (/^"(.*)"/.exec(value)?.[1] ?? value);
  }

  /** The first whole number in the value. */
  number(key: string): number | undefined {
    const digits = /\d+/.exec(this.text(key) ?? '')?.[0];
    return digits === undefined ? undefined : Number(digits);
  }

  yes(key: string): boolean | undefined {
    const value = this.text(key);
    return value === undefined ? undefined : value === 'yes';
  }
}

/** Adds a remark for each line that is taken over. */
export function remarkTaken({ head, entries }: Section, remarks: Remarks): void {
  const keys = head === undefined ? GLOBAL_KEYS : VIRTUAL_KEYS;
  for (const entry of entries) remarks.takenOver(entry, `${entry.text}: ${keys[entry.key]?.about ?? ''}`);
}
