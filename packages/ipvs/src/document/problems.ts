import { type ArgumentError, checkObject, isArgumentError } from '../argument-checks.js';
import type { DocumentProblem } from '../errors.js';
import { nearest } from '../nearest.js';
import { checkKind, type Fields } from './field.js';

/** What errors call the document as a whole. */
export const DOCUMENT = 'document';

/** Where in the document something stands: `services["tcp:192.0.2.10:80"].destinations`. */
export function at(path: string, name: string): string {
  return /^[A-Za-z_]\w*$/.test(name) ? `${path}.${name}` : `${path}[${JSON.stringify(name)}]`;
}

/** The mistakes of a document, collected instead of thrown. */
export class Problems {
  readonly found: DocumentProblem[] = [];
  readonly #paths = new Set<string>();

  /** Notes a mistake; only the first at a path, since more would be its consequences. */
  add(path: string, allowed: string, message: string): void {
    if (this.#paths.has(path)) return;
    this.#paths.add(path);
    this.found.push({ path, allowed, message });
  }

  /** Runs a check of arguments whose own name in errors is `argument` and which stands at `path` in the document. */
  try<T>(argument: string, path: string, check: () => T): T | undefined {
    try {
      return check();
    } catch (error) {
      this.#note(error, argument, path);
      return undefined;
    }
  }

  /** Whether `value` is an object; notes it if not. */
  object(path: string, value: unknown): value is Record<string, unknown> {
    return this.try(path, path, () => (checkObject(path, value), true)) !== undefined;
  }

  /** The same, with every field that is not in `fields` noted, and every value that is not of its kind. */
  record(path: string, value: unknown, fields: Fields): value is Record<string, unknown> {
    if (!this.object(path, value)) return false;
    const known = Object.keys(fields);
    for (const [name, each] of Object.entries(value)) {
      const place = path === DOCUMENT && /^[A-Za-z_]\w*$/.test(name) ? name : at(path, name);
      const field = Object.hasOwn(fields, name) ? fields[name] : undefined;
      if (field === undefined) {
        const close = nearest(name, known);
        const meant = close === undefined ? '' : `; did you mean ${close}?`;
        this.add(
          place,
          `one of ${known.join(', ')}`,
          `${place} is not known${meant}; ${path} has ${known.join(', ')}`,
        );
      } else if (each !== undefined) {
        this.try(place, place, () => checkKind(place, each, field));
        // Maps and records of records are gone through by those who know what belongs together in them.
        if (field.kind === 'record' && path !== DOCUMENT) this.record(place, each, field.fields);
      }
    }
    return true;
  }

  /**
   * Checks `options` with `check`, whose errors name them `argument`. Each mistake is noted and replaced by something
   * harmless, until none is left: so a second mistake is found behind the first. Gives what `check` gives, or
   * undefined if there was a mistake.
   */
  all<T extends object, R>(
    argument: string,
    path: string,
    options: T,
    check: (options: T) => R,
    repair: Repair,
  ): R | undefined {
    const seen = new Set<string>();
    let mended = options as Record<string, unknown>;
    for (;;) {
      try {
        const result = check(mended as T);
        return seen.size === 0 ? result : undefined;
      } catch (error) {
        if (!isArgumentError(error)) throw error;
        const inside = error.path === argument || error.path.startsWith(`${argument}.`);
        this.#note(error, argument, path);
        if (!inside || seen.has(error.path)) return undefined;
        seen.add(error.path);
        mended = mend(mended, error.path.slice(argument.length + 1), repair);
      }
    }
  }

  #note(error: unknown, argument: string, path: string): void {
    if (!isArgumentError(error)) throw error;
    const inside = error.path.startsWith(argument) ? error.path.slice(argument.length) : '';
    const place = path + inside;
    const own = (text: string): string => (argument === path ? text : text.replaceAll(`${argument}.`, ''));
    this.add(place, own(error.allowed), own(sentence(error, place)));
  }
}

/** The error with the place in the document for the name of the argument. A document has no `undefined` in it. */
function sentence({ message, path, allowed }: ArgumentError, place: string): string {
  const text = message.replace(path, () => place);
  return text.endsWith(', not undefined') ? `${place} is missing; it must be ${allowed}` : text;
}

/** What stands in for a mistaken value, by its path (`flags[]`: any of a list); any other is left out. */
export type Repair = Readonly<Record<string, unknown>>;

function mend(options: Record<string, unknown>, path: string, repair: Repair): Record<string, unknown> {
  const element = /^(\w+)\[(\d+)\]$/.exec(path);
  const list = options[element?.[1] ?? ''];
  if (element !== null && Array.isArray(list))
    return {
      ...options,
      [element[1] as string]: list.with(Number(element[2]), repair[`${element[1] as string}[]`]),
    };
  const [name = '', ...rest] = path.split('.');
  const inner = options[name];
  if (rest.length > 0 && typeof inner === 'object' && inner !== null) {
    const inside = Object.fromEntries(
      Object.entries(repair)
        .filter(([key]) => key.startsWith(`${name}.`))
        .map(([key, value]) => [key.slice(name.length + 1), value]),
    );
    return { ...options, [name]: mend(inner as Record<string, unknown>, rest.join('.'), inside) };
  }
  const { [name]: _, ...others } = options;
  return Object.hasOwn(repair, name) ? { ...others, [name]: repair[name] } : others;
}
