import type { Problems } from './problems.js';

/** HTTP statuses from the first to the second, both included. */
export type StatusRange = readonly [from: number, to: number];

const ALLOWED = 'a status or a range from 100 to 599, such as 200-299, or a list of them';

/** Reads `200`, `200-299`, `200,204` or a list of them. */
export function readStatuses(
  problems: Problems,
  path: string,
  value: unknown,
): readonly StatusRange[] | undefined {
  const parts = (Array.isArray(value) ? (value as unknown[]) : [value]).flatMap((each) =>
    typeof each === 'string' ? each.split(',').map((part) => part.trim()) : [String(each)],
  );
  const ranges = parts.map(readRange);
  if (ranges.length > 0 && ranges.every((range) => range !== undefined)) return ranges;
  problems.wrong(path, ALLOWED, value);
  return undefined;
}

function readRange(text: string): StatusRange | undefined {
  const match = /^([1-5]\d\d)(?:-([1-5]\d\d))?$/.exec(text);
  if (match === null) return undefined;
  const from = Number(match[1]);
  const to = Number(match[2] ?? match[1]);
  return from <= to ? [from, to] : undefined;
}

/** Whether `status` is in one of `ranges`. */
export function hasStatus(ranges: readonly StatusRange[], status: number): boolean {
  return ranges.some(([from, to]) => status >= from && status <= to);
}

/** The ranges as a document writes them: `200-299, 304`. */
export function statusesText(ranges: readonly StatusRange[]): string {
  return ranges.map(([from, to]) => (from === to ? String(from) : `${from}-${to}`)).join(', ');
}
