import type { DocumentProblem } from '@ipvs-ts/ipvs';

/** Characters that a message shows of a value. */
const MOST_SHOWN = 100;

/** Where in a document something stands: `services["tcp:192.0.2.10:80"].check`. The root is the empty text. */
export function at(path: string, name: string | number): string {
  if (typeof name === 'number') return `${path}[${name}]`;
  if (!/^[A-Za-z_]\w*$/.test(name)) return `${path}[${JSON.stringify(name)}]`;
  return path === '' ? name : `${path}.${name}`;
}

/** The names and indexes that a path is made of, from the root on. */
export function stepsOf(path: string): (string | number)[] {
  return [...path.matchAll(/\[(\d+)\]|\[("(?:[^"\\]|\\.)*")\]|([A-Za-z_]\w*)/g)].map(
    ([, index, quoted, name]) => {
      if (index !== undefined) return Number(index);
      return quoted === undefined ? (name as string) : (JSON.parse(quoted) as string);
    },
  );
}

/** The mistakes of a document, collected instead of thrown. */
export class Problems {
  readonly found: DocumentProblem[] = [];
  readonly #paths = new Set<string>();

  /** Adds a mistake: only the first at a path, since more would be its consequences. */
  add(path: string, allowed: string, message: string): void {
    if (this.#paths.has(path)) return;
    this.#paths.add(path);
    this.found.push({ path, allowed, message });
  }

  /** The value at `path` is not what is allowed there. */
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
  const text = value === undefined ? 'undefined' : JSON.stringify(value);
  return text.length <= MOST_SHOWN ? text : `${text.slice(0, MOST_SHOWN)}… (${text.length} characters)`;
}
