import type { Json } from './nft-key.js';
import type { NamedSets } from './nft-set.js';

/** Elements of maps, and of concatenations before a mark, that are read one by one. */
const MOST = 256;

/**
 * The statements of a rule once for each element of the maps that they look values up in, behind a match of its key: a
 * packet that no element has goes past the rule. Rules that set a mark are written out for each element of a
 * concatenation too, whose parts belong together.
 */
export function eachOfMaps(expressions: readonly Json[], sets: NamedSets): readonly (readonly Json[])[] {
  const at = expressions.findIndex((expression) => mapIn(expression) !== undefined);
  if (at < 0) return eachOfConcatenation(expressions, sets);
  const { key, data, put } = mapIn(expressions[at] as Json) as MapIn;
  const elements = elementsOf(data, sets);
  if (elements === undefined || elements.length > MOST) return [expressions];
  return elements.flatMap((element) => {
    const [value, result] = element as [unknown, unknown];
    const match = { match: { op: '==', left: key, right: { set: [value] } } };
    return eachOfMaps([...expressions.slice(0, at), match, put(result), ...expressions.slice(at + 1)], sets);
  });
}

function eachOfConcatenation(expressions: readonly Json[], sets: NamedSets): readonly (readonly Json[])[] {
  if (!expressions.some((expression) => 'mangle' in expression)) return [expressions];
  const at = expressions.findIndex((expression) => {
    const { left, op } = (expression['match'] ?? {}) as Json;
    return (op === '==' || op === 'in') && (left as Json | null)?.['concat'] !== undefined;
  });
  const match = expressions[at]?.['match'] as Json | undefined;
  const elements = match && elementsOf(match['right'], sets);
  if (elements === undefined || elements.length > MOST) return [expressions];
  return elements.map((element) => [
    ...expressions.slice(0, at),
    { match: { ...match, right: { set: [element] } } },
    ...expressions.slice(at + 1),
  ]);
}

interface MapIn {
  readonly key: unknown;
  readonly data: unknown;
  /** The statement with a value in place of the map. */
  readonly put: (value: unknown) => Json;
}

/** The map that a statement looks its address, port or value up in. */
function mapIn(statement: Json): MapIn | undefined {
  const [kind = '', body] = Object.entries(statement)[0] ?? [];
  if (kind === 'vmap' || kind === 'match' || typeof body !== 'object' || body === null) return undefined;
  for (const [name, value] of Object.entries(body as Json)) {
    const map = (value as Json | null)?.['map'] as Json | undefined;
    if (map === undefined || typeof map !== 'object') continue;
    const put = (result: unknown): Json => {
      const parts = (result as Json | null)?.['concat'] as unknown[] | undefined;
      const values =
        name === 'addr' && parts !== undefined ? { addr: parts[0], port: parts[1] } : { [name]: result };
      return { [kind]: { ...(body as Json), ...values } };
    };
    return { key: map['key'], data: map['data'], put };
  }
  return undefined;
}

function elementsOf(data: unknown, sets: NamedSets): readonly unknown[] | undefined {
  if (typeof data === 'string') {
    const set = sets.get(data.replace('@', ''));
    return set?.dynamic === true ? undefined : set?.elements;
  }
  const literal = (data as Json | null)?.['set'];
  return Array.isArray(literal) ? (literal as unknown[]) : undefined;
}

/** Whether a statement that puts packets into a set lets only some go on: up to a limit, or beyond it. */
export function mayStop(kind: string, body: unknown): boolean {
  return kind === 'set' && /"(limit|quota|ct count)"/.test(JSON.stringify(body));
}
