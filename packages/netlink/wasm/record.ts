/**
 * Values of messages as words of records. An entry of a layout has a place in the message, a kind, a word of the record, the
 * bits that count, the largest value that is known, and the words that it may stand for, if not any.
 */
import { ATTRIBUTE_BYTES } from './message';
import { read } from './patch';

/** Kinds of values beside those of patches. */
const TEXT: u32 = 6;
const NAMED: u32 = 7;
const ADDRESS: u32 = 8;
const U64: u32 = 9;
const U32: u32 = 3;

/** A text has up to 15 characters. */
const TEXT_BYTES: u32 = 16;

/** Names what is special about the message from `at` to `to`: where the text of it is, 0 if there is none. */
declare function name(at: u32, to: u32): u32;

/** Takes the values of the message at `at`; false if there is one that is not known. */
export function takeValues(entries: u32, at: u32, record: u32): bool {
  let entry = entries;
  for (let kind = load<u32>(entry + 4); kind != 0; kind = load<u32>(entry + 4)) {
    const from = at + load<u32>(entry);
    const to = record + (load<u32>(entry + 8) << 2);
    if (kind < TEXT) {
      const value = read(kind, from) & load<u32>(entry + 12);
      if (value > load<u32>(entry + 16)) return false;
      const words = load<u32>(entry + 20);
      if (words != 0 && wordOf(words, value) == 0) return false;
      store<u32>(to, value);
    } else if (kind == TEXT) {
      if (!takeText(from, to)) return false;
    } else if (kind == ADDRESS) {
      for (let part: u32 = 0; part < 16; part += 4) store<u32>(to + part, bswap<u32>(load<u32>(from + part)));
    } else if (kind == U64) {
      // The high word has the limit.
      if (load<u32>(from + 4) > load<u32>(entry + 16)) return false;
      store<u64>(to, load<u64>(from));
    } else if ((read(U32, from) & load<u32>(entry + 12)) != 0) {
      const text = name(at, at + load<u32>(at));
      if (text == 0) return false;
      store<u32>(to, text);
    }
    entry += 24;
  }
  return true;
}

/** Takes the text of an attribute, up to its first NUL; false if it is empty, too long or not ASCII. */
function takeText(from: u32, to: u32): bool {
  const length = <u32>load<u16>(from - ATTRIBUTE_BYTES) - ATTRIBUTE_BYTES;
  for (let index: u32 = 0; index < length; index++) {
    const code = load<u8>(from + index);
    if (code == 0) return index > 0;
    if (code > 0x7f || index == TEXT_BYTES - 1) return false;
    store<u8>(to + index, code);
  }
  return length > 0;
}

/** The entry of a list of words that is for `value`; 0 if there is none. An entry: the value, the text, its length. */
export function wordOf(words: u32, value: u32): u32 {
  for (let left = load<u32>(words), entry = words + 4; left > 0; left--, entry += 12) {
    if (load<u32>(entry) == value) return entry;
  }
  return 0;
}
