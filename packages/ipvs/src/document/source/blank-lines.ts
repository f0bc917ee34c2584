/** A text without most of its blank lines, and where its characters were. */
export interface ShortenedText {
  readonly text: string;
  /** The offset in the whole text of an offset in the shortened one. */
  readonly offsetOf: (offset: number) => number;
}

/** Longer texts are shortened: the YAML parser takes more than a second for a million blank lines. */
const LONG = 1_000_000;
const KEPT = 64;
/** The beginning of a run that is shortened. */
const RUN = '\n'.repeat(KEPT + 1);

/** Shortens runs of line feeds in a long text. */
export function shortenBlankLines(text: string): ShortenedText {
  if (text.length < LONG) return { text, offsetOf: (offset) => offset };
  const parts: string[] = [];
  const cuts: { readonly at: number; readonly removed: number }[] = [];
  let from = 0;
  let removed = 0;
  for (let at = text.indexOf(RUN); at !== -1; at = text.indexOf(RUN, from)) {
    parts.push(text.slice(from, at + KEPT));
    from = at + RUN.length;
    while (text[from] === '\n') from += 1;
    removed += from - at - KEPT;
    cuts.push({ at: from - removed, removed });
  }
  parts.push(text.slice(from));
  return {
    text: parts.join(''),
    offsetOf: (offset) => offset + (cuts.findLast(({ at }) => at <= offset)?.removed ?? 0),
  };
}
