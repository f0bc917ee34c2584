import { listNode, mapNode, scalarNode, type SourceEntry, type SourceNode } from './source.js';

/** A value that is not a container. */
export type Scalar = string | number | boolean | null;

/** Creates the values of a text while a reader reads it. `M`: a map that is being filled. */
export interface Maker<V, M> {
  scalar(at: number, value: Scalar): V;
  list(at: number, items: readonly V[]): V;
  /** Creates an empty map that begins at `at`. */
  begin(at: number): M;
  /** Adds a field to a map. */
  add(map: M, name: string, at: number, value: V): void;
  /** Finishes a map. */
  end(map: M): V;
}

/** A text is not of the kind that a reader can read. */
export class Refusal extends Error {
  /** The offset of the first unreadable part, if known. */
  at: number | undefined;
}

/** Creates plain values, as JSON.parse does. Throws a {@link Refusal} for a name that is in a map twice. */
export const PLAIN: Maker<unknown, Record<string, unknown>> = {
  scalar: (_, value) => value,
  list: (_, items) => items,
  begin: () => ({}),
  add(map, name, _, value) {
    if (Object.hasOwn(map, name)) throw new Refusal(name);
    // It would set the prototype.
    if (name === '__proto__')
      Object.defineProperty(map, name, { value, enumerable: true, writable: true, configurable: true });
    else map[name] = value;
  },
  end: (map) => map,
};

interface GrowingMap {
  readonly at: number;
  readonly entries: SourceEntry[];
}

/** Creates values with their places in the text; names may be repeated. */
export const PLACED: Maker<SourceNode, GrowingMap> = {
  scalar: scalarNode,
  list: listNode,
  begin: (at) => ({ at, entries: [] }),
  add: ({ entries }, name, at, value) => entries.push({ name, at, value }),
  end: ({ at, entries }) => mapNode(at, entries),
};
