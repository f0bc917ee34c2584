/** Longer words are not misspelt names, and comparing them takes long. */
const LONGEST = 100;

/** The candidate that a misspelt `word` may mean, if one is near enough. */
export function nearest(word: string, candidates: readonly string[]): string | undefined {
  if (word.length > LONGEST) return undefined;
  const tolerance = word.length < 4 ? 1 : Math.max(2, Math.floor(word.length / 3));
  let best: { name: string; distance: number } | undefined;
  for (const name of candidates) {
    const distance = edits(word, name);
    if (distance <= tolerance && distance < (best?.distance ?? Infinity)) best = { name, distance };
  }
  return best?.name;
}

/** Edits of single letters that lead from `one` to `other`. */
function edits(one: string, other: string): number {
  let row = Array.from({ length: other.length + 1 }, (_, index) => index);
  for (let line = 0; line < one.length; line++) {
    const next = [line + 1];
    for (let column = 0; column < other.length; column++) {
      const replaced = (row[column] as number) + (one[line] === other[column] ? 0 : 1);
      next.push(Math.min(replaced, (row[column + 1] as number) + 1, (next[column] as number) + 1));
    }
    row = next;
  }
  return row[other.length] as number;
}
