/** Address texts as the C library's inet_aton and inet_pton read them, and inet_ntop writes them. */

const PART = /^(?:0[xX]([0-9a-fA-F]+)|0([0-7]*)|([1-9][0-9]*))/;

/**
 * An IPv4 address by inet_aton: one to four parts, each decimal, octal or hexadecimal, the last one filling
 * what is left; a blank ends the text.
 */
export function inetAton(text: string): string | undefined {
  if (isDotted(text)) return text;
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

/** Whether the text is a dotted quad as inet_ntop writes it: four decimal numbers, no zeros before them. */
function isDotted(text: string): boolean {
  let parts = 1;
  let digits = 0;
  let value = 0;
  for (let at = 0; at < text.length; at++) {
    const digit = text.charCodeAt(at) - 48;
    if (digit >= 0 && digit <= 9) {
      if (digits > 0 && value === 0) return false;
      value = value * 10 + digit;
      digits += 1;
      if (value > 255) return false;
    } else if (digit === -2 && digits > 0) {
      parts += 1;
      digits = value = 0;
    } else return false;
  }
  return parts === 4 && digits > 0;
}

function partValue(match: RegExpExecArray): number {
  const [, hex, octal, decimal = '0'] = match;
  if (hex !== undefined) return Number.parseInt(hex, 16);
  if (octal !== undefined) return octal === '' ? 0 : Number.parseInt(octal, 8);
  return Number(decimal);
}

/** A dotted quad's four bytes, strictly: no leading zeros, no other bases. */
export function dottedBytes(text: string): number[] | undefined {
  const parts = text.split('.');
  if (parts.length !== 4 || !parts.every((part) => /^(?:0|[1-9][0-9]{0,2})$/.test(part))) return undefined;
  const bytes = parts.map(Number);
  return bytes.every((byte) => byte <= 255) ? bytes : undefined;
}

/** An IPv6 address's sixteen bytes by inet_pton: no scope ids. */
export function ipv6Bytes(text: string): number[] | undefined {
  // Most texts that are tried are IPv4 addresses with a port: the shortest IPv6 address has two colons.
  if (text.indexOf(':') === text.lastIndexOf(':')) return undefined;
  const halves = text.split('::');
  if (halves.length > 2) return undefined;
  const [left = '', right] = halves;
  const head = groupBytes(left, right === undefined);
  const tail = right === undefined ? [] : groupBytes(right, true);
  if (!head || !tail) return undefined;
  const missing = 16 - head.length - tail.length;
  if (right === undefined ? missing !== 0 : missing < 2) return undefined;
  return [...head, ...new Array<number>(missing).fill(0), ...tail];
}

function groupBytes(text: string, mayEndDotted: boolean): number[] | undefined {
  if (text === '') return [];
  const groups = text.split(':');
  const bytes: number[] = [];
  for (const [index, group] of groups.entries()) {
    if (/^[0-9a-fA-F]{1,4}$/.test(group)) {
      const value = Number.parseInt(group, 16);
      bytes.push(value >> 8, value & 255);
      continue;
    }
    const dotted = mayEndDotted && index === groups.length - 1 ? dottedBytes(group) : undefined;
    if (!dotted) return undefined;
    bytes.push(...dotted);
  }
  return bytes;
}

/** The bytes of an address as the kernel's listings have it: four or sixteen; none of any other text. */
export function addressBytes(text: string): number[] {
  return dottedBytes(text) ?? ipv6Bytes(text) ?? [];
}

/** Four or sixteen bytes as inet_ntop writes them. */
export function addressText(bytes: readonly number[]): string {
  if (bytes.length === 4) return bytes.join('.');
  const groups = Array.from({ length: 8 }, (_, at) => (bytes[2 * at] ?? 0) * 256 + (bytes[2 * at + 1] ?? 0));
  const gap = longestGap(groups);
  const dotted = gap.start === 0 && (gap.length === 6 || (gap.length === 5 && groups[5] === 0xffff));
  const texts = groups.map((group) => group.toString(16));
  if (dotted) texts.splice(6, 2, bytes.slice(12).join('.'));
  if (gap.length < 2) return texts.join(':');
  return `${texts.slice(0, gap.start).join(':')}::${texts.slice(gap.start + gap.length).join(':')}`;
}

function longestGap(groups: readonly number[]): { start: number; length: number } {
  let best = { start: 0, length: 0 };
  for (let start = 0; start < groups.length; start++) {
    let length = 0;
    while (start + length < groups.length && groups[start + length] === 0) length++;
    if (length > best.length) best = { start, length };
  }
  return best;
}
