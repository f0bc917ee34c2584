/**
 * Reads command lines by the rules of the popt library (1.19) rather than those of getopt: long names are exact, `-t=X`
 * drops its `=`, an optional argument is the next word unless that starts with a dash, options and operands may be
 * mixed, and with POSIXLY_CORRECT options end at the first operand.
 */

/** Whether an option takes an argument; `optional` takes the next word unless it starts with a dash. */
export type ArgumentKind = 'none' | 'required' | 'optional';

/** The parts of an option that the parser needs. */
export interface PoptOption {
  readonly long: string;
  readonly short?: string;
  readonly argument: ArgumentKind;
}

/** popt's own error sentences. */
const POPT_ERRORS = {
  unknown: 'unknown option',
  missing: 'missing argument',
  unwanted: 'option does not take an argument',
} as const;

/** One step of the parser: an option with its argument, an error, or the end. */
export type PoptStep<O extends PoptOption> =
  | { readonly kind: 'option'; readonly option: O; readonly value: string | undefined }
  | { readonly kind: 'error'; readonly text: string }
  | { readonly kind: 'end' };

/** popt replaces this text in an argument with the next operand, which then is no longer an operand. */
const NEXT_WORD = '!#:+';

/** Options by name: of several with the same name the first counts. */
interface Index<O> {
  readonly long: ReadonlyMap<string, O>;
  readonly short: ReadonlyMap<string, O>;
}

const indexes = new WeakMap<readonly PoptOption[], Index<PoptOption>>();

/** The index of a table of options, made once. */
function indexOf<O extends PoptOption>(options: readonly O[]): Index<O> {
  let index = indexes.get(options) as Index<O> | undefined;
  if (index !== undefined) return index;
  const long = new Map<string, O>();
  const short = new Map<string, O>();
  for (const option of options) {
    if (!long.has(option.long)) long.set(option.long, option);
    if (option.short !== undefined && !short.has(option.short)) short.set(option.short, option);
  }
  index = { long, short };
  indexes.set(options, index);
  return index;
}

/** A reader over the words of one command line (without the program's name). */
export class Popt<O extends PoptOption> {
  readonly #options: Index<O>;
  readonly #words: readonly string[];
  readonly #stopAtPlain: boolean;
  readonly #plain: string[] = [];
  /** Operands that were used in arguments. */
  #consumed: Set<number> | undefined;
  #next = 0;
  #group: string | undefined;
  #onlyPlain = false;

  constructor(options: readonly O[], words: readonly string[], stopAtPlain = false) {
    this.#options = indexOf(options);
    this.#words = words;
    this.#stopAtPlain = stopAtPlain;
  }

  /** The last word that was read, for error messages. */
  get word(): string {
    return this.#words[this.#next - 1] ?? '';
  }

  /** The operands so far; complete after the step `end`. */
  get plain(): readonly string[] {
    return this.#plain;
  }

  /** The next option, error or the end. */
  next(): PoptStep<O> {
    if (this.#group === undefined) {
      const word = this.#nextOptionWord();
      if (word === undefined) return { kind: 'end' };
      if (word.startsWith('--')) return this.#long(word.slice(2));
      this.#group = word.slice(1);
    }
    return this.#short(this.#group);
  }

  #nextOptionWord(): string | undefined {
    while (this.#next < this.#words.length) {
      const index = this.#next++;
      if (this.#consumed?.has(index) === true) continue;
      const word = this.#words[index] ?? '';
      if (this.#onlyPlain || !word.startsWith('-') || word === '-') {
        if (this.#stopAtPlain) this.#onlyPlain = true;
        this.#plain.push(word);
      } else if (word === '--') {
        this.#onlyPlain = true;
      } else {
        return word;
      }
    }
    return undefined;
  }

  #long(text: string): PoptStep<O> {
    const equals = text.indexOf('=');
    const name = equals < 0 ? text : text.slice(0, equals);
    const option = this.#options.long.get(name);
    if (!option) return { kind: 'error', text: POPT_ERRORS.unknown };
    return this.#argument(option, equals < 0 ? undefined : text.slice(equals + 1));
  }

  #short(group: string): PoptStep<O> {
    this.#group = undefined;
    const option = this.#options.short.get(group.slice(0, 1));
    if (!option) return { kind: 'error', text: POPT_ERRORS.unknown };
    const rest = group.slice(1);
    if (option.argument === 'none') {
      if (rest.startsWith('=')) return { kind: 'error', text: POPT_ERRORS.unwanted };
      if (rest !== '') this.#group = rest;
      return { kind: 'option', option, value: undefined };
    }
    return this.#argument(option, rest === '' ? undefined : rest.startsWith('=') ? rest.slice(1) : rest);
  }

  #argument(option: O, attached: string | undefined): PoptStep<O> {
    if (option.argument === 'none') {
      if (attached !== undefined) return { kind: 'error', text: POPT_ERRORS.unwanted };
      return { kind: 'option', option, value: undefined };
    }
    if (attached !== undefined) return { kind: 'option', option, value: this.#expand(attached) };
    const word = this.#words[this.#next];
    if (option.argument === 'optional' && (word === undefined || word.startsWith('-')))
      return { kind: 'option', option, value: undefined };
    if (word === undefined) return { kind: 'error', text: POPT_ERRORS.missing };
    this.#next++;
    return { kind: 'option', option, value: this.#expand(word) };
  }

  #expand(argument: string): string {
    if (!argument.includes(NEXT_WORD)) return argument;
    const index = this.#words.findIndex(
      (word, at) => at >= this.#next && !word.startsWith('-') && this.#consumed?.has(at) !== true,
    );
    if (index < 0) return argument;
    (this.#consumed ??= new Set()).add(index);
    return argument.replaceAll(NEXT_WORD, () => this.#words[index] ?? '');
  }
}
