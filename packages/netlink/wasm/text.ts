/** Texts, numbers and addresses as characters. Each function returns where its text ends. */

const BLANKS: u64 = 0x2020202020202020;
const COLON: u8 = 0x3a;
const DOT: u8 = 0x2e;
const ZERO: u32 = 0x30;

/** Eight bytes at once: what is written too much, what follows overwrites. */
export function copy(to: u32, from: u32, length: u32): u32 {
  for (let index: u32 = 0; index < length; index += 8) store<u64>(to + index, load<u64>(from + index));
  return to + length;
}

/** Blanks up to `end`, if that is not reached yet. */
export function blanks(to: u32, end: u32): u32 {
  for (let place = to; place < end; place += 8) store<u64>(place, BLANKS);
  return max(to, end);
}

/** A text up to its NUL. */
export function name(to: u32, from: u32): u32 {
  let end = to;
  for (let code = load<u8>(from); code != 0; code = load<u8>(++from)) store<u8>(end++, code);
  return end;
}

export function decimal(to: u32, value: u32): u32 {
  if (value < 10) {
    store<u8>(to, ZERO + value);
    return to + 1;
  }
  let end = to + 1;
  for (let rest = value; rest > 9; rest /= 10) end += 1;
  let place = end;
  let rest = value;
  do {
    store<u8>(--place, <u8>(ZERO + (rest % 10)));
    rest /= 10;
  } while (rest != 0);
  return end;
}

/** A number that ends in the last of eight columns, if it is not longer. */
function right(to: u32, value: u64): u32 {
  store<u64>(to, BLANKS);
  let length: u32 = 1;
  for (let rest = value; rest > 9; rest /= 10) length += 1;
  const end = to + max<u32>(length, 8);
  let place = end;
  let rest = value;
  do {
    store<u8>(--place, <u8>(ZERO + <u32>(rest % 10)));
    rest /= 10;
  } while (rest != 0);
  return end;
}

/** A number in nine columns, or more, of which the first is a blank. */
export function full(to: u32, value: u64): u32 {
  store<u8>(to, <u8>BLANKS);
  return right(to + 1, value);
}

/** A number in nine columns; where it is too long for eight, it is divided, and a unit takes the last. */
export function scaled(to: u32, value: u64): u32 {
  if (value < 100_000_000) return full(to, value);
  let divisor: u64 = 1_000_000_000_000;
  let unit: u8 = 0x54;
  if (value < 1_000_000_000) {
    divisor = 1_000;
    unit = 0x4b;
  } else if (value < 100_000_000_000) {
    divisor = 1_000_000;
    unit = 0x4d;
  } else if (value < 100_000_000_000_000) {
    divisor = 1_000_000_000;
    unit = 0x47;
  }
  const end = right(to, value / divisor);
  store<u8>(end, unit);
  return end + 1;
}

/** An IPv4 address: four decimal numbers between dots. */
export function address4(to: u32, value: u32): u32 {
  let end = decimal(to, value >> 24);
  for (let shift = 16; shift >= 0; shift -= 8) {
    store<u8>(end, DOT);
    end = decimal(end + 1, (value >> shift) & 0xff);
  }
  return end;
}

/** An IPv6 address, whose four words are at `from`, as inet_ntop(3) writes it. */
export function address6(to: u32, from: u32): u32 {
  // The first of the longest runs of zeros, from two on, is left out.
  let start: u32 = 8;
  let length: u32 = 1;
  for (let index: u32 = 0; index < 8;) {
    let end = index;
    while (end < 8 && group(from, end) == 0) end += 1;
    if (end - index > length) {
      start = index;
      length = end - index;
    }
    index = end + 1;
  }
  if (start == 0 && (length == 6 || (length == 5 && group(from, 5) == 0xffff))) {
    store<u16>(to, 0x3a3a);
    if (length == 6) return address4(to + 2, load<u32>(from + 12));
    store<u32>(to + 2, 0x66666666);
    store<u8>(to + 6, COLON);
    return address4(to + 7, load<u32>(from + 12));
  }
  for (let index: u32 = 0; index < 8;) {
    if (index == start) {
      store<u16>(to, 0x3a3a);
      to += 2;
      index += length;
      continue;
    }
    if (index != 0 && index != start + length) store<u8>(to++, COLON);
    to = hexadecimal(to, group(from, index));
    index += 1;
  }
  return to;
}

function group(from: u32, index: u32): u32 {
  const word = load<u32>(from + ((index >> 1) << 2));
  return (index & 1) != 0 ? word & 0xffff : word >> 16;
}

function hexadecimal(to: u32, value: u32): u32 {
  let shift: i32 = 12;
  while (shift > 0 && value >> shift == 0) shift -= 4;
  for (; shift >= 0; shift -= 4) {
    const digit = (value >> shift) & 0xf;
    store<u8>(to++, <u8>(digit < 10 ? ZERO + digit : 0x57 + digit));
  }
  return to;
}
