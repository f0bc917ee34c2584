import type { Place } from '../../remarks.js';

/** A statement of the file: a line, or the part of one before a brace. */
export interface Statement extends Place {
  /** As written, without comment and braces, definitions replaced. */
  readonly text: string;
}

/** A token of a file. */
export type Token =
  | (Statement & { readonly kind: 'statement' })
  | (Place & { readonly kind: 'open' })
  | (Place & { readonly kind: 'close' });
