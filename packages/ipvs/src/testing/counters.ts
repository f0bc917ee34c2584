import { type Definition, type Codec, type Shape, type AttributeSet, type Writer } from '@ipvs-ts/netlink';
import { STATS, STATS64 } from '../schema/stats.js';

/** One of the ten counters of a service or destination, by the name of its attribute. */
export type CounterName = Exclude<keyof (typeof STATS64)['attributes'], 'pad'>;

/** Totals and rates. */
export type Counters = Record<CounterName, bigint>;

const { pad: PAD, ...COUNTERS } = STATS64.attributes;
const COUNTER_NAMES = Object.keys(COUNTERS) as CounterName[];

/** All counters at zero. */
export function noCounts(): Counters {
  return Object.fromEntries(COUNTER_NAMES.map((name) => [name, 0n])) as Counters;
}

/**
 * Writes both sets of counters, the first one truncated to its width. With `pads` an empty attribute precedes each
 * 64-bit value that would otherwise not be aligned to eight bytes.
 */
export function writeCounters(
  writer: Writer,
  numbers: { stats: number; stats64: number },
  counters: Counters,
  pads: boolean,
): void {
  writeSet(writer, numbers.stats, STATS, counters, pads);
  writeSet(writer, numbers.stats64, STATS64, counters, pads);
}

function writeSet(
  writer: Writer,
  number: number,
  set: AttributeSet<Shape>,
  counters: Counters,
  pads: boolean,
): void {
  const at = writer.beginNest(number);
  for (const name of COUNTER_NAMES)
    writeInteger(writer, set.attributes[name] as Definition, counters[name], pads ? PAD.number : 0);
  writer.endNest(at);
}

/** Writes one integer, preceded by `pad` if it has 64 bits and would not be aligned; 0 is no padding. */
export function writeInteger(writer: Writer, { number, kind }: Definition, value: bigint, pad: number): void {
  const integer = kind as Codec<number> | Codec<bigint>;
  if (pad !== 0 && integer.minimum === 8 && writer.length % 8 === 0) writer.attribute(pad, 0);
  const at = writer.attribute(number, integer.minimum);
  const cut = BigInt.asUintN(8 * integer.minimum, value);
  if (integer.minimum === 8) (integer as Codec<bigint>).write(writer.view, at, cut);
  else (integer as Codec<number>).write(writer.view, at, Number(cut));
}
