/** What needs no quotes in any shell. */
const PLAIN = /^[A-Za-z0-9_@%+=:,./-]+$/;
/** What a terminal would take for a command, or show in another order. */

const CONTROL = /[\u0000-\u001f\u007f-\u009f\u200e\u200f\u202a-\u202e\u2066-\u2069]/u;

/** A value as one word of a command, whatever is in it: POSIX shells read the value back. */
export function quoted(value: string | number): string {
  const text = String(value);
  if (PLAIN.test(text)) return text;
  if (!CONTROL.test(text)) return `'${text.replaceAll("'", "'\\''")}'`;
  // Visible, and the same in each shell: octal numbers of bytes.
  const bytes = Array.from(new TextEncoder().encode(text), (byte) => {
    const plain = byte >= 0x20 && byte < 0x7f && !'\\%\'"'.includes(String.fromCharCode(byte));
    return plain ? String.fromCharCode(byte) : `\\${byte.toString(8).padStart(3, '0')}`;
  });
  return `"$(printf '${bytes.join('')}')"`;
}

/**
 * A command: the text of the template as it is, and each value as one quoted word; the words of a list. The one place
 * where values get into commands.
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
