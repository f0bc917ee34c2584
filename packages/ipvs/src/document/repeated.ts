import { at, DOCUMENT } from './problems.js';
import type { SourceEntry, SourceNode } from './source.js';

/** A name that stands in its map for the second time or a later one. */
export interface RepeatedName {
  readonly name: string;
  readonly path: string;
  /** Offset of the name, and of where it stood first. */
  readonly offset: number;
  readonly first: number;
}

/** All names that stand in a map twice. */
export function repeatedNames(node: SourceNode, path = DOCUMENT): RepeatedName[] {
  if (node.kind === 'list')
    return node.items.flatMap((item, index) => repeatedNames(item, `${path}[${index}]`));
  if (node.kind === 'scalar') return [];
  const firsts = new Map<string, number>();
  return node.entries.flatMap(({ name, at: offset, value }) => {
    const inside = path === DOCUMENT && /^[A-Za-z_]\w*$/.test(name) ? name : at(path, name);
    const first = firsts.get(name);
    if (first === undefined) firsts.set(name, offset);
    const own = first === undefined ? [] : [{ name, path: inside, offset, first }];
    return [...own, ...repeatedNames(value, inside)];
  });
}

/** The document once for each repeated name, with what stands there in the place of what stood under it first. */
export function* versions(node: SourceNode): Generator<SourceNode, void, undefined> {
  if (node.kind !== 'map') return;
  const firsts = new Map<string, number>();
  for (const [index, entry] of node.entries.entries()) {
    const first = firsts.get(entry.name);
    if (first === undefined) {
      firsts.set(entry.name, index);
      for (const value of versions(entry.value))
        yield { ...node, entries: put(node.entries, index, { ...entry, value }) };
    } else yield { ...node, entries: put(node.entries, first, entry) };
  }
}

function put(entries: readonly SourceEntry[], index: number, entry: SourceEntry): SourceEntry[] {
  return entries.map((each, at) => (at === index ? entry : each));
}
