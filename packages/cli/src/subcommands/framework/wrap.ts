/** Text in lines of whole words. */

/** Text as lines of at most `width` columns, each after `indent` blanks; a word that is longer has a line of its own. */
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
