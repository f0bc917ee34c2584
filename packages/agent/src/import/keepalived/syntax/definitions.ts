/** Definitions of keepalived: `$NAME=VALUE`, `${NAME}`, `~SEQ(…)`, `~LST(…)`. */
import type { Statement } from './statement.js';

const NAME = '[A-Za-z_][A-Za-z0-9_]*';
const DEFINITION = new RegExp(`^\\$(${NAME})=(.*)$`, 's');
const USE = new RegExp(`\\$(?:\\{(${NAME})\\}|(${NAME})(?=\\s|$))`, 'g');
const REPEAT = /^~(SEQx?|LST)\(/;

/** Values by the names of definitions. A value of several lines keeps the place of each. */
export type Definitions = Map<string, readonly Statement[]>;

/** The name and the value of a definition; undefined for any other line. */
export function readDefinition(line: string): { readonly name: string; readonly value: string } | undefined {
  const match = DEFINITION.exec(line);
  return match === null ? undefined : { name: match[1] as string, value: (match[2] as string).trim() };
}

/** A line with its first use of a definition replaced, as lines; undefined if it uses no known definition. */
export function substituted(
  statement: Statement,
  definitions: Definitions,
): readonly Statement[] | undefined {
  for (const use of statement.text.matchAll(USE)) {
    const value = definitions.get((use[1] ?? use[2]) as string);
    if (value === undefined) continue;
    const before = statement.text.slice(0, use.index);
    const after = statement.text.slice(use.index + use[0].length);
    const [first, ...rest] = value;
    if (first === undefined) return [{ ...statement, text: before + after }];
    if (rest.length === 0) return [{ ...statement, text: before + first.text + after }];
    const lines = [{ ...first, text: before + first.text }, ...rest];
    const last = lines.at(-1) as Statement;
    return [...lines.slice(0, -1), { ...last, text: last.text + after }];
  }
  return undefined;
}

/** A line that is repeated: the definitions of each turn, and the line itself. */
export interface Repetition {
  readonly turns: Iterable<ReadonlyMap<string, string>>;
  readonly rest: string;
}

/** Reads `~SEQ(NAME, FROM, STEP, TO) …`, `~SEQx(…) …` and `~LST(…) …`; the text of a mistake; undefined for any other line. */
export function readRepetition(line: string): Repetition | string | undefined {
  const kind = REPEAT.exec(line)?.[1];
  if (kind === undefined) return undefined;
  const end = line.indexOf(')');
  if (end === -1) return `~${kind}( has no )`;
  const inside = line.slice(line.indexOf('(') + 1, end);
  const rest = line.slice(end + 1).trim();
  const turns = kind === 'LST' ? listTurns(inside) : sequenceTurns(inside, kind === 'SEQx' ? 16 : 10);
  return typeof turns === 'string' ? turns : { turns, rest };
}

function sequenceTurns(inside: string, base: number): Iterable<ReadonlyMap<string, string>> | string {
  const [name = '', ...values] = inside.split(',').map((each) => each.trim());
  const numbers = values.map((each) =>
    /^[-+]?(?:0[xX][0-9a-fA-F]+|\d+)$/.test(each) ? toNumber(each) : NaN,
  );
  if (
    !new RegExp(`^${NAME}$`).test(name) ||
    numbers.length === 0 ||
    numbers.length > 3 ||
    numbers.some(Number.isNaN)
  )
    return `~SEQ(${inside}) is not ~SEQ(NAME, FROM, STEP, TO) with whole numbers`;
  const to = numbers.at(-1) as number;
  const from = numbers.length === 1 ? (to >= 0 ? 1 : -1) : (numbers[0] as number);
  const step = numbers.length === 3 ? (numbers[1] as number) : from <= to ? 1 : -1;
  if (step === 0 || (to - from) * step < 0)
    return `~SEQ(${inside}) never ends: its step leads away from its end`;
  return sequence(name, from, step, to, base);
}

function* sequence(
  name: string,
  from: number,
  step: number,
  to: number,
  base: number,
): Generator<ReadonlyMap<string, string>> {
  for (let value = from; step > 0 ? value <= to : value >= to; value += step)
    yield new Map([[name, value.toString(base)]]);
}

function listTurns(inside: string): Iterable<ReadonlyMap<string, string>> | string {
  const parts = [...inside.matchAll(/\{([^}]*)\}|([^,{}]+)/g)].map(([, group, single]) =>
    group === undefined ? [(single as string).trim()] : group.split(',').map((each) => each.trim()),
  );
  const [names, ...values] = parts.filter((part) => part.length > 1 || part[0] !== '');
  if (names === undefined || values.length === 0 || values.some((value) => value.length !== names.length))
    return `~LST(${inside}) needs a name, or {NAMES}, and as many values for each`;
  return values.map((value) => new Map(names.map((name, index) => [name, value[index] as string])));
}

function toNumber(text: string): number {
  return text.startsWith('-') ? -Number(text.slice(1)) : Number(text.replace(/^\+/, ''));
}
