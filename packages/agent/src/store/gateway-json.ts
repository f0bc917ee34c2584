/** A value in a request. */
export type Json =
  string | number | boolean | null | readonly Json[] | { readonly [name: string]: Json | undefined };

/** Whether a value is an object that is not a list. */
export function isRecord(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

/** Encodes text as the gateway expects keys and values: base64 of its UTF-8. */
export function encode(text: string): string {
  return Buffer.from(text, 'utf8').toString('base64');
}

/** Decodes text from base64. */
export function decode(value: unknown): string {
  return typeof value === 'string' ? Buffer.from(value, 'base64').toString('utf8') : '';
}

/** Reads a 64-bit number, which the gateway sends as text; 0 if it is absent, since protobuf omits zeros. */
export function integer(value: unknown): number {
  return value === undefined ? 0 : Number(value);
}

/** The list of objects in a field; empty if it is absent. */
export function records(value: unknown): Record<string, unknown>[] {
  return Array.isArray(value) ? (value as unknown[]).filter(isRecord) : [];
}

/** The revision of the store in the header of an answer. */
export function headerRevision(answer: Record<string, unknown>): number {
  const { header } = answer;
  return isRecord(header) ? integer(header['revision']) : 0;
}
