import type { Fate } from '../../remarks.js';

/** A word of a block. */
export interface Word {
  /** How it is imported; a value that keepalived would ignore is always dropped. */
  readonly fate: Fate;
  /** Its form in the document, or why it has none and what to do instead. */
  readonly about: string;
  /** Whether a block follows it. */
  readonly block?: true;
  /** The number of values that keepalived requires. */
  readonly values?: number;
}

/** The words of one block, by name. */
export type Words = Readonly<Record<string, Word>>;

/** A word that the document can express. `values`: the number that keepalived requires. */
export function taken(about: string, values = 1): Word {
  return { fate: 'taken over', about, values };
}

/** A word that the document can nearly express. */
export function differs(about: string, values = 1): Word {
  return { fate: 'differs', about, values };
}

/** A word that the document cannot express. */
export function dropped(about: string, values = 0): Word {
  return { fate: 'dropped', about, values };
}

/** A word with a block. */
export function block(fate: Fate, about: string, values = 0): Word {
  return { fate, about, values, block: true };
}

/** Misspelt and obsolete words that keepalived ignores, and the word that was meant; undefined: old versions had it. */
export const MEANT: Readonly<Record<string, string | undefined>> = {
  nat_mask: undefined,
  net_mask: 'persistence_granularity',
  nb_sock_retry: 'retry',
  nb_get_retry: 'retry',
};

/** What to do instead of a command. */
export const EVENTS = 'the agent runs no commands; follow ipvs-ts events --follow --json';

/** What to do instead of mail. */
export const MAIL = 'the agent sends no mail; alert on its metrics, or follow ipvs-ts events --follow --json';

/** What to do instead of SNMP. */
export const SNMP = 'there is no SNMP; names of servers go with the metrics';
