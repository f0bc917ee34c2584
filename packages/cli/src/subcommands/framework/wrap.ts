/** Wraps text at words. */

/** Wraps text to lines of at most `width` columns, each indented by `indent` spaces; a longer word has its own line. */
export function wrapped(text: string, width: number, indent = 0): string[] {
  const start = ' '.repeat(indent);
  const lines: string[] = [];
  let line = start;
  for (const word of text.split(' ')) {
    if (line.length + word.length > width && line.trim() !== '') {
      lines.push(line.trimEnd());
      line = start;
    }
    line += `${word} `;
  }
  return [...lines, line.trimEnd()];
}
