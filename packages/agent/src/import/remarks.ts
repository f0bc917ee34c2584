import { argumentsOf } from '../argument-checks.js';
import { nearest } from '@ipvs-ts/ipvs';

/**
 * How a line of an imported file was imported. `taken over`: the document does the same. `differs`: the document does
 * nearly the same. `dropped`: the document does not do it. `kept`: it stays in its file for the other program.
 * `skipped`: it is not for this director.
 */
export type Fate = 'taken over' | 'differs' | 'dropped' | 'kept' | 'skipped';

/** A place in an imported file. */
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

/** A directive of a file, with the directives in its block. */
interface Directive extends Place {
  readonly text: string;
  readonly word?: string;
  readonly children?: readonly Directive[] | undefined;
}

/** Collects remarks. */
export class Remarks {
  readonly #made = new Set<Remark>();
  /** Remarks by place: there may be several directives in one line. */
  readonly #at = new Map<Place, Remark[]>();

  readonly #meant = new Map<object, Map<string, string | undefined>>();

  /** The name in `names` that a mistyped word may mean. The same mistake may be in every line of a file. */
  meant(word: string, names: object): string | undefined {
    const known = this.#meant.get(names) ?? new Map<string, string | undefined>();
    this.#meant.set(names, known);
    if (!known.has(word)) known.set(word, nearest(word, Object.keys(names)));
    return known.get(word);
  }

  /** In the order in which they were added. */
  get list(): readonly Remark[] {
    return [...this.#made];
  }

  add(place: Place, fate: Fate, text: string): void {
    const { file, line } = place;
    const remark = { file, line, fate, text: oneLine(text) };
    this.#made.add(remark);
    const others = this.#at.get(place);
    if (others === undefined) this.#at.set(place, [remark]);
    else others.push(remark);
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

  /** Adds a remark instead of the one that `place` is taken over. */
  instead(place: Place, fate: 'differs' | 'dropped', text: string): void {
    this.withdraw(place);
    this.add(place, fate, text);
  }

  /** Removes the remarks that `place` is taken over. */
  withdraw(place: Place): void {
    this.#keep(place, ({ fate }) => fate !== 'taken over');
  }

  /** Marks a directive and its block as left out, although its words were read. Dropped ones keep their own reasons. */
  leaveOut(directive: Directive, why: string, children = directive.children): void {
    const leave = (each: Directive, text: string): void => {
      this.#keep(each, ({ fate }) => fate === 'dropped');
      if (this.#at.get(each) === undefined) this.dropped(each, `${each.text}: ${text}`);
    };
    leave(directive, why);
    const name = directive.word ?? directive.text;
    for (const each of within(children)) leave(each, `with the block of ${name}`);
  }

  /** Adds a remark for each directive that has none. */
  fillGaps(directives: readonly Directive[], text: string): void {
    for (const each of within(directives))
      if (!this.#at.has(each)) this.dropped(each, `${each.text}: ${text}`);
  }

  #keep(place: Place, good: (remark: Remark) => boolean): void {
    const all = this.#at.get(place) ?? [];
    const kept = all.filter(good);
    for (const each of all) if (!kept.includes(each)) this.#made.delete(each);
    if (kept.length === 0) this.#at.delete(place);
    else this.#at.set(place, kept);
  }
}

/** The directives in a block, at any depth. */
function within(children: readonly Directive[] = []): readonly Directive[] {
  return children.flatMap((child) => [child, ...within(child.children)]);
}

/** The remark as one line: `FILE:LINE: dropped: …`. */
export function remarkText(remark: Remark): string {
  argumentsOf.is('remark', remark, 'object');
  const { file, line, fate, text } = remark;
  return `${file}:${line}: ${fate}: ${text}`;
}

/** Text of a file in one line, clipped, with visible control characters. */
function oneLine(text: string): string {
  const visible = text.replace(/[\x00-\x1f\x7f]+/g, ' ');
  return visible.length > 400 ? `${visible.slice(0, 399)}…` : visible;
}

/** Sorts remarks by file and line, with each text once per line. */
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
