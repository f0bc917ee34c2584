/** What is compared. */

/** One command line, run by the reference and by this package. */
export interface Case {
  /** Words without blanks in them may be written as one text. */
  readonly argv: string | readonly string[];
  readonly stdin?: string;
  readonly env?: Readonly<Record<string, string>>;
  /** Stands for the kernel's connection table. */
  readonly connections?: string;
}

/** Cases that start from the same table. */
export interface Group {
  readonly name: string;
  /** Commands that make the table, as a restore reads them. */
  readonly rules?: string;
  /**
   * Absent: no case changes the table, and the states are compared once at the end. `each`: every case starts from
   * the table anew and the states are compared after it. `sequence`: every case starts where the last one ended.
   */
  readonly changing?: 'each' | 'sequence';
  /** Run only when IPVS_TS_COMPARISON is `thorough`. */
  readonly thorough?: true;
  readonly cases: readonly (Case | string)[];
}

/** A case as an object. */
export function asCase(item: Case | string): Case {
  return typeof item === 'string' ? { argv: item } : item;
}

/** A case's words. */
export function wordsOf({ argv }: Case): readonly string[] {
  if (typeof argv !== 'string') return argv;
  return argv === '' ? [] : argv.split(' ');
}

/** A case's name in reports. */
export function nameOf(item: Case): string {
  const extras = [
    ...Object.keys(item.env ?? {}),
    ...(item.stdin === undefined ? [] : [JSON.stringify(item.stdin)]),
  ];
  const words = wordsOf(item).map((word) => (/^[!-~]+$/.test(word) ? word : JSON.stringify(word)));
  return [words.join(' ') || '(no words)', ...extras].join(' < ');
}
