/** What needs no quotes in any shell. */
const PLAIN = /^[A-Za-z0-9_@%+=:,./-]+$/;
/** Characters that a terminal would interpret, or display in another order. */

const CONTROL = /[\u0000-\u001f\u007f-\u009f\u200e\u200f\u202a-\u202e\u2066-\u2069]/u;

/** Quotes a value as one word of a command: POSIX shells read exactly the value. */
export function quoted(value: string | number): string {
  const text = String(value);
  if (PLAIN.test(text)) return text;
  if (!CONTROL.test(text)) return `'${text.replaceAll("'", "'\\''")}'`;
  // Octal numbers of bytes are visible, and the same in each shell.
  const bytes = Array.from(new TextEncoder().encode(text), (byte) => {
    const plain = byte >= 0x20 && byte < 0x7f && !'\\%\'"'.includes(String.fromCharCode(byte));
    return plain ? String.fromCharCode(byte) : `\\${byte.toString(8).padStart(3, '0')}`;
  });
  return `"$(printf '${bytes.join('')}')"`;
}

/**
 * Creates a command: the text of the template unchanged, each value as one quoted word, and each item of a list as a
 * word. All values in commands are quoted here.
 */
export function command(
  text: TemplateStringsArray,
  ...values: readonly (string | number | readonly (string | number)[])[]
): string {
  return text.reduce((whole, part, index) => {
    const value = values[index - 1] as string | number | readonly (string | number)[];
    const words = typeof value === 'object' ? value.map(quoted).join(' ') : quoted(value);
    return whole + words + part;
  });
}
