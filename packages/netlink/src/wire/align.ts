/** Rounds `length` up to the next four-byte boundary, to which netlink aligns messages and attributes. */
export function align4(length: number): number {
  return (length + 3) & ~3;
}

/** Whether this machine is little-endian: netlink headers and most attributes are in native byte order. */
export const LITTLE_ENDIAN = new Uint8Array(new Uint16Array([1]).buffer)[0] === 1;
