/** The outcome of the changes of a plan, as text and as JSON. */
import {
  ApplyError,
  type ApplyReport,
  type ChangeResult,
  DocumentError,
  type DocumentProblem,
  type Plan,
  type PlanProgress,
} from '@ipvs-ts/ipvs';
import type { Arguments } from '../framework/arguments.js';
import type { SubcommandIo } from '../framework/io.js';
import { changeText } from './plan-text.js';
import { ProgressLine } from '../framework/progress-line.js';

/** The most mistakes to print. */
const MOST_PROBLEMS = 100;

/** The progress line of long work; none in a pipe. */
export function progressOf({ stderr, env }: Pick<SubcommandIo, 'stderr' | 'env'>): ProgressLine | undefined {
  return stderr.terminal ? new ProgressLine(stderr, env) : undefined;
}

/** Waits for `work`, and always removes the line, so that an error begins on a new line. */
export async function cleared<T>(progress: ProgressLine | undefined, work: Promise<T>): Promise<T> {
  try {
    return await work;
  } finally {
    progress?.clear();
  }
}

/** Shows the progress of a comparison. */
export function showComparison(progress: ProgressLine | undefined): (news: PlanProgress) => void {
  progress?.show('comparing with the current state …');
  return ({ read, total }) =>
    progress?.show(`comparing with the current state: ${read} of ${total} services read`);
}

/** A value as a line of JSON text. */
export function jsonText(value: unknown): string {
  return `${JSON.stringify(value, undefined, 2)}\n`;
}

/** Results as plain data: each change with its outcome, and why it was not made. */
export function resultsJson(results: readonly ChangeResult[]): object[] {
  return results.map((result) => ({
    ...result.change.toJSON(),
    outcome: result.outcome,
    ...((result.outcome === 'failed' || result.outcome === 'moved') && { error: errorJson(result.error) }),
    ...(result.outcome === 'unsent' && { reason: result.reason }),
  }));
}

/** Code, message and mistakes of an error. */
export function errorJson(error: unknown): object {
  if (!(error instanceof Error)) return { message: String(error) };
  return {
    ...('code' in error && { code: error.code }),
    message: error.message,
    ...(DocumentError.is(error) && problemsJson(error.problems)),
    ...(ApplyError.is(error) && { isRetryable: error.isRetryable }),
  };
}

/** The first hundred mistakes, and their number if there are more. */
function problemsJson(problems: readonly DocumentProblem[]): object {
  if (problems.length <= MOST_PROBLEMS) return { problems };
  return { problems: problems.slice(0, MOST_PROBLEMS), problemCount: problems.length };
}

/** A plan as plain data. */
export function planJson(plan: Plan): object {
  return { changes: plan.toJSON(), ...(plan.doubts.length > 0 && { doubts: plan.doubts }) };
}

/** Prints the doubts of a plan. JSON contains them itself. */
export async function showDoubts(
  doubts: readonly string[],
  args: Arguments,
  io: SubcommandIo,
): Promise<void> {
  if (args.has('json')) return;
  for (const doubt of doubts)
    await io.stderr.write(`${io.programName}: ${doubt}; apply tries it before anything that depends on it\n`);
}

/** Characters after which a long report goes on in another piece. */
const PIECE = 65_536;

/**
 * What was done: a line for each change, unless they were shown before, and their number. In pieces: a plan may have
 * hundreds of thousands of changes.
 */
export function* doneText(
  { changes, replans }: ApplyReport,
  isShown: boolean,
  colour: boolean,
): Generator<string, void, undefined> {
  let done = 0;
  let piece = '';
  for (const { change, outcome } of changes) {
    if (outcome !== 'done') continue;
    done += 1;
    if (isShown) continue;
    piece += `${changeText(change, colour)}\n`;
    if (piece.length < PIECE) continue;
    yield piece;
    piece = '';
  }
  const moved = replans === 0 ? '' : '; others changed the table meanwhile, and the rest was planned again';
  yield `${piece}Done: ${counted(done, 'change')}${moved}.\n`;
}

/** What was not done: a line for each change, with the reason. */
export function undoneText(results: readonly ChangeResult[], colour: boolean): string {
  return results
    .flatMap((result) => {
      const line = changeText(result.change, colour);
      if (result.outcome === 'failed') return [`failed: ${line}: ${result.error.message}\n`];
      return result.outcome === 'unsent' ? [`not sent: ${line}: ${result.reason}\n`] : [];
    })
    .join('');
}

/** `1 change`, `2 changes`. */
function counted(count: number, noun: string): string {
  return `${count} ${noun}${count === 1 ? '' : 's'}`;
}
