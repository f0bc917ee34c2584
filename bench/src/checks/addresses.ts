/** An address of this host for each destination. */
export function addressAt(index: number): string {
  return `127.${String(1 + (index >> 16))}.${String((index >> 8) & 255)}.${String(index & 255)}`;
}
