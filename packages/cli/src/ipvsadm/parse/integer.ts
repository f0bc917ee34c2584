/** Numbers as strtol reads them in base 10. */

/** What isspace means in the C locale. */
const INTEGER = /^[ \t\n\v\f\r]*([+-]?[0-9]+)/;

/** A whole word as an integer from `low` to `high`: leading blanks, `+` and zeros are fine, anything behind is not. */
export function parseInteger(text: string, low: number, high: number): number | undefined {
  const match = INTEGER.exec(text);
  if (match?.[1] === undefined || match[0].length !== text.length) return undefined;
  const value = Number(match[1]);
  return value >= low && value <= high ? value + 0 : undefined;
}

/** The number a word begins with, 0 when it does not begin with one: what atoi gives, within 32 bits. */
export function leadingInteger(text: string): number {
  const digits = INTEGER.exec(text)?.[1];
  return digits === undefined ? 0 : Number(BigInt.asIntN(32, clamp(BigInt(digits.replace(/^\+/, '')))));
}

function clamp(value: bigint): bigint {
  const high = 2n ** 63n - 1n;
  return value > high ? high : value < -high - 1n ? -high - 1n : value;
}
