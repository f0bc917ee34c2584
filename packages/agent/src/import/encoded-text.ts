/** Text in the forms that checks need. */

const encoder = new TextEncoder();

/** Text with everything but printable ASCII as `%XX`, as URLs have it. */
export function percentEncoded(text: string): string {
  return text.replace(/[^\x21-\x7e]/gu, (character) =>
    [...encoder.encode(character)]
      .map((byte) => `%${byte.toString(16).toUpperCase().padStart(2, '0')}`)
      .join(''),
  );
}

/** Text as its bytes in UTF-8, each as a character. */
export function byteText(text: string): string {
  return String.fromCharCode(...encoder.encode(text));
}
