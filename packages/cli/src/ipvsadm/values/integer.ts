/** Reads numbers as strtol does in base 10. */

/** White space as in isspace(3) of the C locale. */
const INTEGER = /^[ \t\n\v\f\r]*([+-]?[0-9]+)/;

/**
 * Reads a whole word as an integer from `low` to `high`: leading white space, `+` and zeros are allowed, trailing text
 * is not.
 */
export function parseInteger(text: string, low: number, high: number): number | undefined {
  const digits = plainDigits(text);
  if (digits >= 0) return digits >= low && digits <= high ? digits : undefined;
  const match = INTEGER.exec(text);
  if (match?.[1] === undefined || match[0].length !== text.length) return undefined;
  const value = Number(match[1]);
  return value >= low && value <= high ? value + 0 : undefined;
}

/** The value of a word of one to nine digits, as nearly all are; −1 otherwise. */
function plainDigits(text: string): number {
  if (text.length === 0 || text.length > 9) return -1;
  let value = 0;
  for (let at = 0; at < text.length; at++) {
    const digit = text.charCodeAt(at) - 48;
    if (digit < 0 || digit > 9) return -1;
    value = value * 10 + digit;
  }
  return value;
}

/** The number at the beginning of a word, 0 if there is none, as atoi returns it, within 32 bits. */
export function leadingInteger(text: string): number {
  const digits = INTEGER.exec(text)?.[1];
  return digits === undefined ? 0 : Number(BigInt.asIntN(32, clamp(BigInt(digits.replace(/^\+/, '')))));
}

function clamp(value: bigint): bigint {
  const high = 2n ** 63n - 1n;
  return value > high ? high : value < -high - 1n ? -high - 1n : value;
}
