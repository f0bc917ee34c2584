/** Words that the kernel stores in fixed-size fields. */

/**
 * The first `length` bytes of a word, without a character that they cut in two; the rest is dropped without a word,
 * as the field has no room for it.
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
