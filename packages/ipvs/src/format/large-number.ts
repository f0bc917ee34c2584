/** Numbers in nine columns. */

/** A total or rate, scaled to fit its column, or in full with `exact`; always nine characters or more. */
export function largeNumber(value: bigint | number, exact = false): string {
  const digits = String(value);
  if (exact) return digits.length <= 8 ? digits.padStart(9) : ` ${digits}`;
  if (digits.length <= 8) return digits.padStart(9);
  const count = BigInt(value);
  const [divisor, unit] = scale(count);
  return String(count / divisor).padStart(8) + unit;
}

function scale(count: bigint): [divisor: bigint, unit: string] {
  if (count < 10n ** 9n) return [10n ** 3n, 'K'];
  if (count < 10n ** 11n) return [10n ** 6n, 'M'];
  if (count < 10n ** 14n) return [10n ** 9n, 'G'];
  return [10n ** 12n, 'T'];
}
