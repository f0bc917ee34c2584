import type * as Yaml from 'yaml';
import type { CST, Document, Node, ParsedNode, Scalar, YAMLError } from 'yaml';
import {
  DEEPEST,
  listNode,
  mapNode,
  scalarNode,
  type Source,
  type SourceEntry,
  type SourceNode,
  type SyntaxProblem,
} from './source.js';

/**
 * Reads YAML 1.2 with the places of its values, which `offsetOf` converts. The library, which reads all of YAML but
 * slowly, is loaded only here.
 */
export async function yamlSource(
  text: string,
  offsetOf: (offset: number) => number = (offset) => offset,
): Promise<Source> {
  return new YamlReader(exportsOf(await import('yaml')), offsetOf).read(text);
}

const OPTIONS = {
  version: '1.2',
  schema: 'core',
  merge: false,
  // We report these, with both places.
  uniqueKeys: false,
  stringKeys: true,
  prettyErrors: false,
  logLevel: 'silent',
} as const;

/** The exports of an imported CommonJS module: Bun has them in `default` only, where the importer is CommonJS too. */
function exportsOf(module: typeof Yaml & { readonly default?: unknown }): typeof Yaml {
  return Object.hasOwn(module, 'Parser') ? module : (module.default as typeof Yaml);
}

/** One reading. */
class YamlReader {
  readonly #yaml: typeof Yaml;
  readonly #problems: SyntaxProblem[] = [];
  /** The offsets of unquoted names that were reported. */
  readonly #unquoted = new Set<number>();
  /** The latest anchor of each name: an alias refers to the one before it. */
  readonly #anchors = new Map<string, SourceNode>();

  /** Whether every value was read. */
  #isWhole = true;

  readonly #offsetOf: (offset: number) => number;

  constructor(yaml: typeof Yaml, offsetOf: (offset: number) => number) {
    this.#yaml = yaml;
    this.#offsetOf = offsetOf;
  }

  read(text: string): Source {
    const documents = this.#parse(text);
    const [document, second] = documents;
    if (document === undefined) return { node: undefined, problems: this.#problems };
    // Unknown tags are reported with all other tags.
    const warnings = document.warnings.filter(({ code }) => code !== 'TAG_RESOLVE_FAILED');
    for (const error of [...document.errors, ...warnings]) this.#syntax(error, text);
    if (document.directives.yaml.explicit === true && document.directives.yaml.version !== '1.2')
      this.#note(0, 'YAML 1.2', 'this is read as YAML 1.2; take the %YAML directive away');
    if (second !== undefined) {
      const at = second.contents?.range[0] ?? second.range[0];
      this.#note(at, 'one document', 'a second document begins here, and one is all that is read');
    }
    if (document.errors.length > 0) return { node: undefined, problems: this.#problems };
    const node = this.#node(document.contents, 0);
    return { node: this.#isWhole ? node : undefined, problems: this.#problems };
  }

  #parse(text: string): Document.Parsed[] {
    const { Composer, Parser } = this.#yaml;
    const tokens = [...new Parser().parse(text)];
    // The parser does not use recursion; the composer does.
    const deep = tokens.map(tooDeep).find((at) => at !== undefined);
    if (deep !== undefined) {
      this.#note(
        deep,
        `at most ${DEEPEST} values inside one another`,
        'these values lie too deep in one another',
      );
      return [];
    }
    return withoutStacks(() => [...new Composer<ParsedNode>(OPTIONS).compose(tokens)]);
  }

  #node(node: Node | null, at: number): SourceNode {
    const { isAlias, isMap, isSeq, isScalar } = this.#yaml;
    const start = node?.range?.[0] ?? at;
    const place = this.#offsetOf(start);
    if (node === null) return scalarNode(place, null);
    if (isAlias(node)) return this.#alias(node.source, start);
    const { tag, anchor } = node as ParsedNode & { anchor?: string };
    if (tag !== undefined)
      this.#note(start, 'a value without a tag', `the tag ${tag} is not read here; take it away`);
    let made: SourceNode;
    if (isMap(node))
      made = mapNode(
        place,
        node.items.flatMap((pair) => this.#entry(pair.key, pair.value, start)),
      );
    else if (isSeq(node))
      made = listNode(
        place,
        node.items.map((item) => this.#node(item as Node | null, start)),
      );
    else made = scalarNode(place, isScalar(node) ? this.#scalar(node, start) : null);
    if (anchor !== undefined) this.#anchors.set(anchor, made);
    return made;
  }

  #entry(key: unknown, value: unknown, at: number): SourceEntry[] {
    const { isScalar, isNode } = this.#yaml;
    const start = isNode(key) ? (key.range?.[0] ?? at) : at;
    const text = isScalar(key) ? key.value : key;
    const name = typeof text === 'string' ? text : '';
    if (name === '<<' && isScalar(key) && key.type === 'PLAIN') {
      const message = 'merge keys (<<) are not part of YAML 1.2, and not read; write the fields out';
      this.#note(start, 'a field', message);
      return [];
    }
    return [{ name, at: this.#offsetOf(start), value: this.#node(isNode(value) ? value : null, start) }];
  }

  #alias(name: string, at: number): SourceNode {
    const target = this.#anchors.get(name);
    if (target === undefined) {
      this.#note(at, 'a value', `the alias *${name} means nothing: no value before it is marked &${name}`);
      this.#isWhole = false;
      return scalarNode(this.#offsetOf(at), null);
    }
    return { ...target, at: this.#offsetOf(at) };
  }

  #scalar(node: Scalar, at: number): string | number | boolean | null {
    const { value, source = '' } = node;
    if (typeof value === 'number' && /^[-+]?0[0-9]/.test(source)) {
      const plain = source.replace(/^([-+]?)0+(?=[0-9])/, '$1');
      this.#note(
        at,
        'a number without leading zeros',
        `${source} is ${String(value)} to some readers of YAML and octal to others; write ${plain} or 0o${plain}`,
      );
    }
    if (typeof value === 'bigint') return Number(value);
    return typeof value === 'string' || typeof value === 'number' || typeof value === 'boolean'
      ? value
      : null;
  }

  /** Mistakes that follow from an unquoted name are reported once, with their cause. */
  #syntax({ message, pos }: YAMLError, text: string): void {
    const cause = unquoted(text, pos[0]);
    if (cause === undefined) this.#note(pos[0], 'YAML 1.2', message);
    else if (!this.#unquoted.has(cause.at)) {
      this.#unquoted.add(cause.at);
      this.#note(
        cause.at,
        'text in quotes',
        `${cause.name} must be in quotes: "${cause.name}"; without them, [ begins a list in YAML`,
      );
    }
  }

  #note(at: number, allowed: string, message: string): void {
    this.#problems.push({ at: this.#offsetOf(at), allowed, message });
  }
}

/** The offset in a token at which values are nested too deep. */
function tooDeep(token: CST.Token): number | undefined {
  const waiting: { readonly token: CST.Token; readonly depth: number }[] = [{ token, depth: 0 }];
  for (let next = waiting.pop(); next !== undefined; next = waiting.pop()) {
    const depth = next.depth + 1;
    if (depth > DEEPEST && 'offset' in next.token) return next.token.offset;
    if (next.token.type === 'document' && next.token.value !== undefined)
      waiting.push({ token: next.token.value, depth });
    if (!('items' in next.token)) continue;
    for (const { key, value } of next.token.items)
      for (const inner of [key, value])
        if (inner !== undefined && inner !== null) waiting.push({ token: inner, depth });
  }
  return undefined;
}

/** A name with an IPv6 address in brackets that is not in quotes. */
const BRACKETS = /(?<=^|[\s{,])(?:[a-z]+:)?\[[0-9A-Fa-f:.]*:[0-9A-Fa-f:.]*\]:[0-9]+/;

/** The first such name in the line of an offset. */
function unquoted(text: string, offset: number): { readonly at: number; readonly name: string } | undefined {
  const start = text.lastIndexOf('\n', offset - 1) + 1;
  const end = text.indexOf('\n', offset);
  const line = text.slice(start, Math.min(end === -1 ? text.length : end, start + 1000));
  const found = BRACKETS.exec(line);
  return found === null ? undefined : { at: start + found.index, name: found[0] };
}

/** Runs `make` without stacks of errors, which nobody sees, and which take most of the time where there are many. */
function withoutStacks<T>(make: () => T): T {
  const { stackTraceLimit } = Error;
  Error.stackTraceLimit = 0;
  try {
    return make();
  } finally {
    Error.stackTraceLimit = stackTraceLimit;
  }
}
