/** The closest match to a word, for “did you mean”. */

/** Longer words are no misspelling of a name, and comparing them takes long. */
const LONGEST = 100;

/** The nearest of `candidates` by edits of single letters, if it is near enough to be meant. */
export function nearest(word: string, candidates: readonly string[]): string | undefined {
  if (word.length > LONGEST) return undefined;
  const near = candidates
    .filter((candidate) => Math.abs(candidate.length - word.length) <= tolerance(candidate))
    .map((candidate) => ({ candidate, distance: distance(word, candidate) }))
    .filter(({ candidate, distance: edits }) => edits <= tolerance(candidate))
    .sort(
      (one, other) =>
        one.distance - other.distance ||
        commonStart(word, other.candidate) - commonStart(word, one.candidate),
    );
  return near[0]?.candidate;
}

/** With how many letters both begin: of two candidates as near, the longer beginning was meant. */
function commonStart(one: string, other: string): number {
  let length = 0;
  while (length < one.length && one[length] === other[length]) length += 1;
  return length;
}

/** Two letters that changed places are two edits. */
function tolerance({ length }: string): number {
  return length < 4 ? 1 : Math.max(2, Math.floor(length / 3));
}

function distance(one: string, other: string): number {
  let row = Array.from({ length: other.length + 1 }, (_, index) => index);
  for (const [at, letter] of Array.from(one).entries()) {
    const next = [at + 1];
    for (const [column, target] of Array.from(other).entries()) {
      const kept = (row[column] ?? 0) + (letter === target ? 0 : 1);
      next.push(Math.min(kept, (row[column + 1] ?? 0) + 1, (next[column] ?? 0) + 1));
    }
    row = next;
  }
  return row[other.length] ?? 0;
}
