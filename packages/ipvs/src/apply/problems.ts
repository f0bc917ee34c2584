import { checkOptions, isArgumentError } from '../argument-error.js';
import type { DocumentProblem } from '../errors.js';

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
  add(path: string, message: string): void {
    if (this.#paths.has(path)) return;
    this.#paths.add(path);
    this.found.push({ path, message });
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

  /** Whether `value` is an object; notes it if not, and every field that is not in `known` if that is given. */
  object(path: string, value: unknown, known?: readonly string[]): value is Record<string, unknown> {
    const names = typeof value === 'object' && value !== null ? Object.keys(value) : [];
    if (this.try(path, path, () => (checkOptions(path, value, names), true)) === undefined) return false;
    for (const name of known === undefined ? [] : names.filter((each) => !known.includes(each))) {
      const place = path === DOCUMENT ? name : at(path, name);
      this.add(place, `${place} is not known; ${path} has ${(known ?? []).join(', ')}`);
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
        // What concerns the whole may be the consequence of what was replaced.
        if (inside || seen.size === 0) this.#note(error, argument, path);
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
    const message = error.message.replace(error.path, place);
    this.add(place, argument === path ? message : message.replaceAll(`${argument}.`, ''));
  }
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
