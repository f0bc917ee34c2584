import { checkObject } from '../argument-checks.js';
import { IpvsError, type IpvsErrorCode, type IpvsErrorDetails } from '../errors.js';

/** A mistake in a declared state. */
export interface DocumentProblem {
  /** Where: `services["tcp:192.0.2.10:80"].destinations["10.0.0.1:80"].weight`. */
  readonly path: string;
  /** The allowed values: `an integer from 0 to 255`. */
  readonly allowed: string;
  /** What is wrong and what is allowed, with the place. */
  readonly message: string;
  /** Line in the text that `readDocument` read, from 1. */
  readonly line?: number;
  /** Column in `line`, from 1, in UTF-16 units. */
  readonly column?: number;
}

/** The number of mistakes in the message of an error; `problems` has all. */
const MOST_LISTED = 100;

/** An {@link IpvsError} with code ERR_IPVS_DOCUMENT: a declared state has mistakes. Nothing was sent. */
export class DocumentError extends IpvsError {
  /** Every mistake that was found, in the order of the text. */
  readonly problems: readonly DocumentProblem[];

  /** `file`: what the document was read from. */
  constructor(
    operation: string,
    problems: readonly DocumentProblem[],
    { file, ...details }: Partial<IpvsErrorDetails> & { readonly file?: string | undefined } = {},
  ) {
    super('ERR_IPVS_DOCUMENT', `cannot ${operation}: it has ${listText(problems, file)}`, {
      ...details,
      operation,
    });
    this.problems = problems;
  }

  /** Whether `error` is a DocumentError (of any copy of this package), and of `code` if one is passed. */
  static override is(error: unknown, code?: IpvsErrorCode): error is DocumentError {
    return IpvsError.is(error, code) && 'problems' in error;
  }
}

function listText(problems: readonly DocumentProblem[], file: string | undefined): string {
  const lines = problems.slice(0, MOST_LISTED).map((problem) => `\n  ${problemText(problem, file)}`);
  if (problems.length > MOST_LISTED) lines.push(`\n  and ${problems.length - MOST_LISTED} more`);
  return `${problems.length === 1 ? 'a mistake' : `${problems.length} mistakes`}:${lines.join('')}`;
}

/** A mistake with its place, as compilers write it, so that editors find it: `web.yaml:3:12: timeouts.tcp must be …`. */
export function problemText(problem: DocumentProblem, file: string | undefined): string {
  checkObject('problem', problem);
  const { line, column, message } = problem;
  if (line === undefined) return message;
  return `${file === undefined ? '' : `${file}:`}${line}:${column === undefined ? '' : `${column}:`} ${message}`;
}
