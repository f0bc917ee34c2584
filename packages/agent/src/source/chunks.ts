/**
 * Longest chunk of a document, in bytes of UTF-8. etcd refuses requests of more than 1.5 MiB, and its JSON gateway adds a
 * third.
 */
const CHUNK_BYTES = 512 * 1024;

/** Most chunks of a document. */
export const MOST_CHUNKS = 256;

/** Splits a text into chunks of whole characters; at least one. */
export function chunksOf(text: string): string[] {
  const chunks: string[] = [];
  let start = 0;
  let bytes = 0;
  let index = 0;
  while (index < text.length) {
    const point = text.codePointAt(index) as number;
    const size = point < 0x80 ? 1 : point < 0x800 ? 2 : point < 0x1_0000 ? 3 : 4;
    if (bytes + size > CHUNK_BYTES) {
      chunks.push(text.slice(start, index));
      start = index;
      bytes = 0;
    }
    bytes += size;
    index += point > 0xffff ? 2 : 1;
  }
  chunks.push(text.slice(start));
  return chunks;
}
