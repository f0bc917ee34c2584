/** The closest match to a word, for “did you mean”. */

/** Longer words are not misspelt names, and comparing them takes long. */
const LONGEST = 100;

/** Answers that are kept: documents with many mistakes repeat the same few. */
const MOST_KEPT = 1000;
const kept = new Map<string, string | undefined>();

/**
 * The nearest of `candidates` by edits of single letters, if it is near enough; undefined otherwise, also for what is no
 * text.
 */
export function nearest(word: string, candidates: readonly string[]): string | undefined {
  const [text, list]: readonly [unknown, unknown] = [word, candidates];
  if (typeof text !== 'string' || text.length > LONGEST || !Array.isArray(list)) return undefined;
  const question = `${word}\n${candidates.join('\n')}`;
  if (kept.has(question)) return kept.get(question);
  const found = find(word, candidates);
  if (kept.size === MOST_KEPT) kept.clear();
  kept.set(question, found);
  return found;
}

function find(word: string, candidates: readonly string[]): string | undefined {
  const letters = codePoints(word);
  const near = candidates
    .filter((candidate) => Math.abs(candidate.length - word.length) <= tolerance(candidate))
    .map((candidate) => ({ candidate, distance: distance(letters, codePoints(candidate)) }))
    .filter(({ candidate, distance: edits }) => edits <= tolerance(candidate))
    .sort(
      (one, other) =>
        one.distance - other.distance ||
        commonStart(word, other.candidate) - commonStart(word, one.candidate),
    );
  return near[0]?.candidate;
}

/** How many letters at the beginning are equal, which decides between two candidates that are equally near. */
function commonStart(one: string, other: string): number {
  let length = 0;
  while (length < one.length && one[length] === other[length]) length += 1;
  return length;
}

/** The most edits of a misspelling: two swapped letters are two edits. */
function tolerance({ length }: string): number {
  return length < 4 ? 1 : Math.max(2, Math.floor(length / 3));
}

function codePoints(text: string): Uint32Array {
  return Uint32Array.from(text, (letter) => letter.codePointAt(0) ?? 0);
}

/** Counts edits of single letters, with one row that is reused: documents with many mistakes need many comparisons. */
function distance(one: Uint32Array, other: Uint32Array): number {
  const row = Uint32Array.from({ length: other.length + 1 }, (_, index) => index);
  for (let at = 0; at < one.length; at++) {
    let corner = row[0] as number;
    row[0] = at + 1;
    for (let column = 0; column < other.length; column++) {
      const above = row[column + 1] as number;
      const kept = corner + (one[at] === other[column] ? 0 : 1);
      row[column + 1] = Math.min(kept, above + 1, (row[column] as number) + 1);
      corner = above;
    }
  }
  return row[other.length] as number;
}
