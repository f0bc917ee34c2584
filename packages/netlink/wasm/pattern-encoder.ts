/**
 * Writes requests from texts of known patterns; `src/bulk/pattern-encoder.ts` says what for. Compiled to WebAssembly, since a
 * program that has just started runs this at the speed of compiled code from the first text on.
 *
 * A pattern in memory: the next one, its steps, its message, the length of that, and its patches.
 */
import { SEQUENCE_AT } from './message';
import { patch } from './patch';

/** Places in memory: patterns, texts with a zero after them, and requests. */
export const PATTERNS: u32 = 0x1000;
export const PATTERNS_END: u32 = 0x10000;
export const TEXT: u32 = 0x10000;
export const TEXT_END: u32 = 0x2fff0;
export const REQUESTS: u32 = 0x30000;
export const REQUESTS_END: u32 = 0x50000;

/** Steps of a pattern: characters, and these. Each has the least and the largest number that it takes. */
const NUMBER: u32 = 256;
const ADDRESS: u32 = 257;
const MOST_OCTET: u32 = 255;

/** The values of the text at hand. */
const VALUES: u32 = <u32>memory.data(64 * 4);

/** What {@link digits} read. */
let number: u64 = 0;

/** The pattern that matched last: the next text mostly matches it too. */
let last: u32 = 0;

/** What was written: requests, where the last one begins, and where it ends. */
export let count: u32 = 0;
export let final: u32 = REQUESTS;
export let end: u32 = REQUESTS;

/** Whether writing ended for want of room. */
export let full: bool = false;

/** The first pattern, or 0. */
let patterns: u32 = 0;

export function setPatterns(first: u32): void {
  patterns = first;
  last = first;
}

/**
 * Writes the requests of the texts from `at` on, up to the first that has none of the patterns, or does not fit into what is
 * left: `most` requests and `room` bytes. The sequence number of the first is `seq`. Gives where it stopped.
 */
export function write(at: u32, until: u32, seq: u32, most: u32, room: u32): u32 {
  count = 0;
  end = REQUESTS;
  full = false;
  while (at < until) {
    const next = one(at, seq, most, room);
    if (next == 0) break;
    at = next;
  }
  return at;
}

/** The end of the text at `at`, whose request it wrote; 0 if it wrote none. */
function one(at: u32, seq: u32, most: u32, room: u32): u32 {
  let pattern = last;
  let next = pattern == 0 ? 0 : match(pattern, at);
  if (next == 0) {
    for (pattern = patterns; pattern != 0; pattern = load<u32>(pattern)) {
      next = pattern == last ? 0 : match(pattern, at);
      if (next != 0) break;
    }
    if (next == 0) return 0;
    last = pattern;
  }
  const length = load<u32>(pattern + 12);
  if (count == most || end + length > REQUESTS + room) {
    full = true;
    return 0;
  }
  memory.copy(end, load<u32>(pattern + 8), length);
  patch(load<u32>(pattern + 16), VALUES, end);
  store<u32>(end + SEQUENCE_AT, seq + count);
  final = end;
  end += length;
  count += 1;
  return next;
}

/** The end of the text at `start` that matches a pattern; 0 if it does not match. */
function match(pattern: u32, start: u32): u32 {
  let at = start;
  let value = VALUES;
  let step = load<u32>(pattern + 4);
  while (true) {
    const code = load<u32>(step);
    if (code == 0) return at;
    if (code < NUMBER) {
      if (load<u8>(at) != <u8>code) return 0;
      at += 1;
      step += 12;
      continue;
    }
    const most = load<u32>(step + 8);
    at = digits(at, code == ADDRESS ? MOST_OCTET : most);
    if (at == 0) return 0;
    let found = <u32>number;
    if (code == ADDRESS) {
      for (let octet = 1; octet < 4; octet++) {
        if (load<u8>(at) != 0x2e) return 0;
        at = digits(at + 1, MOST_OCTET);
        if (at == 0) return 0;
        found = (found << 8) | (<u32>number);
      }
    }
    if (found < load<u32>(step + 4) || found > most) return 0;
    store<u32>(value, found);
    value += 4;
    step += 12;
  }
}

/** Reads a number without zeros before it; where it ends, 0 if there is none, or a larger one. */
function digits(start: u32, most: u32): u32 {
  let at = start;
  let value: u64 = 0;
  while (true) {
    const digit = <u32>load<u8>(at) - 0x30;
    if (digit > 9) break;
    value = value * 10 + digit;
    if (value > most) return 0;
    at += 1;
  }
  if (at == start || (at > start + 1 && load<u8>(start) == 0x30)) return 0;
  number = value;
  return at;
}
