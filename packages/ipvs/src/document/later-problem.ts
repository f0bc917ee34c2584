import { type Place, placeText } from '../place.js';
import type { DocumentProblem } from './document-error.js';
import type { Position } from './source/positions.js';

/** The texts of a mistake, made when they are read. */
export interface ProblemTexts {
  allowed(): string;
  message(): string;
}

/** A mistake after many others: hardly anybody reads it, so its texts and its position are made when they are read. */
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
