import {
  type AttributeSet,
  type Definition,
  LITTLE_ENDIAN,
  type ReaderOf,
  type Shape,
} from '@ipvs-ts/netlink';
import { align4 } from '@ipvs-ts/netlink/testing';
import type { Remark } from './result.js';
import { ruleOf, violation } from './policy.js';

const TYPE_MASK = 0x3fff;

/** Attributes as the kernel reads them. */
export interface Parsed<S extends Shape> {
  /** 0, or the errno of the first attribute that breaks its rule. */
  readonly errno: number;
  readonly reader: ReaderOf<S>;
  /** What the kernel says if extended acknowledgements are enabled. */
  readonly remark: Remark | undefined;
}

/**
 * Reads attributes leniently: unknown ones are ignored, the last of duplicates counts, and everything after a broken
 * length is ignored. `message` is the offset of the request.
 */
export function parse<S extends Shape>(
  set: AttributeSet<S>,
  view: DataView,
  start: number,
  end: number,
  message = 0,
): Parsed<S> {
  const reader = set.reader();
  const lines = definitions(set);
  let at = start;
  while (end - at >= 4) {
    const length = view.getUint16(at, LITTLE_ENDIAN);
    if (length < 4 || length > end - at) break;
    const definition = lines.get(view.getUint16(at + 2, LITTLE_ENDIAN) & TYPE_MASK);
    const errno = definition === undefined ? 0 : violation(ruleOf(definition), view, at + 4, length - 4);
    if (errno !== 0) {
      return {
        errno,
        reader,
        remark: { text: 'Attribute failed policy validation', at: at - message, definition },
      };
    }
    at += align4(length);
  }
  reader.load(view, start, Math.min(at, end));
  const remark = at < end ? { text: 'bytes leftover after parsing attributes' } : undefined;
  return { errno: 0, reader, remark };
}

const known = new WeakMap<AttributeSet<Shape>, Map<number, Definition>>();

function definitions(set: AttributeSet<Shape>): Map<number, Definition> {
  let lines = known.get(set);
  if (lines === undefined) {
    lines = new Map(Object.values(set.attributes).map((definition) => [definition.number, definition]));
    known.set(set, lines);
  }
  return lines;
}

/** The bounds of the payload of an attribute; undefined if it is absent. */
export function payload<S extends Shape>(
  reader: ReaderOf<S>,
  name: keyof S & string,
): { start: number; end: number } | undefined {
  const start = reader.payload(name, 0);
  if (start === undefined) return undefined;
  return { start, end: start - 4 + reader.view.getUint16(start - 4, LITTLE_ENDIAN) };
}

/** The payload of an attribute as `size` bytes, the missing ones zero; undefined if it is absent. */
export function zeroFilled<S extends Shape>(
  reader: ReaderOf<S>,
  name: keyof S & string,
  size: number,
): Uint8Array | undefined {
  const found = payload(reader, name);
  if (found === undefined) return undefined;
  const bytes = new Uint8Array(size);
  const { buffer, byteOffset } = reader.view;
  bytes.set(new Uint8Array(buffer, byteOffset + found.start, Math.min(size, found.end - found.start)));
  return bytes;
}
