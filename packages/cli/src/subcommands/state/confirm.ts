/** The question before a removal. */
import type { Change } from '@ipvs-ts/ipvs';
import type { Arguments } from '../framework/arguments.js';
import type { SubcommandIo } from '../framework/io.js';
import { changesText, removals, summary } from './plan-text.js';
import { STDIN, stateFile } from './state-file.js';
import { UsageError } from '../framework/usage-error.js';

/**
 * Asks, if necessary, whether the changes may be made. Returns undefined if not, otherwise whether they were shown.
 * Throws {@link UsageError} without a terminal.
 */
export async function mayRemove(
  changes: readonly Change[],
  args: Arguments,
  io: SubcommandIo,
): Promise<boolean | undefined> {
  const going = removals(changes);
  if (going.length === 0 || args.has('yes')) return false;
  if (io.ask === undefined || stateFile(args) === STDIN || args.has('json'))
    throw new UsageError(
      'nothing was done: where nobody can be asked, --yes is needed to remove this:\n' +
        changesText(going, false).trimEnd(),
    );
  await io.stderr.write(`${changesText(changes, io.stderr.colour)}${summary(changes)}\n`);
  const answer = await io.ask(`Remove ${going.length === 1 ? 'it' : `these ${going.length}`}? [y/N] `);
  if (/^y(?:es)?$/i.test(answer.trim())) return true;
  await io.stderr.write('Nothing was done.\n');
  return undefined;
}
