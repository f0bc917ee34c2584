import type { Remark } from './remarks.js';

/** Plain data of a document. */
export type Plain = Readonly<Record<string, unknown>>;

/** A service of an imported document, before it is written. */
export interface ImportedService {
  readonly settings: Plain;
  /** Fields of `health`; undefined if no destination is checked. */
  readonly health: Plain | undefined;
  readonly destinations: ReadonlyMap<string, ImportedDestination>;
}

/** A destination of an imported document. */
export interface ImportedDestination {
  readonly settings: Plain;
  /** All must pass; without checks, it is always up. */
  readonly checks: readonly Plain[];
}

/** A file of another program as a document for the agent. */
export interface Imported {
  /** The document as plain data, for {@link documentYaml}. */
  readonly document: Plain;
  /** The result for each line, in order. */
  readonly remarks: readonly Remark[];
  /** Lines that must stay in the file of the other program; undefined if there are none. */
  readonly kept: string | undefined;
}
