/**
 * Delays V8's optimisation: in a program that runs for some tenths of a second, compiling functions again costs more
 * than it gains.
 */
import { createRequire } from 'node:module';
import type * as v8 from 'node:v8';

/** V8's budget of a function before it is optimised, by series of V8: the default, and sixteen times that. */
const BUDGETS: Readonly<Record<string, readonly [byDefault: number, short: number]>> = {
  // V8 of Node 20. Later ones have another compiler in between, and wait longer by default.
  '11.3': [67_584, 1_081_344],
};

/** Sizes of documents, in bytes, for which a run is short but not too short to matter. */
const SHORT = { least: 4096, most: 1_000_000 } as const;

/** Sizes of tables, in services, for which this is also true. */
const SHORT_TABLE = { least: 100, most: 20_000 } as const;

/** Whether to delay optimisation for a listing of so many services. */
export function isShortListing(services: number): boolean {
  return services >= SHORT_TABLE.least && services <= SHORT_TABLE.most;
}

/** Whether to delay optimisation for a document of `bytes`. */
export function isShortWork(bytes: number): boolean {
  return bytes >= SHORT.least && bytes <= SHORT.most;
}

/**
 * V8's options for this process. They are set only while the program works: compiled code was created with the
 * defaults.
 */
export class Optimisation {
  readonly #budgets: readonly [number, number] | undefined;
  readonly #set: (option: string) => void;
  #isLate = false;

  constructor(version = process.versions.v8, set = setOption) {
    this.#budgets = BUDGETS[version.split('.').slice(0, 2).join('.')];
    this.#set = set;
  }

  /** Makes V8 optimise later from now on. */
  delay(): void {
    if (this.#budgets === undefined || this.#isLate) return;
    this.#isLate = true;
    this.#set(`--interrupt-budget=${this.#budgets[1]}`);
  }

  /** Loads bundles: V8 accepts their compiled code only with the options of the build. */
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

/** The part of `process` in Node 20 that its types lack. */
interface DeprecatedProcess {
  noDeprecation?: boolean;
  binding(name: 'v8'): { setFlagsFromString(option: string): void };
}

/**
 * Loading `node:v8` costs a tenth of Node's start, since it loads streams. Node's deprecated `process.binding` costs
 * almost nothing; its warning would not help users.
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
