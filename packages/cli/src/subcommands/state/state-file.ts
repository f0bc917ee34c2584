/** The declared state that a command is given. */
import { type DesiredState, readDocument } from '@ipvs-ts/ipvs';
import type { Arguments } from '../framework/arguments.js';
import type { CommandIo } from '../framework/io.js';
import { rulesState } from './rules-state.js';
import { UsageError } from '../framework/usage-error.js';

/** What standard input is called in messages. */
const STDIN = '<stdin>';

/** Reads what `--file` names. Rejects with ERR_IPVS_DOCUMENT and every mistake, before any kernel is asked. */
export async function readState(args: Arguments, io: CommandIo): Promise<DesiredState> {
  const path = args.value('file');
  if (path === undefined)
    throw new UsageError('--file FILE is missing: the document with the desired state; - is standard input');
  const text = await io.readText(path);
  const file = path === '-' ? STDIN : path;
  return args.has('from-rules') ? rulesState(text, file, io) : readDocument(text, { file });
}
