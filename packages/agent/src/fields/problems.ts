import type { DocumentProblem } from '@ipvs-ts/ipvs';

/** The most characters of a value in a message. */
const MOST_SHOWN = 100;

/** The path of a field or item in a document: `services["tcp:192.0.2.10:80"].check`. The root is the empty text. */
export function at(path: string, name: string | number): string {
  if (typeof name === 'number') return `${path}[${name}]`;
  if (!/^[A-Za-z_]\w*$/.test(name)) return `${path}[${JSON.stringify(name)}]`;
  return path === '' ? name : `${path}.${name}`;
}

/** The names and indexes of a path, from the root on. */
export function stepsOf(path: string): (string | number)[] {
  return [...path.matchAll(/\[(\d+)\]|\[("(?:[^"\\]|\\.)*")\]|([A-Za-z_]\w*)/g)].map(
    ([, index, quoted, name]) => {
      if (index !== undefined) return Number(index);
      return quoted === undefined ? (name as string) : (JSON.parse(quoted) as string);
    },
  );
}

/** Names of more characters than messages show: quoted or plain. */
const LONG_NAME = new RegExp(`"(?:[^"\\\\]|\\\\.){${MOST_SHOWN},}"|\\w{${MOST_SHOWN + 1},}`, 'g');

/** A message or path in which long names are clipped, as it is shown. */
export function clippedNames(text: string): string {
  return text.length <= MOST_SHOWN
    ? text
    : text.replace(LONG_NAME, (name) => `${name.slice(0, MOST_SHOWN)}… (${name.length} characters)`);
}

/** The mistakes of a document, collected instead of thrown. */
export class Problems {
  readonly found: DocumentProblem[] = [];
  readonly #paths = new Set<string>();

  /** Adds a mistake. Of several at one path only the first is kept: the others follow from it. */
  add(path: string, allowed: string, message: string): void {
    if (this.#paths.has(path)) return;
    this.#paths.add(path);
    this.found.push({ path, allowed, message });
  }

  /** Adds the mistake of a value that is not allowed at `path`. */
  wrong(path: string, allowed: string, value: unknown): void {
    this.add(path, allowed, `${path} must be ${allowed}, not ${shown(value)}`);
  }

  /** Whether `value` is an object that is not a list; adds a mistake otherwise. */
  isRecord(path: string, value: unknown): value is Readonly<Record<string, unknown>> {
    if (typeof value === 'object' && value !== null && !Array.isArray(value)) return true;
    this.wrong(path, 'an object', value);
    return false;
  }
}

function shown(value: unknown): string {
  const text = textOf(value);
  return text.length <= MOST_SHOWN ? text : `${text.slice(0, MOST_SHOWN)}… (${text.length} characters)`;
}

function textOf(value: unknown): string {
  if (value === undefined) return 'undefined';
  try {
    // Functions and symbols have no JSON.
    if (typeof value === 'function' || typeof value === 'symbol') return `a ${typeof value}`;
    return JSON.stringify(value);
  } catch {
    return typeof value === 'bigint' ? 'a bigint' : 'an object';
  }
}
