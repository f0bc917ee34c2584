/**
 * The order of records: by their first words, one after another. As ipvsadm has it, each by its 32-bit difference taken as a signed
 * number: that is no order where words lie far apart, and what comes of it depends on the steps of the sorting, which are those of
 * glibc's merge sort. Or as numbers.
 */

/** Orders. */
export const BY_DIFFERENCE: u32 = 1;
export const BY_NUMBER: u32 = 2;

/** How many bytes of a record count. */
let keyBytes: u32 = 0;
let byNumber: bool = false;

/** Puts the places of records in order, which are in `slots`, with as much room behind them. */
export function order(slots: u32, count: u32, bytes: u32, by: u32): void {
  if (count < 2) return;
  keyBytes = bytes;
  byNumber = by == BY_NUMBER;
  const end = slots + (count << 2);
  const first = load<u32>(slots);
  let rising = true;
  let falling = true;
  let apart: u32 = 0;
  for (let slot = slots + 4; slot < end; slot += 4) {
    const record = load<u32>(slot);
    if (compare(load<u32>(slot - 4), record) > 0) rising = false;
    else falling = false;
    for (let at: u32 = 0; at < bytes; at += 4) apart |= load<u32>(first + at) ^ load<u32>(record + at);
  }
  // With the same first bits, all differences are those of the numbers.
  if (<i32>apart >= 0 && (rising || falling)) {
    // The kernel lists the newest first, and most were added in their order.
    if (!rising) reverse(slots, end - 4);
  } else sort(slots, end, end);
}

function compare(one: u32, other: u32): i32 {
  for (let at: u32 = 0; at < keyBytes; at += 4) {
    const difference = load<i32>(one + at) - load<i32>(other + at);
    if (difference == 0) continue;
    if (!byNumber) return difference;
    return load<u32>(one + at) < load<u32>(other + at) ? -1 : 1;
  }
  return 0;
}

function reverse(first: u32, last: u32): void {
  for (let low = first, high = last; low < high; low += 4, high -= 4) {
    const kept = load<u32>(low);
    store<u32>(low, load<u32>(high));
    store<u32>(high, kept);
  }
}

/** Halves of n/2 and the rest, the left one taken on ties. */
function sort(from: u32, until: u32, spare: u32): void {
  const length = (until - from) >> 2;
  if (length < 2) return;
  const middle = from + ((length >> 1) << 2);
  sort(from, middle, spare);
  sort(middle, until, spare);
  let left = from;
  let right = middle;
  let to = spare;
  while (left < middle && right < until) {
    if (compare(load<u32>(left), load<u32>(right)) <= 0) {
      store<u32>(to, load<u32>(left));
      left += 4;
    } else {
      store<u32>(to, load<u32>(right));
      right += 4;
    }
    to += 4;
  }
  // What is left on the right is in its place.
  for (; left < middle; left += 4, to += 4) store<u32>(to, load<u32>(left));
  for (let at = spare; at < to; at += 4) store<u32>(from + (at - spare), load<u32>(at));
}
