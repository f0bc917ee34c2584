import { DOCUMENT, inside, isPlainName, type Place } from '../../place.js';
import type { SourceEntry, SourceMap, SourceNode } from './source.js';

/** A name that is repeated in its map. */
export interface RepeatedName {
  readonly name: string;
  readonly place: Place;
  /** Offsets of the name, and of its first occurrence. */
  readonly offset: number;
  readonly first: number;
}

/** All names that are in a map twice. */
export function repeatedNames(node: SourceNode): RepeatedName[] {
  const found: RepeatedName[] = [];
  findRepeated(node, DOCUMENT, found);
  return found;
}

function findRepeated(node: SourceNode, place: Place, found: RepeatedName[]): void {
  if (node.kind === 'list') {
    for (const [index, item] of node.items.entries()) findRepeated(item, inside(place, index), found);
    return;
  }
  if (node.kind === 'scalar') return;
  const firsts = new Map<string, number>();
  for (const { name, at: offset, value } of node.entries) {
    const here = inside(place, name);
    const first = firsts.get(name);
    if (first === undefined) firsts.set(name, offset);
    else found.push({ name, place: here, offset, first });
    findRepeated(value, here, found);
  }
}

/**
 * Creates a small document for each repeated name, with its value and everything around it, but without other services
 * and destinations, so that many repeated names do not take long.
 */
export function* versions(node: SourceNode): Generator<SourceNode, void, undefined> {
  if (node.kind !== 'map') return;
  const firsts = new Map<string, number>();
  for (const [index, entry] of node.entries.entries()) {
    const first = firsts.get(entry.name);
    if (first === undefined) {
      firsts.set(entry.name, index);
      for (const value of versions(entry.value)) yield replaced(node, index, { ...entry, value });
    } else yield replaced(node, first, entry);
  }
}

/** The map with one entry replaced, and without all others if it is a map of services or destinations. */
function replaced(node: SourceMap, index: number, entry: SourceEntry): SourceMap {
  if (isKey(entry.name)) return { ...node, entries: [entry] };
  return { ...node, entries: node.entries.map((each, at) => (at === index ? entry : each)) };
}

function isKey(name: string): boolean {
  return !isPlainName(name);
}
