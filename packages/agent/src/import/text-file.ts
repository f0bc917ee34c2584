import { AgentError } from '../errors.js';
import type { Place } from './remarks.js';

/** A file as text. */
export interface TextFile {
  /** Its name in messages. */
  readonly path: string;
  readonly text: string;
}

/** The most lines of an imported file, including included files and repeated blocks. */
export const MOST_LINES = 1_000_000;

/** The error of a file that cannot be imported, with its place. */
export function unreadable({ file, line }: Place, problem: string): AgentError {
  return new AgentError('ERR_AGENT_IMPORT', `${file}:${line}: ${problem}`);
}

/** The lines of a file. Throws ERR_AGENT_IMPORT if it is not text. */
export function linesOf({ path, text }: TextFile): readonly string[] {
  // Skips a byte order mark.
  const lines = (text.startsWith('\ufeff') ? text.slice(1) : text).split(/\r\n|\n|\r/);
  const at = lines.findIndex((line) => /[\0\ufffd]/.test(line));
  if (at !== -1) {
    const how = (lines[at] as string).includes('\0') ? 'a zero byte' : 'bytes that are not UTF-8';
    throw unreadable(
      { file: path, line: at + 1 },
      `this line has ${how}; the file must be text in UTF-8. Convert it first: iconv -f ENCODING -t UTF-8 FILE`,
    );
  }
  if (lines.length > MOST_LINES)
    throw unreadable(
      { file: path, line: MOST_LINES },
      `the file has ${lines.length} lines, and at most ${MOST_LINES} are read`,
    );
  return lines;
}
