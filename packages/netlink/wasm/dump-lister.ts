/**
 * Takes values out of dumps, and writes them as lines; `src/bulk/dump-lister.ts` says what for. Compiled to WebAssembly,
 * since a program that has just started runs this at the speed of compiled code from the first message on.
 *
 * A dump in memory, in words: its first layout, the bytes of its records, the bytes of them that they are ordered by, where the
 * number of their form is, whether all have to be of one form, and its forms. A layout: the next one, the length of a message,
 * the words that are the same in all, the values, and the number of its form.
 */
import {
  DONE,
  DUMP_INTR,
  END_BYTES,
  FLAGS_AT,
  MESSAGE_BYTES,
  MIN_TYPE,
  MULTI,
  SEQUENCE_AT,
  TYPE_AT,
} from './message';
import { keep, LINE_BYTES, writeLine } from './line';
import { order } from './order';
import { patch } from './patch';
import { takeValues } from './record';

/** Where the caller puts what it makes once, where datagrams, where lines are stored, and where records begin. */
export const ARENA: u32 = 0x1000;
export const ARENA_END: u32 = 0x10000;
export const DATAGRAM: u32 = 0x10000;
export const DATAGRAM_END: u32 = 0x20000;
export const LINES: u32 = 0x20000;
export const LINES_END: u32 = 0x30000;
export const RECORDS: u32 = 0x30000;

const PAGE: u32 = 0x10000;
const GROWTH: u32 = 16;

/** Results of `read`. */
const MORE: u32 = 0;
const WHOLE: u32 = 1;
const UNEXPECTED: u32 = 2;
/** What `print` came to, unless it is a number of records. */
const NONE: i32 = -1;
const FULL: i32 = -2;
const FULL_BEFORE: i32 = -3;

const NO_FORM: u32 = 0xffffffff;

/** A form: its line, the line that is kept for the lines below, the request that is made of its records and how, and what is asked for. */
const FORM_BYTES: u32 = 20;

/** Learns the layout of the message from `at` to `to`; 0 if it has none. */
declare function learn(at: u32, to: u32): u32;

/** The dump at hand; its records and how many there are, where the next one is stored, and the form of the last. */
let dump: u32 = 0;
let recordBytes: u32 = 0;
let records: u32 = RECORDS;
let next: u32 = RECORDS;
let form: u32 = NO_FORM;

/** The layout that fitted last. */
let last: u32 = 0;

/** The places of the records, in order. */
let slots: u32 = 0;
let slotsEnd: u32 = 0;

/** The dump whose records are asked about: its places, and where the memory behind them begins. */
let above: u32 = 0;
let aboveSlots: u32 = 0;
let free: u32 = RECORDS;

/** The next record whose line is not written yet. */
let unwritten: u32 = 0;

/** The end of the written lines. */
export let written: u32 = LINES;

/** Begins a dump; its records take the place of all others. */
export function begin(which: u32): void {
  start(which, RECORDS);
}

function start(which: u32, base: u32): void {
  dump = which;
  last = load<u32>(which);
  recordBytes = load<u32>(which + 4);
  records = base;
  next = base;
  form = NO_FORM;
}

/** Makes room up to `end`; false if it is refused. */
function reserve(end: u32): bool {
  const missing = <i32>end - <i32>(<u32>memory.size() * PAGE);
  return missing <= 0 || memory.grow(max<u32>(GROWTH, (<u32>missing + PAGE - 1) / PAGE)) >= 0;
}

/** Takes the messages of a datagram of `length` bytes. */
export function read(length: u32, seq: u32): u32 {
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

/** Which layout the message at `at` has, if it is one of data that was not disturbed. */
function layoutOf(at: u32, end: u32): u32 {
  const left = end - at;
  const length: u32 = left < MESSAGE_BYTES ? 0 : load<u32>(at);
  if (length < MESSAGE_BYTES || length > left) return 0;
  if (load<u16>(at + TYPE_AT) < MIN_TYPE || (load<u16>(at + FLAGS_AT) & DUMP_INTR) != 0) return 0;
  for (let layout = load<u32>(dump); layout != 0; layout = load<u32>(layout)) {
    if (fits(layout, at, end)) return layout;
  }
  const learnt = learn(at, at + length);
  if (learnt != 0) store<u32>(dump, learnt);
  return learnt;
}

/** Makes a record of the message at `at`. */
function take(at: u32): bool {
  const record = next;
  const end = record + recordBytes;
  if (!reserve(end)) return false;
  const its = load<u32>(last + 16);
  if (its != form) {
    if (form != NO_FORM && load<u32>(dump + 16) != 0) return false;
    form = its;
  }
  for (let word = record; word < end; word += 8) store<u64>(word, 0);
  store<u32>(record + load<u32>(dump + 12), its);
  next = end;
  return takeValues(load<u32>(last + 12), at, record);
}

/** Puts the records in an order, if asked to; how many there are, or `NONE` where there is no room for it. */
export function end(by: u32): i32 {
  const count = (next - records) / recordBytes;
  slots = next;
  slotsEnd = next + (count << 2);
  if (!reserve(next + (count << 3))) return NONE;
  for (let slot = slots, record = records; slot < slotsEnd; slot += 4, record += recordBytes) {
    store<u32>(slot, record);
  }
  if (by != 0) order(slots, count, load<u32>(dump + 8), by);
  return count;
}

/** Keeps the records of the dump that ended; those of the next ones are stored behind them. */
export function hold(): void {
  above = dump;
  aboveSlots = slots;
  free = (slotsEnd + 7) & ~7;
}

/** The place of a record that is kept, by its rank. */
export function record(index: u32): u32 {
  return load<u32>(aboveSlots + (index << 2));
}

function formOf(its: u32): u32 {
  return load<u32>(above + 20) + load<u32>(its + load<u32>(above + 12)) * FORM_BYTES;
}

/** Makes the request that a kept record is, and begins the dump that answers it; the number of the record's form, `NO_FORM` if it is none. */
export function ask(index: u32): u32 {
  const its = record(index);
  const entry = formOf(its);
  if (load<u32>(entry + 16) == 0) return NO_FORM;
  patch(load<u32>(entry + 12), its, load<u32>(entry + 8));
  start(load<u32>(entry + 16), free);
  return load<u32>(its + load<u32>(above + 12));
}

/** Forgets the lines. */
export function clear(): void {
  written = LINES;
}

/**
 * Ends the dump that was begun by `ask`, and writes the line of the record that was asked about, then its own. How many
 * records there are: with none, nothing is written; `NONE` where there is no room for their order. Where there is none for lines,
 * they have to be cleared: then `print` is called again after `FULL_BEFORE`, and `more` after `FULL`.
 */
export function print(index: u32, by: u32): i32 {
  if (written + LINE_BYTES > LINES_END) return FULL_BEFORE;
  const count = end(by);
  if (count <= 0) return count;
  line(index);
  unwritten = slots;
  return more();
}

/** Writes the line of a kept record alone, for which there has to be room, and keeps what the lines below have of it. */
export function line(index: u32): void {
  const its = record(index);
  const entry = formOf(its);
  written = writeLine(written, load<u32>(entry), its);
  const kept = load<u32>(entry + 4);
  if (kept != 0) keep(kept, its);
}

/** Goes on after `FULL`, which it returns too; else how many records there are. */
export function more(): i32 {
  const form = load<u32>(dump + 12);
  const forms = load<u32>(dump + 20);
  while (unwritten < slotsEnd) {
    if (written + LINE_BYTES > LINES_END) return FULL;
    const its = load<u32>(unwritten);
    written = writeLine(written, load<u32>(forms + load<u32>(its + form) * FORM_BYTES), its);
    unwritten += 4;
  }
  return (slotsEnd - slots) >> 2;
}
