import { stepsOf } from '../place.js';
import type { PlacedProblem } from './problems.js';
import type { SourceEntry, SourceMap, SourceNode } from './source/source.js';

/** The value that JSON.parse would return, except that the first of repeated names counts. */
export function plainValue(node: SourceNode): unknown {
  switch (node.kind) {
    case 'scalar':
      return node.value;
    case 'list':
      return node.items.map(plainValue);
    case 'map':
      return Object.fromEntries(
        [...entriesByName(node).values()].map(({ name, value }) => [name, plainValue(value)] as const),
      );
  }
}

/** The first entry of each name. */
function entriesByName({ entries }: SourceMap): Map<string, SourceEntry> {
  const found = new Map<string, SourceEntry>();
  for (const entry of entries) if (!found.has(entry.name)) found.set(entry.name, entry);
  return found;
}

/** Finds the offsets of problems: of the name if the name is wrong, otherwise of the value. */
export class Locator {
  readonly #root: SourceNode;
  /** The entries of maps that were searched. */
  readonly #entries = new Map<SourceMap, Map<string, SourceEntry>>();

  constructor(root: SourceNode) {
    this.#root = root;
  }

  /** The offset of a problem in the text. */
  offsetOf({ place, isName }: PlacedProblem): number {
    const steps = stepsOf(place);
    let node = this.#root;
    let { at } = node;
    for (const [index, step] of steps.entries()) {
      if (node.kind === 'map') {
        const entry = this.#entry(node, String(step));
        // A missing field is reported at the map that should have it.
        if (entry === undefined) return at;
        const isValue = index === steps.length - 1 && !isName && entry.value.kind !== 'map';
        at = isValue ? entry.value.at : entry.at;
        node = entry.value;
      } else if (node.kind === 'list') {
        const item = node.items[Number(step)];
        if (item === undefined) return at;
        at = item.at;
        node = item;
      } else return at;
    }
    return at;
  }

  #entry(node: SourceMap, name: string): SourceEntry | undefined {
    let entries = this.#entries.get(node);
    if (entries === undefined) {
      entries = entriesByName(node);
      this.#entries.set(node, entries);
    }
    return entries.get(name);
  }
}
