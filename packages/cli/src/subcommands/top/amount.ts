/** Amounts in five columns. */

const UNITS = ['', 'K', 'M', 'G', 'T', 'P', 'E'];

/** `0`, `0.4`, `12.3`, `99999`, `123K`, `1.2M`: at most five characters up to 10^21; `-` if it is not known. */
export function amountText(value: number | undefined): string {
  if (value === undefined) return '-';
  if (Number.isInteger(value) && value < 100_000) return String(value);
  let scaled = value;
  let unit = 0;
  // 999.95 would be written 1000.0.
  while (scaled >= 999.5 && unit < UNITS.length - 1) {
    scaled /= 1000;
    unit += 1;
  }
  return `${scaled < 99.95 ? scaled.toFixed(1) : scaled.toFixed(0)}${UNITS[unit] ?? ''}`;
}
