/** Words that the kernel stores in fixed-size fields. */

/** The first `length` bytes of a word; the rest is dropped without a word, as the field has no room for it. */
export function cutBytes(text: string, length: number): string {
  const bytes = Buffer.from(text, 'utf8');
  return bytes.length <= length ? text : bytes.subarray(0, length).toString('utf8');
}
