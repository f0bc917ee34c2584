/** `apply`: makes the changes of a plan. */
import { ApplyError, type ChangeResult, type Plan } from '@ipvs-ts/ipvs';
import { FORCE_OPTION, OwnedError, refusal } from '../agent-client/ownership.js';
import { SOCKET_OPTION } from '../agent-client/agent-socket.js';
import type { Arguments } from '../framework/arguments.js';
import type { Subcommand } from '../framework/subcommand.js';
import { mayRemove } from './confirm.js';
import { interruptionStatus } from '../framework/interruption.js';
import type { SubcommandIo } from '../framework/io.js';
import { changesText } from './plan-text.js';
import { showPlan, withPlan } from './planning.js';
import type { ProgressLine } from '../framework/progress-line.js';
import { doneText, errorJson, jsonText, resultsJson, undoneText } from './report.js';
import { STATE_DESCRIPTION, STATE_OPTIONS } from './state-options.js';

/** The record of `apply`. */
export const APPLY: Subcommand = {
  name: 'apply',
  operands: ['[FILE]'],
  summary: 'apply FILE with as few changes as possible',
  description: [
    ...STATE_DESCRIPTION,
    'Additions are made before removals. Before anything is removed, it asks for confirmation at the terminal; without ' +
      'a terminal --yes is needed. If a signal or an error of the kernel stops it half-way, it prints what was done ' +
      'and what was not, and running it again finishes the work.',
  ],
  options: {
    ...STATE_OPTIONS,
    'dry-run': { short: 'n', help: 'show what would be changed, as plan does, and change nothing' },
    yes: { short: 'y', help: 'remove without asking' },
    force: FORCE_OPTION,
    socket: SOCKET_OPTION,
  },
  statuses: {
    0: 'the table matches FILE (with --dry-run: the plan was shown)',
    1: 'error: part of it was done, or nothing',
    130: 'it was interrupted (143: by SIGTERM, 129: by SIGHUP)',
  },
  failure: 1,
  run: (args, io) =>
    withPlan(args, io, async (plan, progress, services) => {
      if (args.has('dry-run') || plan.length === 0) {
        await showPlan(plan, args, io);
        return 0;
      }
      const reason = await refusal(
        args,
        io,
        args.value('prune') === 'all' ? 'all' : services,
        `change its document and run: ${io.programName} agent reload`,
      );
      if (reason !== undefined) throw new OwnedError(reason);
      const isShown = await mayRemove(plan.changes, args, io);
      if (isShown === undefined) return 1;
      return carryOut(plan, args, io, progress, isShown);
    }),
};

async function carryOut(
  plan: Plan,
  args: Arguments,
  io: SubcommandIo,
  progress: ProgressLine | undefined,
  isShown: boolean,
): Promise<number> {
  try {
    const report = await plan.apply({
      signal: io.signal,
      onProgress: ({ done, total }) => progress?.show(`${done} of ${total} changes made`),
    });
    progress?.clear();
    await writeReport(
      args.has('json')
        ? [jsonText({ changes: resultsJson(report.changes), replans: report.replans })]
        : doneText(report, isShown, io.stdout.colour),
      report.changes,
      io,
    );
    return 0;
  } catch (error) {
    progress?.clear();
    if (!ApplyError.is(error)) throw error;
    return undone(error, args, io);
  }
}

/** Writes what was done; if that fails, writes at least the number of changes to standard error. */
async function writeReport(
  pieces: Iterable<string>,
  results: readonly ChangeResult[],
  { stdout, stderr, programName }: SubcommandIo,
): Promise<void> {
  try {
    for (const piece of pieces) await stdout.write(piece);
  } catch (error) {
    const done = results.filter(({ outcome }) => outcome === 'done').length;
    await stderr.write(`${programName} apply: ${done} of ${results.length} changes were made\n`);
    throw error;
  }
}

/** Prints what was done and what was not. */
async function undone(error: ApplyError, args: Arguments, io: SubcommandIo): Promise<number> {
  const { changes: results } = error;
  const done = results.flatMap(({ change, outcome }) => (outcome === 'done' ? [change] : []));
  await writeReport(
    [
      args.has('json')
        ? jsonText({ error: errorJson(error), changes: resultsJson(results) })
        : changesText(done, io.stdout.colour),
    ],
    results,
    io,
  );
  const [sentence = ''] = error.message.split('\n');
  await io.stderr.write(`${io.programName} apply: ${sentence}\n${undoneText(results, io.stderr.colour)}`);
  return io.signal.aborted ? interruptionStatus(io.signal.reason) : 1;
}
