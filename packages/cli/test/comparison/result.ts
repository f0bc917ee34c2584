/** The output of a run. */

/** Exit status and the two streams. */
export interface Result {
  readonly status: number;
  readonly stdout: string;
  readonly stderr: string;
}

/** A result as text, with the state after it if given, so that a difference is shown line by line. */
export function resultText({ status, stdout, stderr }: Result, state?: string): string {
  const parts = [`exit status ${status}`, `--- stdout\n${shown(stdout)}`, `--- stderr\n${shown(stderr)}`];
  if (state !== undefined) parts.push(`--- state\n${state}`);
  return parts.join('\n');
}

/** Blanks at the ends of lines and a missing last newline are differences too, and invisible. */
function shown(text: string): string {
  if (text === '') return '(nothing)';
  const ended = text.endsWith('\n') ? text.slice(0, -1) : `${text}(no newline)`;
  return ended.replace(/[ \t\r]+$/gm, (blanks) => `${blanks}(end)`);
}
