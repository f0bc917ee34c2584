import { align4, LITTLE_ENDIAN } from './align.js';
import { ATTRIBUTE_TYPE_AT, ATTRIBUTE_TYPE_MASK, HEADER_BYTES } from './constants.js';
import { malformed } from '../errors.js';

/** One attribute in a datagram. Offsets count from the start of the view. */
export interface Attribute {
  /** Number of the attribute, without the flag bits. */
  readonly type: number;
  /** First byte of the payload. */
  readonly start: number;
  /** Byte after the payload, padding not included. */
  readonly end: number;
}

/**
 * The length, including the header, of the attribute at `at`, checked against `end`, where its container ends. Every
 * reader of attributes uses this function, so none reads beyond what the kernel sent.
 */
export function attributeLength(view: DataView, at: number, end: number): number {
  const left = end - at;
  if (left >= HEADER_BYTES.ATTRIBUTE) {
    const length = view.getUint16(at, LITTLE_ENDIAN);
    if (length >= HEADER_BYTES.ATTRIBUTE && length <= left) return length;
  }
  throw wrongLength(view, at, left);
}

function wrongLength(view: DataView, at: number, left: number): Error {
  if (left < HEADER_BYTES.ATTRIBUTE)
    return malformed(`${left} bytes at offset ${at} are too few for an attribute header`);
  return malformed(
    `attribute at offset ${at} gives its length as ${view.getUint16(at, LITTLE_ENDIAN)}; ${HEADER_BYTES.ATTRIBUTE} to ${left} are possible`,
  );
}

/** Walks the attributes between `start` and `end`. The padding of the last one may be missing. */
export function* attributes(
  view: DataView,
  start: number,
  end: number,
): Generator<Attribute, void, undefined> {
  for (let at = start; at < end;) {
    const length = attributeLength(view, at, end);
    const type = view.getUint16(at + ATTRIBUTE_TYPE_AT, LITTLE_ENDIAN) & ATTRIBUTE_TYPE_MASK;
    yield { type, start: at + HEADER_BYTES.ATTRIBUTE, end: at + length };
    at += align4(length);
  }
}
