import { type Maker, Refusal, type Scalar } from './maker.js';

/** A name at the beginning of a line, with its colon: plain text without spaces, or quoted text without escapes. */
const NAME = /(?:[A-Za-z0-9][\w./\-[\]:]*|"[^"\\\n\r]*"|'[^'\n\r]*'):(?=[ \n\r]|$)/y;
/** The same inside braces, where brackets have a meaning. */
const FLOW_NAME = /(?:[A-Za-z0-9][\w./\-:]*|"[^"\\\n\r]*"|'[^'\n\r]*'):(?= )/y;
/** A value of one word, or quoted text without escapes. */
const SCALAR = /(?:[A-Za-z0-9-][\w./\-:]*|"[^"\\\n\r]*"|'[^'\n\r]*')/y;
/** The rest of a line: spaces and a comment. */
const END_OF_LINE = /(?: *| +#[^\n\r]*)(?:\r?\n|$)/y;
/** The start of a document. */
const START = /---(?: *| +#[^\n\r]*)\r?\n/y;
/** Words that are text in every version of YAML. */
const TEXT =
  /^[A-Za-z][\w./-]*$|^[\w./-]+(?::[\w./-]+)+$|^[0-9]+(?:\.[0-9]+){3}$|^[a-z]+:\[[0-9A-Fa-f:.]+\]:[0-9]+$/;
const WORD = /^(?:true|false|null|y|yes|n|no|on|off)$/i;
const INTEGER = /^(?:0|-?[1-9][0-9]{0,14})$/;

/** Documents need six. */
const DEEPEST_HERE = 20;
/** YAML's limit is 1024. */
const LONGEST_NAME = 1000;

const SPACE = 0x20;
const LINE_FEED = 0x0a;
const RETURN = 0x0d;
const HASH = 0x23;
const TAB = 0x09;

/**
 * Reads the subset of YAML that documents are usually written in, line by line: maps in lines, maps and lists of single
 * words in braces and brackets, comments. Throws a {@link Refusal} for everything else, which is left to the full YAML
 * parser. Both read the same values from this subset.
 */
export function readPlainYaml<V, M>(text: string, maker: Maker<V, M>): V {
  const reader = new PlainYamlReader(text, maker);
  try {
    return reader.whole();
  } catch (error) {
    if (error instanceof Refusal) error.at = reader.at;
    throw error;
  }
}

class PlainYamlReader<V, M> {
  readonly #text: string;
  readonly #maker: Maker<V, M>;
  #at: number;
  /** Indentation of the next line; -1 at the end. */
  #indent = -1;

  constructor(text: string, maker: Maker<V, M>) {
    this.#text = text;
    this.#maker = maker;
    this.#at = text.startsWith('\ufeff') ? 1 : 0;
  }

  /** The offset up to which the text was read. */
  get at(): number {
    return this.#at;
  }

  whole(): V {
    if (this.#text.includes('\r') && /\r(?!\n)/.test(this.#text)) throw new Refusal();
    START.lastIndex = this.#at;
    if (START.test(this.#text)) this.#at = START.lastIndex;
    this.#nextLine();
    if (this.#indent !== 0) throw new Refusal();
    const value = this.#map(0, 0);
    if (this.#at < this.#text.length) throw new Refusal();
    return value;
  }

  /** Moves to the next line that is not empty. */
  #nextLine(): void {
    const text = this.#text;
    for (let line = this.#at; ;) {
      let at = line;
      let code = text.charCodeAt(at);
      while (code === SPACE) code = text.charCodeAt(++at);
      if (code === HASH) {
        const end = text.indexOf('\n', at);
        at = end === -1 ? text.length : end;
        code = text.charCodeAt(at);
      } else if (code === RETURN) code = text.charCodeAt(++at);
      if (at >= text.length) {
        this.#at = text.length;
        this.#indent = -1;
        return;
      }
      if (code !== LINE_FEED) {
        if (code === TAB || text.charCodeAt(at - 1) === RETURN) throw new Refusal();
        this.#at = at;
        this.#indent = at - line;
        return;
      }
      line = at + 1;
    }
  }

  /** The lines of a map, the first of which begins here. */
  #map(indent: number, depth: number): V {
    if (depth > DEEPEST_HERE) throw new Refusal();
    const map = this.#maker.begin(this.#at);
    do {
      const at = this.#at;
      const name = this.#name(NAME);
      this.#valueOfLine(map, name, at, indent, depth);
    } while (this.#indent === indent);
    if (this.#indent > indent) throw new Refusal();
    return this.#maker.end(map);
  }

  /** Reads the value after a name, and moves to the next line. */
  #valueOfLine(map: M, name: string, at: number, indent: number, depth: number): void {
    if (this.#isEndOfLine()) {
      this.#nextLine();
      this.#maker.add(map, name, at, this.#inner(indent, depth + 1));
      return;
    }
    this.#blanks();
    this.#maker.add(map, name, at, this.#flow(depth + 1));
    this.#endLine();
  }

  /** The lines of a name's value: a map, which is indented further, or a list, which need not be. */
  #inner(outer: number, depth: number): V {
    const indent = this.#indent;
    if (indent >= outer && this.#isItem()) return this.#lines(indent, depth);
    if (indent <= outer) throw new Refusal();
    return this.#map(indent, depth);
  }

  /** A list with one item on each line. */
  #lines(indent: number, depth: number): V {
    const start = this.#at;
    const items: V[] = [];
    while (this.#indent === indent && this.#isItem()) {
      this.#at += 1;
      this.#blanks();
      items.push(this.#flow(depth + 1));
      this.#endLine();
    }
    if (this.#indent > indent) throw new Refusal();
    return this.#maker.list(start, items);
  }

  #isItem(): boolean {
    return this.#text.startsWith('- ', this.#at);
  }

  #endLine(): void {
    if (!this.#isEndOfLine()) throw new Refusal();
    this.#nextLine();
  }

  /** A value within a line. */
  #flow(depth: number): V {
    const at = this.#at;
    const first = this.#text[at];
    if (depth > DEEPEST_HERE) throw new Refusal();
    if (first === '{') {
      const map = this.#maker.begin(at);
      this.#items('}', () => {
        const nameAt = this.#at;
        const name = this.#name(FLOW_NAME);
        this.#blanks();
        this.#maker.add(map, name, nameAt, this.#flow(depth + 1));
      });
      return this.#maker.end(map);
    }
    if (first === '[') {
      const items: V[] = [];
      this.#items(']', () => items.push(this.#flow(depth + 1)));
      return this.#maker.list(at, items);
    }
    return this.#maker.scalar(at, scalarOf(this.#match(SCALAR)));
  }

  #items(end: string, item: () => void): void {
    this.#at += 1;
    this.#blanks();
    if (this.#text[this.#at] !== end)
      for (;;) {
        item();
        this.#blanks();
        const next = this.#text[this.#at];
        if (next === end) break;
        if (next !== ',') throw new Refusal();
        this.#at += 1;
        if (this.#text.charCodeAt(this.#at) !== SPACE) throw new Refusal();
        this.#blanks();
      }
    this.#at += 1;
  }

  #name(pattern: RegExp): string {
    const token = this.#match(pattern).slice(0, -1);
    if (token.length > LONGEST_NAME) throw new Refusal();
    if (token.startsWith('"') || token.startsWith("'")) return token.slice(1, -1);
    if (!TEXT.test(token) || WORD.test(token)) throw new Refusal();
    return token;
  }

  #match(pattern: RegExp): string {
    pattern.lastIndex = this.#at;
    const token = pattern.exec(this.#text)?.[0];
    if (token === undefined) throw new Refusal();
    this.#at += token.length;
    return token;
  }

  #isEndOfLine(): boolean {
    END_OF_LINE.lastIndex = this.#at;
    if (!END_OF_LINE.test(this.#text)) return false;
    this.#at = END_OF_LINE.lastIndex;
    return true;
  }

  #blanks(): void {
    while (this.#text.charCodeAt(this.#at) === SPACE) this.#at += 1;
  }
}

function scalarOf(token: string): Scalar {
  const first = token[0];
  if (first === '"' || first === "'") return token.slice(1, -1);
  if (INTEGER.test(token)) return Number(token);
  if (token === 'true' || token === 'false') return token === 'true';
  if (!TEXT.test(token) || WORD.test(token)) throw new Refusal();
  return token;
}
