/** `validate`: checks files without a kernel. */
import { clippedWords, visibleLines } from '../framework/visible.js';
import { DocumentError, type DocumentProblem } from '@ipvs-ts/ipvs';
import type { Subcommand } from '../framework/subcommand.js';
import { errorJson, jsonText } from './report.js';
import { maxBytes, readStateFile } from './state-file.js';
import { MAX_BYTES_OPTION } from './state-options.js';

/** The result of checking a file. */
interface Checked {
  readonly file: string;
  readonly valid: boolean;
  readonly problems?: readonly DocumentProblem[];
  readonly error?: unknown;
}

/** The record of `validate`. */
export const VALIDATE: Subcommand = {
  name: 'validate',
  operands: ['FILE', '[FILE…]'],
  summary: 'check documents and rules, without root and without a kernel',
  description: [
    'Each FILE is a document, JSON or YAML, or rules as ipvsadm -S writes them; - is standard input. All mistakes are ' +
      'shown, with line and column. Whether a scheduler or an interface exists depends on the host: plan checks that.',
  ],
  options: {
    'from-rules': {
      help: 'every FILE holds rules; otherwise one whose first line begins with a hyphen does',
    },
    'max-bytes': MAX_BYTES_OPTION,
    json: { help: 'print JSON' },
  },
  statuses: { 0: 'no mistakes', 1: 'a FILE has mistakes, or cannot be read' },
  failure: 1,
  async run(args, io) {
    const limit = maxBytes(args);
    const checked: Checked[] = [];
    for (const file of args.operands) {
      try {
        await readStateFile(file, args.has('from-rules') ? 'rules' : 'any', io, limit);
        checked.push({ file, valid: true });
      } catch (error) {
        if (io.signal.aborted || !(error instanceof Error && 'code' in error)) throw error;
        if (!args.has('json'))
          await io.stderr.write(`${io.programName} validate: ${visibleLines(clippedWords(error.message))}\n`);
        checked.push({
          file,
          valid: false,
          ...(DocumentError.is(error) ? errorJson(error) : { error: errorJson(error) }),
        });
      }
    }
    if (args.has('json')) await io.stdout.write(jsonText({ files: checked }));
    else for (const { file, valid } of checked) if (valid) await io.stdout.write(`${file}: no mistakes\n`);
    return checked.every(({ valid }) => valid) ? 0 : 1;
  },
};
