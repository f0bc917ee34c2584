/** The file with the desired state that a subcommand reads. */
import { MAX_DOCUMENT_BYTES } from '@ipvs-ts/ipvs';
import type { Arguments } from '../framework/arguments.js';
import type { SubcommandIo } from '../framework/io.js';
import { type ReadState, readStateDocument } from './document-file.js';
import { rulesState } from './rules-state.js';
import { UsageError } from '../framework/usage-error.js';

/** The operand or value for standard input. */
export const STDIN = '-';

/** The longest text that Node can hold: 512 MiB, less a few bytes. */
const LONGEST_TEXT = 0x1fff_ffe8;

/** The contents of a file. `any`: rules if they look like rules, otherwise a document. */
type Contents = 'document' | 'rules' | 'any';

/** The beginning of files of rules, with which no document begins. */
const RULE = /^(?:\s*(?:#[^\n]*)?\n)*\s*(?:-[A-Za-z]\b|--[a-z])/;

/** Reads the file that an operand or `--file` names. Rejects with a DocumentError before the kernel is used. */
export async function readState(args: Arguments, io: SubcommandIo): Promise<ReadState> {
  return readStateFile(stateFile(args), args.has('from-rules') ? 'rules' : 'document', io, maxBytes(args));
}

/** The name of the file with the desired state. */
export function stateFile(args: Arguments): string {
  const [operand] = args.operands;
  const path = args.value('file') ?? operand;
  if (path === undefined)
    throw new UsageError(
      'FILE or --file FILE is missing: the document with the desired state; - is standard input',
    );
  if (operand !== undefined && args.value('file') !== undefined)
    throw new UsageError(`FILE is named twice: ${operand} and --file ${args.value('file') ?? ''}`);
  return path;
}

/** The longest file to read, in bytes. */
export function maxBytes(args: Arguments): number {
  const text = args.value('max-bytes');
  if (text === undefined) return MAX_DOCUMENT_BYTES;
  const bytes = /^\d{1,10}$/.test(text) ? Number(text) : 0;
  if (bytes < 1 || bytes > LONGEST_TEXT)
    throw new UsageError(
      `--max-bytes ${JSON.stringify(text)}: it must be an integer from 1 to ${LONGEST_TEXT}, without a unit`,
    );
  return bytes;
}

/** Reads a file. */
export async function readStateFile(
  path: string,
  contents: Contents,
  io: SubcommandIo,
  limit: number,
): Promise<ReadState> {
  const text = await readNamed(path, io, limit);
  const file = path === STDIN ? '<stdin>' : path;
  const isRules = contents === 'rules' || (contents === 'any' && RULE.test(text.slice(0, 100_000)));
  if (!isRules) return readStateDocument(text, file, limit);
  return { state: rulesState(text, file, io), checked: [] };
}

/** The text of a file; its name is in every error. */
export async function readNamed(path: string, io: SubcommandIo, limit = MAX_DOCUMENT_BYTES): Promise<string> {
  try {
    return await io.readText(path, limit);
  } catch (error) {
    const code = error instanceof Error && 'code' in error ? error.code : undefined;
    if (code === 'EISDIR') throw withCode(`cannot read ${path}: it is a directory`, code);
    if (code === 'ERR_TOO_LONG')
      throw withCode(`cannot read ${path}: it is longer than ${limit} bytes, the limit`, code);
    // Node names the file of a failed open, and not that of a failed read.
    const named = error instanceof Error && error.message.includes(path);
    throw named || typeof code !== 'string'
      ? error
      : withCode(`cannot read ${path}: ${messageOf(error)}`, code);
  }
}

function messageOf(error: unknown): string {
  return error instanceof Error ? error.message : String(error);
}

function withCode(message: string, code: string): Error {
  return Object.assign(new Error(message), { code });
}
