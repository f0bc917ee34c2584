import { allowedText, type Mistake, mistakeText, type Report } from '../argument-checks.js';
import { isPlainName, type Place, placeText } from '../place.js';
import type { DocumentProblem } from './document-error.js';
import type { Position } from './source/positions.js';

/** A problem and its place, from which its offset in the text is found. */
export interface PlacedProblem {
  readonly place: Place;
  /** Whether the name at `place` is wrong, and not the value. */
  readonly isName: boolean;
  readonly problem: DocumentProblem;
}

/** How many mistakes have their texts made at once. The texts of later ones are made when they are read. */
const MOST_TEXTS = 100;

/** Collects the mistakes of a document. */
export class Problems implements Report {
  readonly found: PlacedProblem[] = [];
  readonly #paths = new Set<string>();
  #count = 0;

  /** How many mistakes were reported. */
  get count(): number {
    return this.#count;
  }

  /** Adds a mistake. Of several at one place only the first is kept: the others follow from it. */
  add(place: Place, mistake: Mistake): void {
    const isName = mistake.kind === 'unknown' || isEntry(place);
    this.note(
      place,
      isName,
      () => allowedText(mistake),
      () => mistakeText(place, mistake),
    );
  }

  /** The same with its own texts. */
  note(place: Place, isName: boolean, allowed: () => string, message: () => string): void {
    this.#count += 1;
    if (this.found.length >= MOST_TEXTS) {
      const last = this.found.at(-1)?.place;
      if (last !== undefined && isSame(place, last)) return;
      this.found.push({ place, isName, problem: new LaterProblem(place, { allowed, message }) });
      return;
    }
    const path = placeText(place);
    if (this.#paths.has(path)) return;
    this.#paths.add(path);
    this.found.push({ place, isName, problem: { path, allowed: allowed(), message: message() } });
  }
}

/** Whether two places are the same one. */
function isSame(one: Place, other: Place): boolean {
  if (one === other) return true;
  if (typeof one === 'string' || typeof other === 'string') return false;
  return one.name === other.name && isSame(one.inside, other.inside);
}

/** Whether a place is an entry of a map: services and destinations, whose names are keys. */
function isEntry(place: Place): boolean {
  return typeof place !== 'string' && typeof place.name === 'string' && !isPlainName(place.name);
}

/** The texts of a mistake, made when they are read. */
export interface ProblemTexts {
  allowed(): string;
  message(): string;
}

/** A mistake after many others. It is rarely read, so its texts and its position are made when they are read. */
export class LaterProblem implements DocumentProblem {
  readonly #place: Place;
  readonly #texts: ProblemTexts;
  readonly #position: (() => Position) | undefined;

  constructor(place: Place, texts: ProblemTexts, position?: () => Position) {
    this.#place = place;
    this.#texts = texts;
    this.#position = position;
  }

  get path(): string {
    return placeText(this.#place);
  }

  get allowed(): string {
    return this.#texts.allowed();
  }

  get message(): string {
    return this.#texts.message();
  }

  get line(): number {
    return this.#position?.().line ?? 1;
  }

  get column(): number {
    return this.#position?.().column ?? 1;
  }

  /** The same with a position. */
  at(position: () => Position): LaterProblem {
    return new LaterProblem(this.#place, this.#texts, position);
  }

  toJSON(): DocumentProblem {
    const { path, allowed, message } = this;
    if (this.#position === undefined) return { path, allowed, message };
    return { path, allowed, message, ...this.#position() };
  }
}

/** A problem with its position. */
export function placed(
  { problem }: { readonly problem: DocumentProblem },
  position: () => Position,
): DocumentProblem {
  return problem instanceof LaterProblem ? problem.at(position) : { ...problem, ...position() };
}
