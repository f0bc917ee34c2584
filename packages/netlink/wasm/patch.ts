/** How a value lies in a message. What lists of these numbers mean is written in `src/bulk/wasm.ts`, which makes them. */
const U16: u32 = 1;
const BE16: u32 = 2;
const U32: u32 = 3;
const U8: u32 = 5;

export function read(kind: u32, at: u32): u32 {
  if (kind == U16) return load<u16>(at);
  if (kind == BE16) return bswap<u16>(load<u16>(at));
  if (kind == U8) return load<u8>(at);
  const word = load<u32>(at);
  return kind == U32 ? word : bswap<u32>(word);
}

/** Writes values into the message at `message`: a patch is the place of a value, its kind, and where it goes. */
export function patch(patches: u32, values: u32, message: u32): void {
  for (let entry = patches; ; entry += 12) {
    const kind = load<u32>(entry + 4);
    if (kind == 0) return;
    const value = load<u32>(values + (load<u32>(entry) << 2));
    const at = message + load<u32>(entry + 8);
    if (kind == U16) store<u16>(at, <u16>value);
    else if (kind == BE16) store<u16>(at, bswap<u16>(<u16>value));
    else store<u32>(at, kind == U32 ? value : bswap<u32>(value));
  }
}
