import { allowedText, type Mistake, mistakeText, type Report } from '../argument-checks.js';
import { isPlainName, type Place, placeText } from '../place.js';
import type { DocumentProblem } from './document-error.js';

/** A problem and its place, from which its offset in the text is found. */
export interface PlacedProblem {
  readonly place: Place;
  /** Whether the name at `place` is wrong, and not the value. */
  readonly isName: boolean;
  readonly problem: DocumentProblem;
}

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
    this.note(place, isName, allowedText(mistake), () => mistakeText(place, mistake));
  }

  /** The same with its own sentence. */
  note(place: Place, isName: boolean, allowed: string, message: () => string): void {
    this.#count += 1;
    const path = placeText(place);
    if (this.#paths.has(path)) return;
    this.#paths.add(path);
    this.found.push({ place, isName, problem: { path, allowed, message: message() } });
  }
}

/** Whether a place is an entry of a map: services and destinations, whose names are keys. */
function isEntry(place: Place): boolean {
  return typeof place !== 'string' && typeof place.name === 'string' && !isPlainName(place.name);
}
