import {
  DEEPEST,
  listNode,
  mapNode,
  scalarNode,
  type Source,
  type SourceEntry,
  type SourceNode,
} from './source.js';

const BLANKS = /[ \t\r\n]*/y;
const STRING = /"(?:[^"\\\u0000-\u001f]|\\(?:["\\/bfnrt]|u[0-9a-fA-F]{4}))*"/y;
const NUMBER = /-?(?:0|[1-9][0-9]*)(?:\.[0-9]+)?(?:[eE][-+]?[0-9]+)?/y;
const WORD = /(?:true|false|null)\b/y;

/** The place where a text stops being JSON. */
class NoJson extends Error {
  readonly at: number;
  readonly allowed: string;

  constructor(at: number, allowed: string) {
    super(allowed);
    this.at = at;
    this.allowed = allowed;
  }
}

/**
 * Reads strict JSON with the places of its values: JSON.parse takes the last of two equal names in silence, and tells
 * no place.
 */
export function jsonSource(text: string): Source {
  const reader = new JsonReader(text);
  try {
    return { node: reader.whole(), problems: [] };
  } catch (error) {
    if (!(error instanceof NoJson)) throw error;
    const { at, allowed } = error;
    const found = at < text.length ? JSON.stringify(text.slice(at, at + 1)) : 'the end of the text';
    return {
      node: undefined,
      problems: [{ at, allowed, message: `there must be ${allowed}, not ${found}` }],
    };
  }
}

class JsonReader {
  readonly #text: string;
  #at: number;

  constructor(text: string) {
    this.#text = text;
    // A byte order mark is no part of the text; some editors write one.
    this.#at = text.startsWith('\ufeff') ? 1 : 0;
  }

  whole(): SourceNode {
    const node = this.#value(0);
    this.#blanks();
    if (this.#at < this.#text.length) throw new NoJson(this.#at, 'the end of the text');
    return node;
  }

  #value(depth: number): SourceNode {
    this.#blanks();
    const at = this.#at;
    if (depth > DEEPEST) throw new NoJson(at, `at most ${DEEPEST} values inside one another`);
    const first = this.#text[at];
    if (first === '{') return mapNode(at, this.#members(depth));
    if (first === '[')
      return listNode(
        at,
        this.#list(']', 'a value or ]', () => this.#value(depth + 1)),
      );
    const token = first === '"' ? this.#string() : (this.#match(NUMBER) ?? this.#match(WORD));
    if (token === undefined)
      throw new NoJson(at, 'a value: {, [, text in double quotes, a number, true, false or null');
    return scalarNode(at, JSON.parse(token) as string | number | boolean | null);
  }

  #members(depth: number): SourceEntry[] {
    return this.#list('}', 'a name in double quotes or }', () => {
      this.#blanks();
      const at = this.#at;
      if (this.#text[at] !== '"') throw new NoJson(at, 'a name in double quotes');
      const name = JSON.parse(this.#string()) as string;
      this.#blanks();
      if (this.#text[this.#at] !== ':') throw new NoJson(this.#at, 'a colon');
      this.#at += 1;
      return { name, at, value: this.#value(depth + 1) };
    });
  }

  #list<T>(end: string, allowed: string, item: () => T): T[] {
    this.#at += 1;
    const items: T[] = [];
    for (;;) {
      this.#blanks();
      if (items.length === 0 && this.#text[this.#at] === end) break;
      if (this.#at >= this.#text.length) throw new NoJson(this.#at, allowed);
      items.push(item());
      this.#blanks();
      const next = this.#text[this.#at];
      if (next === end) break;
      if (next !== ',') throw new NoJson(this.#at, `a comma or ${end}`);
      this.#at += 1;
    }
    this.#at += 1;
    return items;
  }

  #string(): string {
    const token = this.#match(STRING);
    if (token !== undefined) return token;
    throw new NoJson(
      this.#endOfString(),
      'text in double quotes, with \\" \\\\ \\n \\t \\uXXXX and the like for others',
    );
  }

  /** Where the string that begins here goes wrong. */
  #endOfString(): number {
    const whole = /"(?:[^"\\\u0000-\u001f]|\\(?:["\\/bfnrt]|u[0-9a-fA-F]{4}))*/y;
    whole.lastIndex = this.#at;
    return this.#at + (whole.exec(this.#text)?.[0].length ?? 0);
  }

  #blanks(): void {
    BLANKS.lastIndex = this.#at;
    BLANKS.test(this.#text);
    this.#at = BLANKS.lastIndex;
  }

  #match(pattern: RegExp): string | undefined {
    pattern.lastIndex = this.#at;
    const token = pattern.exec(this.#text)?.[0];
    this.#at += token?.length ?? 0;
    return token;
  }
}
