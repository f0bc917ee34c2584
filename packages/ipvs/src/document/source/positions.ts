/** A place in a text. */
export interface Position {
  /** From 1. */
  readonly line: number;
  /** From 1, in UTF-16 units. */
  readonly column: number;
}

/** The start of one in so many lines is remembered: texts may have millions of lines. */
const LINES_PER_MARK = 64;

/** Returns a function from offsets in a text to lines and columns. It is fastest for ascending offsets. */
export function positionsOf(text: string): (offset: number) => Position {
  const marks = [0];
  let count = 0;
  for (let start = nextLine(text, 0); start < Infinity; start = nextLine(text, start)) {
    count += 1;
    if (count % LINES_PER_MARK === 0) marks.push(start);
  }
  // The line of the last answer.
  let start = 0;
  let end = nextLine(text, 0);
  let line = 1;
  return (offset) => {
    if (offset < start || offset >= end) {
      const mark = lastUpTo(marks, offset);
      const isNear = offset >= start && (marks[mark] as number) <= start;
      if (!isNear) {
        start = marks[mark] as number;
        line = mark * LINES_PER_MARK + 1;
        end = nextLine(text, start);
      }
      while (end <= offset) {
        start = end;
        line += 1;
        end = nextLine(text, start);
      }
    }
    return { line, column: offset - start + 1 };
  };
}

/** The index of the last of ascending numbers that is at most `limit`. */
function lastUpTo(numbers: readonly number[], limit: number): number {
  let low = 0;
  let high = numbers.length;
  while (high - low > 1) {
    const middle = (low + high) >> 1;
    if ((numbers[middle] as number) <= limit) low = middle;
    else high = middle;
  }
  return low;
}

const BREAK = /\r\n?|\n/g;

/** The offset of the line after the one at `from`; infinite if there is none. */
function nextLine(text: string, from: number): number {
  BREAK.lastIndex = from;
  return BREAK.test(text) ? BREAK.lastIndex : Infinity;
}
