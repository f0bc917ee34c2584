/** Reads addresses as the C library's inet_aton does; inet_pton and inet_ntop are in the library. */
import { parseAddress } from '@ipvs-ts/ipvs/verbs-sync';

const PART = /^(?:0[xX]([0-9a-fA-F]+)|0([0-7]*)|([1-9][0-9]*))/;

/**
 * Reads an IPv4 address as inet_aton does: one to four parts, each decimal, octal or hexadecimal; the last one fills
 * the remaining bytes, and white space ends the text.
 */
export function inetAton(text: string): string | undefined {
  if (parseAddress(text)?.family === 'ipv4') return text;
  const parts: number[] = [];
  let rest = text;
  for (;;) {
    const match = PART.exec(rest);
    if (!match) return undefined;
    parts.push(partValue(match));
    rest = rest.slice(match[0].length);
    if (!rest.startsWith('.')) break;
    if (parts.length === 4) return undefined;
    rest = rest.slice(1);
  }
  if (rest !== '' && !/^[ \t\n\v\f\r]/.test(rest)) return undefined;
  const last = parts.pop() ?? 0;
  if (parts.some((part) => part > 255) || last >= 2 ** (8 * (4 - parts.length))) return undefined;
  const bytes = [...parts];
  for (let shift = 3 - parts.length; shift >= 0; shift--) bytes.push(Math.floor(last / 256 ** shift) % 256);
  return bytes.join('.');
}

function partValue(match: RegExpExecArray): number {
  const [, hex, octal, decimal = '0'] = match;
  if (hex !== undefined) return Number.parseInt(hex, 16);
  if (octal !== undefined) return octal === '' ? 0 : Number.parseInt(octal, 8);
  return Number(decimal);
}
