/** Rules as `ipvsadm -S` writes them, as declared state. */
import { checkedTable, type DesiredState, DocumentError, type DocumentProblem } from '@ipvs-ts/ipvs';
import { checkRequest } from '../../ipvsadm/request/check.js';
import { IpvsadmError } from '../../ipvsadm/language/messages.js';
import { readRequest } from '../../ipvsadm/request/read-request.js';
import { lineWords } from '../../ipvsadm/rules/rules.js';
import type { SubcommandIo } from '../framework/io.js';
import { takePlain } from './plain-rules.js';
import { RulesTable } from './rules-table.js';

/**
 * The table that rules create from an empty one: `-A`, `-a` and the other commands of `ipvsadm -R`, in order. Throws a
 * DocumentError with every mistake by its line; unlike `-R`, it skips nothing.
 */
export function rulesState(
  text: string,
  file: string,
  { programName, names }: Pick<SubcommandIo, 'programName' | 'names'>,
): DesiredState {
  const table = new RulesTable();
  const problems: DocumentProblem[] = [];
  let number = 0;
  // An array of all lines would be a tenth of the memory of a large table.
  for (let at = text.startsWith('\ufeff') ? 1 : 0, end = 0; end < text.length; at = end + 1) {
    end = text.indexOf('\n', at);
    if (end < 0) end = text.length;
    const line = text.slice(at, end);
    number += 1;
    try {
      if (takePlain(table, line, number)) continue;
      const words = lineWords(line);
      if (words.length === 0) continue;
      const request = readRequest(words, { program: programName, posix: false, names });
      checkRequest(request);
      table.take(request, number);
    } catch (error) {
      if (!(error instanceof IpvsadmError)) throw error;
      problems.push(problemAt(number, reason(error)));
    }
  }
  const { state, problems: found } = checkedTable(table.state());
  for (const { path, message } of found) problems.push(problemAt(table.lineOf(path), message));
  if (problems.length > 0) throw rulesError(file, problems);
  return state;
}

function problemAt(line: number, message: string): DocumentProblem {
  return { path: 'rules', allowed: 'a rule of ipvsadm', message, line };
}

/** ipvsadm refers to its help if a line has no command. */
function reason({ message }: IpvsadmError): string {
  return message.startsWith('Try ')
    ? 'this is no command of ipvsadm; rules are like -A -t 192.0.2.1:80 -s rr'
    : message.trim();
}

function rulesError(file: string, problems: readonly DocumentProblem[]): DocumentError {
  const sorted = [...problems].sort((one, other) => (one.line ?? 0) - (other.line ?? 0));
  return new DocumentError(`read the rules ${file}`, sorted, { file });
}
