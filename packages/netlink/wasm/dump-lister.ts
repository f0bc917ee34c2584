/**
 * Takes values out of dumps and writes them as lines, for `src/bulk/dump-lister.ts`. Compiled to WebAssembly, so that
 * it runs at the speed of compiled code from the first message on, even in a program that has just started.
 */
import {
  ATTRIBUTE_BYTES,
  DONE,
  DUMP_INTR,
  FLAGS_AT,
  MESSAGE_BYTES,
  END_BYTES,
  MIN_TYPE,
  MULTI,
  SEQUENCE_AT,
  TYPE_AT,
} from './message';
import { patch, read as readValue } from './patch';

/** Places in memory: tables of the caller, the datagram, lines, and records. */
export const ARENA: u32 = 0x1000;
export const ARENA_END: u32 = 0x10000;
export const DATAGRAM: u32 = 0x10000;
export const DATAGRAM_END: u32 = 0x20000;
export const LINES: u32 = 0x20000;
export const LINES_END: u32 = 0x30000;
export const RECORDS: u32 = 0x30000;

/** A record: eight words. Records are sorted by the first three. */
export const RECORD_BYTES: u32 = 32;
const PAGE: u32 = 0x10000;

/** Results of `read`. */
const MORE: u32 = 0;
const WHOLE: u32 = 1;
const UNEXPECTED: u32 = 2;
/** Added to it when the memory has grown. */
const GROWN: u32 = 4;

/**
 * Kinds of values beside those of patches: a text of up to 15 characters, and a word that makes a message special
 * unless it is 0.
 */
const TEXT: u32 = 5;
const SPECIAL: u32 = 6;
const TEXT_BYTES: u32 = 16;

/** Addresses that are farther apart have no order: listings compare them by their 32-bit difference. */
const HALF: u32 = 0x80000000;

/** Learns the layout of the message from `at` to `to`; 0 if it has none. */
declare function learn(at: u32, to: u32): u32;
/** Keeps what is special about the message from `at` to `to`; returns a number above 0 for it. */
declare function keep(at: u32, to: u32): u32;

/** The records of the present dump: the place of the first one, and their number. */
let records: u32 = RECORDS;
let count: u32 = 0;

/** The layout that matched last, and the first one; a layout begins with a pointer to the next. */
let last: u32 = 0;
let layouts: u32 = 0;

/** The end of the written lines. */
export let written: u32 = LINES;

/** Begins a dump whose messages have these layouts; its records are stored from `base` on. */
export function begin(first: u32, base: u32): void {
  layouts = first;
  last = first;
  records = base;
  count = 0;
}

/** Takes the messages of a datagram of `length` bytes. */
export function read(length: u32, seq: u32): u32 {
  const pages = memory.size();
  const progress = readAll(length, seq);
  return memory.size() == pages ? progress : progress | GROWN;
}

function readAll(length: u32, seq: u32): u32 {
  const end = DATAGRAM + length;
  for (let at = DATAGRAM; at < end;) {
    if (last == 0 || !fits(last, at, end)) {
      if (isEnd(at, end, seq)) return WHOLE;
      last = layoutOf(at, end);
      if (last == 0) return UNEXPECTED;
    }
    if (load<u32>(at + SEQUENCE_AT) != seq || !take(at)) return UNEXPECTED;
    at += load<u32>(last + 4);
  }
  return MORE;
}

/** Whether the message at `at` has a layout: pairs of a place and the word there. */
function fits(layout: u32, at: u32, end: u32): bool {
  if (at + load<u32>(layout + 4) > end) return false;
  let head = load<u32>(layout + 8);
  while (load<i32>(head) >= 0) {
    if (load<u32>(at + load<u32>(head)) != load<u32>(head + 4)) return false;
    head += 8;
  }
  return true;
}

/**
 * Whether the message at `at` ends the dump in the usual form: the last of its datagram, a status of 0, and nothing
 * else. All other ends are left to the ordinary reading, by the conversation of `src/protocol`.
 */
function isEnd(at: u32, end: u32, seq: u32): bool {
  if (end - at != END_BYTES || load<u32>(at) != END_BYTES) return false;
  if (load<u16>(at + TYPE_AT) != DONE || load<u16>(at + FLAGS_AT) != MULTI) return false;
  return load<u32>(at + SEQUENCE_AT) == seq && load<u32>(at + MESSAGE_BYTES) == 0;
}

function isUndisturbed(at: u32): bool {
  return (load<u16>(at + FLAGS_AT) & DUMP_INTR) == 0;
}

/** Which layout the message at `at` has, if it is one of data. */
function layoutOf(at: u32, end: u32): u32 {
  const left = end - at;
  const length: u32 = left < MESSAGE_BYTES ? 0 : load<u32>(at);
  if (length < MESSAGE_BYTES || length > left) return 0;
  if (load<u16>(at + TYPE_AT) < MIN_TYPE || !isUndisturbed(at)) return 0;
  for (let layout = layouts; layout != 0; layout = load<u32>(layout)) {
    if (fits(layout, at, end)) return layout;
  }
  const learnt = learn(at, at + length);
  if (learnt != 0) layouts = learnt;
  return learnt;
}

/**
 * Takes the values of the message at `at`: each has a place in the message, a kind, a word of the record, the bits of it that
 * count, the largest that is known, and the words that it may stand for, if not any.
 */
function take(at: u32): bool {
  const record = records + count * RECORD_BYTES;
  if (record + RECORD_BYTES > <u32>memory.size() * PAGE && memory.grow(16) < 0) return false;
  for (let word = record; word < record + RECORD_BYTES; word += 8) store<u64>(word, 0);
  for (let entry = load<u32>(last + 12); ; entry += 24) {
    const kind = load<u32>(entry + 4);
    if (kind == 0) break;
    const from = at + load<u32>(entry);
    const to = record + (load<u32>(entry + 8) << 2);
    if (kind == TEXT) {
      if (!takeText(from, to)) return false;
      continue;
    }
    let value = readValue(kind == SPECIAL ? 3 : kind, from) & load<u32>(entry + 12);
    if (kind == SPECIAL && value != 0) value = keep(at, at + load<u32>(at));
    else if (value > load<u32>(entry + 16)) return false;
    const words = load<u32>(entry + 20);
    if (words != 0 && wordOf(words, value) == 0) return false;
    store<u32>(to, value);
  }
  count += 1;
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
function wordOf(words: u32, value: u32): u32 {
  for (let left = load<u32>(words), entry = words + 4; left > 0; left--, entry += 12) {
    if (load<u32>(entry) == value) return entry;
  }
  return 0;
}

function addressOf(record: u32): u32 {
  return load<u32>(record + 4);
}

/** What records are ordered by: protocol, address, port. */
function keyOf(record: u32): u64 {
  return ((<u64>load<u32>(record)) << 48) | ((<u64>addressOf(record)) << 16) | load<u32>(record + 8);
}

/** Puts the records in order; how many there are, −1 if they have none: one comes twice, or addresses lie too far apart. */
export function end(): i32 {
  return order() ? count : -1;
}

function order(): bool {
  if (count == 0) return true;
  const final = records + (count - 1) * RECORD_BYTES;
  let rising = true;
  let falling = true;
  let least = addressOf(records);
  let most = least;
  for (let record = records; record < final; record += RECORD_BYTES) {
    const next = record + RECORD_BYTES;
    if (keyOf(record) >= keyOf(next)) rising = false;
    if (keyOf(record) <= keyOf(next)) falling = false;
    least = min(least, addressOf(next));
    most = max(most, addressOf(next));
  }
  if (most - least >= HALF) return false;
  if (rising) return true;
  // The kernel lists the newest first, and most were added in their order.
  if (falling) {
    for (let low = records, high = final; low < high; low += RECORD_BYTES, high -= RECORD_BYTES)
      swap(low, high);
    return true;
  }
  sort();
  for (let record = records; record < final; record += RECORD_BYTES) {
    if (keyOf(record) == keyOf(record + RECORD_BYTES)) return false;
  }
  return true;
}

/** By a heap, where the records are: as fast for any order that they come in. */
function sort(): void {
  for (let root = <i32>(count >> 1) - 1; root >= 0; root--) sink(root, count);
  for (let length = count - 1; length > 0; length--) {
    swap(records, records + length * RECORD_BYTES);
    sink(0, length);
  }
}

function sink(from: u32, length: u32): void {
  let parent = from;
  while (true) {
    let child = parent * 2 + 1;
    if (child >= length) return;
    if (child + 1 < length && keyOf(at(child)) < keyOf(at(child + 1))) child += 1;
    if (keyOf(at(parent)) >= keyOf(at(child))) return;
    swap(at(parent), at(child));
    parent = child;
  }
}

function at(index: u32): u32 {
  return records + index * RECORD_BYTES;
}

function swap(one: u32, other: u32): void {
  for (let offset: u32 = 0; offset < RECORD_BYTES; offset += 8) {
    const kept = load<u64>(one + offset);
    store<u64>(one + offset, load<u64>(other + offset));
    store<u64>(other + offset, kept);
  }
}

/** Writes the values of the record at `record` into a request. */
export function address(record: u32, patches: u32, request: u32): void {
  patch(patches, record, request);
}

/** Steps of a line. */
const LITERAL: u32 = 1;
const DECIMAL: u32 = 2;
const DOTTED: u32 = 3;
const WORD: u32 = 4;
const NAME: u32 = 5;
const MARK: u32 = 6;
const PAD: u32 = 7;

const BLANKS: u64 = 0x2020202020202020;

/** The most that a line takes; the caller sees to it, and `copy` and blanks write up to seven bytes more. */
const LINE_BYTES: u32 = 512;

/** Forgets the lines. */
export function clear(): void {
  written = LINES;
}

/**
 * Writes a line for each record from `from` on, up to `until`, as far as there is room. A line is steps of three words. Gives
 * the first record that has none yet.
 */
export function write(line: u32, from: u32, until: u32): u32 {
  let record = from;
  while (record < until && written + LINE_BYTES <= LINES_END) {
    written = writeLine(line, record);
    record += RECORD_BYTES;
  }
  return record;
}

function writeLine(line: u32, record: u32): u32 {
  let to = written;
  let mark = to;
  let step = line;
  while (true) {
    const first = load<u32>(step + 4);
    const second = load<u32>(step + 8);
    switch (load<u32>(step)) {
      case LITERAL: {
        to = copy(to, first, second);
        break;
      }
      case DECIMAL: {
        to = decimal(to, load<u32>(record + first));
        break;
      }
      case DOTTED: {
        to = dotted(to, load<u32>(record + first));
        break;
      }
      case WORD: {
        const entry = wordOf(second, load<u32>(record + first));
        to = copy(to, load<u32>(entry + 4), load<u32>(entry + 8));
        break;
      }
      case NAME: {
        to = name(to, record + first);
        break;
      }
      case MARK: {
        mark = to;
        break;
      }
      case PAD: {
        const end = mark + first;
        for (let place = to; place < end; place += 8) store<u64>(place, BLANKS);
        to = max(to, end);
        break;
      }
      default:
        return to;
    }
    step += 12;
  }
}

/** Eight bytes at once: what is written too much, what follows overwrites. */
function copy(to: u32, from: u32, length: u32): u32 {
  for (let index: u32 = 0; index < length; index += 8) store<u64>(to + index, load<u64>(from + index));
  return to + length;
}

function name(to: u32, from: u32): u32 {
  let end = to;
  for (let code = load<u8>(from); code != 0; code = load<u8>(++from)) store<u8>(end++, code);
  return end;
}

function dotted(to: u32, value: u32): u32 {
  let end = decimal(to, value >> 24);
  for (let shift = 16; shift >= 0; shift -= 8) {
    store<u8>(end, 0x2e);
    end = decimal(end + 1, (value >> shift) & 0xff);
  }
  return end;
}

function decimal(to: u32, value: u32): u32 {
  if (value < 10) {
    store<u8>(to, 0x30 + value);
    return to + 1;
  }
  let end = to + 1;
  for (let rest = value; rest > 9; rest /= 10) end += 1;
  let place = end;
  let rest = value;
  do {
    store<u8>(--place, <u8>(0x30 + (rest % 10)));
    rest /= 10;
  } while (rest != 0);
  return end;
}
