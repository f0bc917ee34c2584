/** MD5 (RFC 1321), for keepalived's digests of bodies; not for secrets. */

const SHIFTS = [
  [7, 12, 17, 22],
  [5, 9, 14, 20],
  [4, 11, 16, 23],
  [6, 10, 15, 21],
] as const;

/** Bytes of a block. */
const BLOCK = 64;

/** The MD5 sum of `bytes`: 32 hexadecimal digits. */
export function md5(bytes: Uint8Array): string {
  const state = new Uint32Array([0x67452301, 0xefcdab89, 0x98badcfe, 0x10325476]);
  const padded = new Uint8Array(Math.ceil((bytes.length + 9) / BLOCK) * BLOCK);
  padded.set(bytes);
  padded[bytes.length] = 0x80;
  const view = new DataView(padded.buffer);
  view.setUint32(padded.length - 8, (bytes.length * 8) >>> 0, true);
  view.setUint32(padded.length - 4, Math.floor(bytes.length / 0x2000_0000), true);
  for (let at = 0; at < padded.length; at += BLOCK) addBlock(state, view, at);
  const result = new DataView(new ArrayBuffer(16));
  for (const [index, word] of state.entries()) result.setUint32(index * 4, word, true);
  return [...new Uint8Array(result.buffer)].map((byte) => byte.toString(16).padStart(2, '0')).join('');
}

function addBlock(state: Uint32Array, view: DataView, at: number): void {
  let [a, b, c, d] = state as unknown as readonly [number, number, number, number];
  for (let step = 0; step < BLOCK; step += 1) {
    const round = step >> 4;
    const [mixed, word] = mix(round, step, b, c, d);
    const sum = (a + mixed + sine(step) + view.getUint32(at + word * 4, true)) >>> 0;
    const shift = SHIFTS[round]?.[step & 3] as number;
    [a, d, c, b] = [d, c, b, (b + ((sum << shift) | (sum >>> (32 - shift)))) >>> 0];
  }
  for (const [index, word] of [a, b, c, d].entries()) state[index] = ((state[index] as number) + word) >>> 0;
}

/** The function of a round, and which word of the block it is for. */
function mix(round: number, step: number, b: number, c: number, d: number): readonly [number, number] {
  if (round === 0) return [(b & c) | (~b & d), step];
  if (round === 1) return [(d & b) | (~d & c), (5 * step + 1) & 15];
  if (round === 2) return [b ^ c ^ d, (3 * step + 5) & 15];
  return [c ^ (b | ~d), (7 * step) & 15];
}

function sine(step: number): number {
  return Math.floor(Math.abs(Math.sin(step + 1)) * 2 ** 32);
}
