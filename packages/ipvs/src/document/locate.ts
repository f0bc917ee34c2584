import type { DocumentProblem } from '../errors.js';
import { DOCUMENT } from './problems.js';
import type { SourceMap, SourceNode } from './source.js';

/** A value as JSON.parse would have given it; of names that stand twice the first counts. */
export function plainValue(node: SourceNode): unknown {
  switch (node.kind) {
    case 'scalar':
      return node.value;
    case 'list':
      return node.items.map(plainValue);
    case 'map':
      return Object.fromEntries(
        firstOfEach(node).map(({ name, value }) => [name, plainValue(value)] as const),
      );
  }
}

/** The entries of a map without those whose name stood there before. */
function firstOfEach({ entries }: SourceMap): SourceMap['entries'] {
  const names = new Set<string>();
  return entries.filter(({ name }) => !names.has(name) && names.add(name));
}

/** The offset of what a problem is about: of a name if the name is what is wrong, else of the value. */
export function locate(root: SourceNode, { path, message }: DocumentProblem): number {
  const steps = stepsOf(path);
  let node = root;
  let at = root.at;
  for (const [index, step] of steps.entries()) {
    if (node.kind === 'map') {
      const entry = node.entries.find(({ name }) => name === step);
      // What is missing is missing in what should hold it.
      if (entry === undefined) return at;
      const last = index === steps.length - 1;
      at = last && isAboutValue(path, message, entry.value) ? entry.value.at : entry.at;
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

/** Names of services, of destinations and of unknown fields are wrong themselves. */
function isAboutValue(path: string, message: string, value: SourceNode): boolean {
  return value.kind !== 'map' && !message.startsWith(`${path} is not known`) && !path.endsWith('"]');
}

/** The names and numbers in a path: `services["tcp:192.0.2.1:80"].flags[0]`. */
function stepsOf(path: string): string[] {
  const steps = [...path.matchAll(/\.?([A-Za-z_]\w*)|\[(\d+)\]|\[("(?:[^"\\]|\\.)*")\]/g)].map(
    ([, name, index, quoted]) => name ?? index ?? (JSON.parse(quoted as string) as string),
  );
  return steps[0] === DOCUMENT ? steps.slice(1) : steps;
}
