/** How much of a function V8 lets run before it optimises it. */
import { createRequire } from 'node:module';
import type * as v8 from 'node:v8';

/**
 * The option of V8, by its series: how patient it is by itself, and eight times as patient. That of Node 20 optimises two
 * dozen functions in a run of three tenths of a second, which costs a third of it and comes too late to help. Later ones
 * have a compiler between, and wait longer by themselves.
 */
const PATIENCE: Readonly<Record<string, { readonly short: string; readonly long: string }>> = {
  '11.3': { short: '--interrupt-budget=540672', long: '--interrupt-budget=67584' },
};

/** Has V8 optimise less from now on, for a run of some tenths of a second, or as always, for one that is longer. */
export function expectRun(length: 'short' | 'long'): void {
  const [major, minor] = process.versions.v8.split('.');
  const option = PATIENCE[`${major}.${minor}`]?.[length];
  if (option === undefined) return;
  (createRequire(import.meta.url)('node:v8') as typeof v8).setFlagsFromString(option);
}
