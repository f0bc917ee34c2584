/**
 * The unit of the guard: work of the same kinds as ours (bytes, numbers, texts, maps, sorting) in plain JavaScript
 * that never changes. Counts are recorded as multiples of it, so that they hold where V8 or the C library runs other
 * code. A change here changes the meaning of every record.
 */
export function reference(): number {
  const bytes = new Uint8Array(16384);
  const view = new DataView(bytes.buffer);
  let sum = 0;
  for (let round = 0; round < 20; round++) {
    for (let at = 0; at < bytes.length; at += 4) view.setUint32(at, Math.imul(at + round, 2654435761), true);
    for (let at = 0; at < bytes.length; at += 2) sum = (sum + view.getUint16(at, true)) | 0;
  }
  const entries = new Map<string, { readonly port: number; readonly text: string }>();
  for (let index = 0; index < 4000; index++) {
    const text = `10.${index >> 8}.${index & 255}.${sum & 127}:${8000 + (index % 100)}`;
    const [address = '', port = ''] = text.split(':');
    entries.set(text, { port: Number(port), text: address });
  }
  const sorted = [...entries.values()].sort((a, b) => a.port - b.port || (a.text < b.text ? -1 : 1));
  return sorted.reduce((total, { port, text }) => (total + port + text.length) | 0, sum);
}
