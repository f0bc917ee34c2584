import { argumentsOf } from '../argument-checks.js';
import { LITTLE_ENDIAN } from '../wire/align.js';

/**
 * The type of an attribute's payload: how it is measured, written, read and named. `In` is the type of values in
 * requests, `Out` that of values in replies.
 */
export interface Codec<In, Out = In> {
  /** Name in traces and in the generated protocol page: `u16`, `be16`, `string(15)` … */
  readonly name: string;
  /** The allowed values as text, for error messages. */
  readonly expects: string;
  /** Minimum length of a payload in bytes. */
  readonly minimum: number;
  /** Whether `value` can be written. */
  accepts(this: void, value: unknown): value is In;
  /** Length of `value` in bytes, without padding. */
  measure(this: void, value: In): number;
  /** Writes `value` at an offset of the view. */
  write(this: void, view: DataView, at: number, value: In): void;
  /** Reads `length` bytes at `at`; `length` is at least {@link Codec.minimum}. */
  read(this: void, view: DataView, at: number, length: number): Out;
}

function integer(
  name: string,
  size: number,
  maximum: number,
  write: (view: DataView, at: number, value: number) => void,
  read: (view: DataView, at: number) => number,
): Codec<number> {
  return {
    name,
    expects: `an integer from 0 to ${maximum}`,
    minimum: size,
    accepts: (value): value is number =>
      typeof value === 'number' && Number.isInteger(value) && value >= 0 && value <= maximum,
    measure: () => size,
    write,
    read,
  };
}

/** One byte. */
export const u8 = integer(
  'u8',
  1,
  0xff,
  (view, at, value) => {
    view.setUint8(at, value);
  },
  (view, at) => view.getUint8(at),
);

/** Two bytes, native order. */
export const u16 = integer(
  'u16',
  2,
  0xffff,
  (view, at, value) => {
    view.setUint16(at, value, LITTLE_ENDIAN);
  },
  (view, at) => view.getUint16(at, LITTLE_ENDIAN),
);

/** Four bytes, native order. */
export const u32 = integer(
  'u32',
  4,
  0xffff_ffff,
  (view, at, value) => {
    view.setUint32(at, value, LITTLE_ENDIAN);
  },
  (view, at) => view.getUint32(at, LITTLE_ENDIAN),
);

/** Two bytes, network order. */
export const be16 = integer(
  'be16',
  2,
  0xffff,
  (view, at, value) => {
    view.setUint16(at, value);
  },
  (view, at) => view.getUint16(at),
);

/** Four bytes, network order. */
export const be32 = integer(
  'be32',
  4,
  0xffff_ffff,
  (view, at, value) => {
    view.setUint32(at, value);
  },
  (view, at) => view.getUint32(at),
);

/** Eight bytes, native order. They are only four-byte aligned in a datagram, so a BigUint64Array cannot read them. */
export const u64: Codec<bigint> = {
  name: 'u64',
  expects: 'a bigint from 0 to 2^64 - 1',
  minimum: 8,
  accepts: (value): value is bigint =>
    typeof value === 'bigint' && value >= 0n && value <= 0xffff_ffff_ffff_ffffn,
  measure: () => 8,
  write: (view, at, value) => {
    view.setBigUint64(at, value, LITTLE_ENDIAN);
  },
  // The literal is one object; every other bigint is allocated. Most counters of most tables are 0.
  read: (view, at) => (isZero64(view, at) ? 0n : view.getBigUint64(at, LITTLE_ENDIAN)),
};

function isZero64(view: DataView, at: number): boolean {
  return view.getUint32(at) === 0 && view.getUint32(at + 4) === 0;
}

/** The most bytes in an attribute. */
const LONGEST = 0xffff;

/** The codec of {@link binary}. It has a name so that generated declarations also work with TypeScript before 5.7. */
export interface BinaryCodec extends Codec<Uint8Array> {
  /** Returns a copy, which stays valid when the datagram's buffer is used again. */
  read(this: void, view: DataView, at: number, length: number): Uint8Array;
}

/** Raw bytes. */
export function binary(minimum: number, maximum: number): BinaryCodec {
  argumentsOf.integer('minimum', minimum, 0, LONGEST);
  argumentsOf.integer('maximum', maximum, 0, LONGEST);
  return {
    name: minimum === maximum ? `bytes(${maximum})` : `bytes(${minimum}..${maximum})`,
    expects: `a Uint8Array of ${minimum} to ${maximum} bytes`,
    minimum,
    accepts: (value): value is Uint8Array =>
      value instanceof Uint8Array && value.length >= minimum && value.length <= maximum,
    measure: (value) => value.length,
    // Byte by byte: addresses are short, and allocating an array for each would cost more.
    write: (view, at, value) => {
      for (let index = 0; index < value.length; index++) view.setUint8(at + index, value[index] as number);
    },
    read: (view, at, length) => new Uint8Array(view.buffer, view.byteOffset + at, length).slice(),
  };
}

/** Bytes that requests pad with zeros to `size`. */
export function padded(size: number): BinaryCodec {
  return { ...binary(0, size), measure: () => size };
}

/** Presence without a payload. */
export const flag: Codec<true> = {
  name: 'flag',
  expects: 'true',
  minimum: 0,
  accepts: (value): value is true => value === true,
  measure: () => 0,
  write: () => undefined,
  read: () => true,
};

/** The names and kinds of the fields of a C structure, in its order. */
export type Fields = Readonly<Record<string, Codec<number> | Codec<bigint>>>;
/** The value of a structure of such fields. */
export type FieldValues<F extends Fields> = {
  readonly [K in keyof F]: F[K] extends Codec<infer In> ? In : never;
};

/** A C structure of fixed fields laid out without gaps. */
export function struct<F extends Fields>(fields: F): Codec<FieldValues<F>> {
  argumentsOf.object('fields', fields);
  for (const name in fields) argumentsOf.object(`fields.${name}`, fields[name], { minimum: 'number' });
  const entries = Object.entries(fields) as [string, Codec<number | bigint>][];
  const size = entries.reduce((sum, [, kind]) => sum + kind.minimum, 0);
  return {
    name: `struct { ${entries.map(([name, kind]) => `${kind.name} ${name}`).join(', ')} }`,
    expects: `an object with ${entries.map(([name, kind]) => `${name} (${kind.expects})`).join(', ')}`,
    minimum: size,
    accepts: (value): value is FieldValues<F> =>
      typeof value === 'object' &&
      value !== null &&
      entries.every(([name, kind]) => kind.accepts((value as Record<string, unknown>)[name])),
    measure: () => size,
    write: (view, at, value) => {
      let offset = at;
      for (const [name, kind] of entries) {
        kind.write(view, offset, value[name] as number | bigint);
        offset += kind.minimum;
      }
    },
    read: (view, at) => {
      const value: Record<string, number | bigint> = {};
      let offset = at;
      for (const [name, kind] of entries) {
        value[name] = kind.read(view, offset, kind.minimum);
        offset += kind.minimum;
      }
      return value as FieldValues<F>;
    },
  };
}
