/** A value in a text, with its place. */
export type SourceNode = SourceMap | SourceList | SourceScalar;

interface SourceValue {
  /** Offset in the text. */
  readonly at: number;
  /** How many values it contains, including itself and repeated aliases. */
  readonly size: number;
  /** How deep values are nested; 1 without any inside. */
  readonly depth: number;
}

/** Names and values in order; a name may occur twice. */
export interface SourceMap extends SourceValue {
  readonly kind: 'map';
  readonly entries: readonly SourceEntry[];
}

/** A name and its value. */
export interface SourceEntry {
  readonly name: string;
  /** Offset of the name in the text. */
  readonly at: number;
  readonly value: SourceNode;
}

/** A list of values. */
export interface SourceList extends SourceValue {
  readonly kind: 'list';
  readonly items: readonly SourceNode[];
}

/** Text, a number, true, false or null. */
export interface SourceScalar extends SourceValue {
  readonly kind: 'scalar';
  readonly value: string | number | boolean | null;
}

/** A mistake in the syntax of a text. */
export interface SyntaxProblem {
  readonly at: number;
  /** What is allowed there. */
  readonly allowed: string;
  readonly message: string;
}

/** The result of reading a text: no node if its syntax is wrong. */
export interface Source {
  readonly node: SourceNode | undefined;
  readonly problems: readonly SyntaxProblem[];
}

/** Deeper than any document, and far from the end of the stack. */
export const DEEPEST = 64;

/** The most values that a document may have: nested aliases can make a short text very large. */
export const MOST_VALUES = 5_000_000;

/** Makes a map. */
export function mapNode(at: number, entries: readonly SourceEntry[]): SourceMap {
  return { kind: 'map', at, entries, ...extent(entries, ({ value }) => value) };
}

/** Makes a list. */
export function listNode(at: number, items: readonly SourceNode[]): SourceList {
  return { kind: 'list', at, items, ...extent(items, (item) => item) };
}

/** Makes a scalar. */
export function scalarNode(at: number, value: SourceScalar['value']): SourceScalar {
  return { kind: 'scalar', at, value, size: 1, depth: 1 };
}

function extent<T>(parts: readonly T[], valueOf: (part: T) => SourceNode): { size: number; depth: number } {
  let size = 1;
  let depth = 0;
  for (const part of parts) {
    const value = valueOf(part);
    size += value.size;
    depth = Math.max(depth, value.depth);
  }
  return { size, depth: depth + 1 };
}
