/**
 * Delays V8's optimisation: in a program that runs for some tenths of a second, compiling functions again costs more
 * than it gains.
 */
import { createRequire } from 'node:module';
import type * as v8 from 'node:v8';

/** A budget of V8 after which it compiles something again: the default, and one for short work. */
interface Budget {
  readonly option: string;
  readonly byDefault: number;
  readonly short: number;
}

/** By series of V8: what a function may do before it is optimised, in JavaScript and in WebAssembly. */
const BUDGETS: Readonly<Record<string, readonly [javaScript: Budget, webAssembly: Budget]>> = {
  // V8 of Node 20. Later ones have another compiler in between, and wait longer by default.
  '11.3': [
    { option: '--interrupt-budget', byDefault: 67_584, short: 1_081_344 },
    { option: '--wasm-tiering-budget', byDefault: 1_800_000, short: 115_200_000 },
  ],
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
  readonly #budgets: readonly [Budget, Budget] | undefined;
  readonly #set: (option: string) => void;
  /** The budgets that are not at their default. */
  readonly #changed = new Set<Budget>();

  constructor(version = process.versions.v8, set = setOption) {
    this.#budgets = BUDGETS[version.split('.').slice(0, 2).join('.')];
    this.#set = set;
  }

  /** Makes V8 optimise JavaScript later from now on. */
  delay(): void {
    this.#delay(this.#budgets?.[0]);
  }

  /**
   * Makes V8 optimise WebAssembly later, in modules that are compiled from now on: before it has run for a table of
   * some twenty thousand services.
   */
  delayWebAssembly(): void {
    this.#delay(this.#budgets?.[1]);
  }

  /** Loads bundles: V8 accepts their compiled code only with the options of the build. */
  async whileLoading<T>(load: () => Promise<T>): Promise<T> {
    for (const { option, byDefault } of this.#changed) this.#set(`${option}=${byDefault}`);
    try {
      return await load();
    } finally {
      for (const { option, short } of this.#changed) this.#set(`${option}=${short}`);
    }
  }

  #delay(budget: Budget | undefined): void {
    if (budget === undefined || this.#changed.has(budget)) return;
    this.#changed.add(budget);
    this.#set(`${budget.option}=${budget.short}`);
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
