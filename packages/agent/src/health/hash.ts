/** A number from 0 to 2³² − 1 that depends on every character of `text` (FNV-1a with a final mix). */
export function hash(text: string): number {
  let value = 0x811c9dc5;
  for (let index = 0; index < text.length; index++) {
    value ^= text.charCodeAt(index);
    value = Math.imul(value, 0x01000193);
  }
  value ^= value >>> 16;
  value = Math.imul(value, 0x85ebca6b);
  value ^= value >>> 13;
  value = Math.imul(value, 0xc2b2ae35);
  return (value ^ (value >>> 16)) >>> 0;
}

/** A short text that identifies a long one, of 64 bits. */
export function fingerprint(text: string): string {
  return `${hash(text).toString(36)}.${hash(`.${text}`).toString(36)}`;
}
