import { argumentsOf } from '../argument-checks.js';
import type { Codec } from './codec.js';

const encoder = new TextEncoder();
const decoder = new TextDecoder();

/** Reads text up to the first NUL or `end`. Names of kernel objects are nearly always ASCII, which needs no decoder. */
function readText(view: DataView, start: number, end: number): string {
  let text = '';
  for (let at = start; at < end; at++) {
    const byte = view.getUint8(at);
    if (byte === 0) break;
    if (byte > 0x7f) return readUnicode(view, start, end);
    text += String.fromCharCode(byte);
  }
  return text;
}

function readUnicode(view: DataView, start: number, end: number): string {
  const bytes = new Uint8Array(view.buffer, view.byteOffset + start, end - start);
  const nul = bytes.indexOf(0);
  return decoder.decode(nul === -1 ? bytes : bytes.subarray(0, nul));
}

/** Length of a text in bytes of UTF-8. Names of kernel objects are nearly always ASCII, and short. */
function byteLength(text: string): number {
  for (let at = 0; at < text.length; at++) if (text.charCodeAt(at) > 0x7f) return Buffer.byteLength(text);
  return text.length;
}

/** A C string of at most `maximum` bytes (without the terminating NUL, which is always written). */
export function zstring(maximum: number): Codec<string> {
  argumentsOf.integer('maximum', maximum, 0, 0xfffa);
  return {
    name: `string(${maximum})`,
    expects: `text without NUL of at most ${maximum} bytes`,
    minimum: 0,
    accepts: (value): value is string =>
      typeof value === 'string' && !value.includes('\0') && byteLength(value) <= maximum,
    measure: (value) => byteLength(value) + 1,
    write: (view, at, value) => {
      if (byteLength(value) === value.length) {
        for (let index = 0; index < value.length; index++) view.setUint8(at + index, value.charCodeAt(index));
      } else encoder.encodeInto(value, new Uint8Array(view.buffer, view.byteOffset + at));
    },
    read: (view, at, length) => readText(view, at, at + length),
  };
}
