/**
 * What became of a line of an imported file. `taken over`: the document says the same. `differs`: the document says
 * nearly the same. `dropped`: the document does not say it. `kept`: it stays in its file, for the program that it is
 * for. `skipped`: it is not for this director.
 */
export type Fate = 'taken over' | 'differs' | 'dropped' | 'kept' | 'skipped';

/** Where something stands in an imported file. */
export interface Place {
  readonly file: string;
  /** From 1. */
  readonly line: number;
}

/** The result for one line of an imported file, and what to do about it. */
export interface Remark extends Place {
  readonly fate: Fate;
  /** One line. */
  readonly text: string;
}

/** Collects remarks. */
export class Remarks {
  readonly list: Remark[] = [];

  add(place: Place, fate: Fate, text: string): void {
    const { file, line } = place;
    this.list.push({ file, line, fate, text: oneLine(text) });
  }

  takenOver(place: Place, text: string): void {
    this.add(place, 'taken over', text);
  }

  differs(place: Place, text: string): void {
    this.add(place, 'differs', text);
  }

  dropped(place: Place, text: string): void {
    this.add(place, 'dropped', text);
  }
}

/** The remark as one line: `FILE:LINE: dropped: …`. */
export function remarkText({ file, line, fate, text }: Remark): string {
  return `${file}:${line}: ${fate}: ${text}`;
}

/** Text of files in one line, clipped, with control characters made visible. */
function oneLine(text: string): string {
  const visible = text.replace(/[\x00-\x1f\x7f]+/g, ' ');
  return visible.length > 400 ? `${visible.slice(0, 399)}…` : visible;
}

/** By file and line, each text once for its line. */
export function inOrder(list: readonly Remark[]): readonly Remark[] {
  const files = [...new Set(list.map(({ file }) => file))];
  const order = new Map(files.map((file, index) => [file, index]));
  const seen = new Set<string>();
  return list
    .filter((remark) => {
      const key = JSON.stringify(remark);
      const fresh = !seen.has(key);
      seen.add(key);
      return fresh;
    })
    .sort(
      (one, other) =>
        (order.get(one.file) as number) - (order.get(other.file) as number) || one.line - other.line,
    );
}
