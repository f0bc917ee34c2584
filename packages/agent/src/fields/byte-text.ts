/** Whether a value is text whose characters represent bytes, at most `longest` of them. */
export function isByteText(value: unknown, longest: number): value is string {
  return typeof value === 'string' && value.length <= longest && /^[\0-\u00ff]*$/.test(value);
}

/** The allowed values of such text. */
export function byteTextAllowed(longest: number): string {
  return `at most ${longest} characters from U+0000 to U+00FF, each a byte, such as "\\x00\\r\\n"`;
}
