/** Values as keepalived reads them. */
import { addressText, parseAddress } from '@ipvs-ts/ipvs';

/** Reads a whole number within a range; returns why not for anything else. */
export function readInteger(text: string | undefined, minimum: number, maximum: number): number | string {
  if (text === undefined) return 'a number is missing';
  if (!/^[-+]?\d+$/.test(text)) return `${JSON.stringify(text)} is not a whole number`;
  return inRange(text, Number(text), minimum, maximum);
}

/** The same for values of which keepalived reads the digits at the beginning, or 0 without any: `80x` is 80. */
export function readDigits(text: string | undefined, minimum: number, maximum: number): number | string {
  if (text === undefined) return 'a number is missing';
  return inRange(text, Number(/^[-+]?\d+/.exec(text)?.[0] ?? 0), minimum, maximum);
}

function inRange(text: string, value: number, minimum: number, maximum: number): number | string {
  return value >= minimum && value <= maximum ? value : `${text} is not from ${minimum} to ${maximum}`;
}

/** Reads seconds with up to six decimal places as milliseconds; returns why not for anything else. */
export function readTimer(text: string | undefined, maximumSeconds: number): number | string {
  if (text === undefined) return 'a number of seconds is missing';
  if (!/^\+?(?:\d+\.?\d*|\.\d+)$/.test(text))
    return `${JSON.stringify(text)} is not a number of seconds, which keepalived may take for microseconds`;
  const seconds = Math.round(Number(text) * 1e6) / 1e6;
  return seconds > 0 && seconds <= maximumSeconds
    ? seconds * 1000
    : `${text} is not more than 0 and at most ${maximumSeconds} seconds`;
}

const TRUE = ['true', 'on', 'yes'];
const FALSE = ['false', 'off', 'no'];

/** Reads a boolean; true if it is absent. Returns why not for anything else. */
export function readBoolean(text: string | undefined): boolean | string {
  if (text === undefined || TRUE.includes(text.toLowerCase())) return true;
  if (FALSE.includes(text.toLowerCase())) return false;
  return `${JSON.stringify(text)} is not on, off, true, false, yes or no`;
}

/** Reads an address in its canonical form; undefined for anything else. keepalived does not look up names. */
export function readAddress(text: string | undefined): string | undefined {
  const address = text === undefined ? undefined : parseAddress(text);
  return address === undefined ? undefined : addressText(address);
}

/**
 * Bytes from hexadecimal digits: `Ab12f 3` is AB 12 0F 03. A digit `x` is undefined: any. Returns why not for anything
 * else.
 */
export function readHex(
  text: string,
  wild: boolean,
): readonly (readonly [high: number | undefined, low: number | undefined])[] | string {
  const digit = wild ? /^[0-9a-fA-FxX]+$/ : /^[0-9a-fA-F]+$/;
  const bytes: (readonly [number | undefined, number | undefined])[] = [];
  for (const group of text
    .trim()
    .split(/\s+/)
    .filter((each) => each !== '')) {
    if (!digit.test(group)) return `${JSON.stringify(group)} is not hexadecimal`;
    for (const pair of group.match(/..?/g) ?? []) {
      const [high, low] = pair.length === 2 ? [pair[0], pair[1]] : ['0', pair[0]];
      bytes.push([nibble(high as string), nibble(low as string)]);
    }
  }
  return bytes;
}

function nibble(digit: string): number | undefined {
  return digit.toLowerCase() === 'x' ? undefined : parseInt(digit, 16);
}
