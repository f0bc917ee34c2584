import { type DocumentProblem, IpvsError } from '../errors.js';

/** The error that tells of every mistake of a document. `file`: what it was read from. */
export function documentError(
  operation: string,
  problems: readonly DocumentProblem[],
  file?: string,
): IpvsError {
  const list = problems.map((problem) => `\n  ${problemText(problem, file)}`).join('');
  const count = problems.length === 1 ? 'a mistake' : `${problems.length} mistakes`;
  return new IpvsError('ERR_IPVS_DOCUMENT', `cannot ${operation}: it has ${count}:${list}`, {
    operation,
    problems,
  });
}

/** `web.yaml:3:12: timeouts.tcp must be …`, as compilers write it, so that editors find the place. */
function problemText({ line, column, message }: DocumentProblem, file: string | undefined): string {
  if (line === undefined || column === undefined) return message;
  return `${file === undefined ? '' : `${file}:`}${line}:${column}: ${message}`;
}
