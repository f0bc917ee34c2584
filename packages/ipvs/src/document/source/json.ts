import { type Maker, PLACED, type Scalar } from './maker.js';
import { DEEPEST, type Source } from './source.js';

const BLANKS = /[ \t\r\n]*/y;
/** What interrupts plain text: its end, an escape, or a character that must be escaped. */
const SPECIAL = /["\\\u0000-\u001f]/g;
const ESCAPE = /\\(?:["\\/bfnrt]|u[0-9a-fA-F]{4})/y;
const NUMBER = /-?(?:0|[1-9][0-9]*)(?:\.[0-9]+)?(?:[eE][-+]?[0-9]+)?/y;
const WORD = /(?:true|false|null)\b/y;

/** The place where a text stops being JSON. */
class NotJson extends Error {
  readonly at: number;
  readonly allowed: string;

  constructor(at: number, allowed: string) {
    super(allowed);
    this.at = at;
    this.allowed = allowed;
  }
}

/**
 * Reads strict JSON with the places of its values: JSON.parse silently takes the last of two equal names, and reports
 * no places.
 */
export function jsonSource(text: string): Source {
  try {
    return { node: readJson(text, PLACED), problems: [] };
  } catch (error) {
    if (!(error instanceof NotJson)) throw error;
    const { at, allowed } = error;
    const found = at < text.length ? JSON.stringify(text.slice(at, at + 1)) : 'the end of the text';
    return {
      node: undefined,
      problems: [{ at, allowed, message: `this is not JSON: expected ${allowed}, found ${found}` }],
    };
  }
}

/** Whether an error of {@link readJson} says that the text is not JSON. */
export function isNotJson(error: unknown): boolean {
  return error instanceof NotJson;
}

/** Reads strict JSON. Throws if it is not JSON. */
export function readJson<V, M>(text: string, maker: Maker<V, M>): V {
  return new JsonReader(text, maker).whole();
}

class JsonReader<V, M> {
  readonly #text: string;
  readonly #maker: Maker<V, M>;
  #at: number;

  constructor(text: string, maker: Maker<V, M>) {
    this.#text = text;
    this.#maker = maker;
    // Skips a byte order mark, which some editors write.
    this.#at = text.startsWith('\ufeff') ? 1 : 0;
  }

  whole(): V {
    const value = this.#value(0);
    this.#blanks();
    if (this.#at < this.#text.length) throw new NotJson(this.#at, 'the end of the text');
    return value;
  }

  #value(depth: number): V {
    this.#blanks();
    const at = this.#at;
    if (depth > DEEPEST) throw new NotJson(at, `at most ${DEEPEST} values inside one another`);
    const first = this.#text[at];
    if (first === '{') return this.#map(at, depth);
    if (first === '[') {
      const items: V[] = [];
      this.#list(']', 'a value or ]', () => items.push(this.#value(depth + 1)));
      return this.#maker.list(at, items);
    }
    if (first === '"') return this.#maker.scalar(at, this.#string());
    const token = this.#match(NUMBER) ?? this.#match(WORD);
    if (token === undefined)
      throw new NotJson(
        at,
        'a value: an object, an array, text in double quotes, a number, true, false or null',
      );
    return this.#maker.scalar(at, JSON.parse(token) as Scalar);
  }

  #map(at: number, depth: number): V {
    const map = this.#maker.begin(at);
    this.#list('}', 'a name in double quotes or }', () => {
      this.#blanks();
      const nameAt = this.#at;
      if (this.#text[nameAt] !== '"') throw new NotJson(nameAt, 'a name in double quotes');
      const name = this.#string();
      this.#blanks();
      if (this.#text[this.#at] !== ':') throw new NotJson(this.#at, 'a colon');
      this.#at += 1;
      this.#maker.add(map, name, nameAt, this.#value(depth + 1));
    });
    return this.#maker.end(map);
  }

  #list(end: string, allowed: string, item: () => void): void {
    this.#at += 1;
    for (let count = 0; ; count++) {
      this.#blanks();
      if (count === 0 && this.#text[this.#at] === end) break;
      if (this.#at >= this.#text.length) throw new NotJson(this.#at, allowed);
      item();
      this.#blanks();
      const next = this.#text[this.#at];
      if (next === end) break;
      if (next !== ',') throw new NotJson(this.#at, `a comma or ${end}`);
      this.#at += 1;
    }
    this.#at += 1;
  }

  /** Text in double quotes. It may be megabytes, more than one regular expression can match. */
  #string(): string {
    const start = this.#at;
    let isPlain = true;
    SPECIAL.lastIndex = start + 1;
    for (;;) {
      const special = SPECIAL.exec(this.#text);
      const at = special?.index ?? this.#text.length;
      if (special?.[0] === '"') {
        this.#at = at + 1;
        return isPlain
          ? this.#text.slice(start + 1, at)
          : (JSON.parse(this.#text.slice(start, at + 1)) as string);
      }
      isPlain = false;
      ESCAPE.lastIndex = at;
      if (special?.[0] !== '\\' || !ESCAPE.test(this.#text))
        throw new NotJson(at, 'text in double quotes, with \\" \\\\ \\n \\t \\uXXXX and the like for others');
      SPECIAL.lastIndex = ESCAPE.lastIndex;
    }
  }

  #blanks(): void {
    if (this.#text.charCodeAt(this.#at) > 0x20) return;
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
