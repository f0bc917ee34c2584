/** Text that the kernel stores in fixed-size fields. */

/**
 * The first `length` bytes of a word, without a partial character; the rest is silently dropped, since it does not fit
 * the field.
 */
export function cutBytes(text: string, length: number): string {
  let kept = '';
  let bytes = 0;
  for (const character of text) {
    bytes += Buffer.byteLength(character);
    if (bytes > length) break;
    kept += character;
  }
  return kept;
}
