/** When V8 optimises what runs: compiling again what runs for some tenths of a second costs more than it gains. */
import { createRequire } from 'node:module';
import type * as v8 from 'node:v8';

/** How much of a function runs before it is optimised, by the series of V8: its default, and sixteen times that. */
const BUDGETS: Readonly<Record<string, readonly [byDefault: number, short: number]>> = {
  // That of Node 20. Later ones have a compiler in between, and wait longer by themselves.
  '11.3': [67_584, 1_081_344],
};

/** Documents of this many bytes are read and compared in a run that is short, but not too short to matter. */
const SHORT = { least: 4096, most: 1_000_000 } as const;

/** Tables of this many services, too. */
const SHORT_TABLE = { least: 100, most: 20_000 } as const;

/** Whether a listing of so many services is worth waiting with optimisation. */
export function isShortListing(services: number): boolean {
  return services >= SHORT_TABLE.least && services <= SHORT_TABLE.most;
}

/** Whether the work on a document of `bytes` is worth waiting with optimisation. */
export function isShortWork(bytes: number): boolean {
  return bytes >= SHORT.least && bytes <= SHORT.most;
}

/** V8's options for this process. They are set for the program's own work only: code that was compiled before is of the defaults. */
export class Optimisation {
  readonly #budgets: readonly [number, number] | undefined;
  readonly #set: (option: string) => void;
  #isLate = false;

  constructor(version = process.versions.v8, set = setOption) {
    this.#budgets = BUDGETS[version.split('.').slice(0, 2).join('.')];
    this.#set = set;
  }

  /** Has V8 optimise later from now on. */
  delay(): void {
    if (this.#budgets === undefined || this.#isLate) return;
    this.#isLate = true;
    this.#set(`--interrupt-budget=${this.#budgets[1]}`);
  }

  /** Loads bundles: V8 takes their compiled code only if its options are those of the build. */
  async whileLoading<T>(load: () => Promise<T>): Promise<T> {
    if (this.#budgets === undefined || !this.#isLate) return load();
    this.#set(`--interrupt-budget=${this.#budgets[0]}`);
    try {
      return await load();
    } finally {
      this.#set(`--interrupt-budget=${this.#budgets[1]}`);
    }
  }
}

/** What `process` has, of Node 20, that its types leave out. */
interface DeprecatedProcess {
  noDeprecation?: boolean;
  binding(name: 'v8'): { setFlagsFromString(option: string): void };
}

/**
 * Loading `node:v8` costs a tenth of Node's start, since it loads streams. Node's deprecated way to what is behind it costs next
 * to nothing; its warning would help nobody.
 */
function setOption(option: string): void {
  const node = process as unknown as DeprecatedProcess;
  const { noDeprecation = false } = node;
  try {
    node.noDeprecation = true;
    node.binding('v8').setFlagsFromString(option);
  } catch {
    (createRequire(import.meta.url)('node:v8') as typeof v8).setFlagsFromString(option);
  } finally {
    node.noDeprecation = noDeprecation;
  }
}
