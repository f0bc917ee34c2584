import { isByteText } from './byte-text.js';
import { compiles } from './pattern.js';
import { at, type Problems } from './problems.js';

/** A step of a conversation: text to send, or a regular expression that what arrives must match. */
export type Step = { readonly send: string } | { readonly expect: string };

/** The most steps of a check. */
const MOST_STEPS = 20;

/** Reads a list of steps. */
export function readSteps(problems: Problems, path: string, value: unknown): readonly Step[] | undefined {
  if (!Array.isArray(value) || value.length > MOST_STEPS) {
    problems.wrong(path, `a list of at most ${MOST_STEPS} steps`, value);
    return undefined;
  }
  const steps = (value as unknown[]).map((each, index) => readStep(problems, at(path, index), each));
  return steps.every((step) => step !== undefined) ? steps : undefined;
}

function readStep(problems: Problems, path: string, value: unknown): Step | undefined {
  const [entry, ...more] = typeof value === 'object' && value !== null ? Object.entries(value) : [];
  if (entry !== undefined && more.length === 0 && typeof entry[1] === 'string' && entry[1].length <= 4096) {
    if (entry[0] === 'send' && isByteText(entry[1], 4096)) return { send: entry[1] };
    if (entry[0] === 'expect' && compiles(entry[1])) return { expect: entry[1] };
  }
  problems.wrong(
    path,
    '{ send: TEXT } or { expect: REGULAR EXPRESSION }, at most 4096 characters, those to send from U+0000 to U+00FF',
    value,
  );
  return undefined;
}
