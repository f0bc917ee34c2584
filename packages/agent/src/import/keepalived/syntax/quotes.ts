/** How keepalived splits a line: comments, braces, quotes. */

/** Characters between words. */
const BLANK = /[ \t\v\f\r\n]/;

/** The line without its comment, which begins with `#` or `!` outside double quotes. */
export function withoutComment(line: string): string {
  for (const { index, character, quoted } of characters(line))
    if (!quoted && (character === '#' || character === '!')) return line.slice(0, index);
  return line;
}

/** The name of a definition that the line uses outside double quotes, `${NAME}`. */
export function usedName(line: string): string | undefined {
  const unquoted = [...characters(line)].map(({ character, quoted }) => (quoted ? ' ' : character)).join('');
  return /\$\{([A-Za-z_]\w*)\}/.exec(unquoted.replace(/\$\{_(?:HASH|BANG)\}/g, ''))?.[1];
}

/** The line with `#` and `!` replaced by their definitions where they would begin a comment. */
export function withNamedSigns(line: string): string {
  const parts = [...characters(line)].map(({ character, quoted }) => {
    if (quoted || (character !== '#' && character !== '!')) return character;
    return character === '#' ? '${_HASH}' : '${_BANG}';
  });
  return /[#!]/.test(line) ? parts.join('') : line;
}

/** Whether a double quote of the line is not closed. */
export function isUnterminated(line: string): boolean {
  let open = false;
  for (const { quoted } of characters(line)) open = quoted;
  return open;
}

/** The line split at its braces outside double quotes: `url { path / }` is `url`, `{`, `path /`, `}`. */
export function braceParts(line: string): readonly string[] {
  const parts: string[] = [];
  const names: number[] = [];
  let from = 0;
  const cut = (to: number): void => {
    const part = line.slice(from, to).trim();
    if (part !== '') parts.push(part);
  };
  for (const { index, character, quoted } of characters(line)) {
    if (quoted || (character !== '{' && character !== '}')) continue;
    // A name that is not defined stays as it is.
    const name = character === '{' && line[index - 1] === '$' ? /^\{\w+\}/.exec(line.slice(index)) : null;
    if (name !== null) names.push(index + name[0].length - 1);
    if (name !== null || names.at(-1) === index) continue;
    cut(index);
    parts.push(character);
    from = index + 1;
  }
  cut(line.length);
  return parts;
}

/** The words of a line. Double quotes enclose a word that may contain spaces. */
export function plainWords(line: string): readonly string[] {
  return [...line.matchAll(/"((?:\\.|[^"\\])*)"?|[^ \t\v\f\r\n"]+/g)].map(
    ([whole, quoted]) => quoted ?? whole,
  );
}

/** The words of a line where single quotes, quotes inside words and backslashes also count: scripts and patterns. */
export function shellWords(line: string): readonly string[] {
  const words: string[] = [];
  let word: string | undefined;
  let quote = '';
  for (let at = 0; at < line.length; at += 1) {
    const character = line[at] as string;
    if (character === '\\' && at + 1 < line.length) {
      const escape = readEscape(line.slice(at + 1));
      word = (word ?? '') + escape.text;
      at += escape.length;
    } else if (quote === '' ? character === '"' || character === "'" : character === quote) {
      quote = quote === '' ? character : '';
      word ??= '';
    } else if (quote === '' && BLANK.test(character)) {
      if (word !== undefined) words.push(word);
      word = undefined;
    } else word = (word ?? '') + character;
  }
  if (word !== undefined) words.push(word);
  return words;
}

const CONTROL: Readonly<Record<string, string>> = {
  a: '\x07',
  b: '\b',
  E: '\x1b',
  f: '\f',
  n: '\n',
  r: '\r',
  t: '\t',
  v: '\v',
};

/** The character for an escape, and how many characters of it were used. */
function readEscape(rest: string): { readonly text: string; readonly length: number } {
  const first = rest[0] as string;
  const number = /^(?:([0-7]{1,3})|x([0-9a-fA-F]{1,2}))/.exec(rest);
  if (number !== null) {
    const code = number[1] === undefined ? parseInt(number[2] as string, 16) : parseInt(number[1], 8);
    return { text: String.fromCharCode(code & 0xff), length: number[0].length };
  }
  if (first === 'c' && rest.length > 1)
    return { text: String.fromCharCode(rest.charCodeAt(1) & 0x1f), length: 2 };
  return { text: CONTROL[first] ?? first, length: 1 };
}

/** The characters of a line, and whether they are inside double quotes; the closing quote is not. */
function* characters(
  line: string,
): Generator<{ readonly index: number; readonly character: string; readonly quoted: boolean }> {
  let quoted = false;
  for (let index = 0; index < line.length; index += 1) {
    const character = line[index] as string;
    if (quoted && character === '\\') {
      yield { index, character, quoted };
      index += 1;
      if (index < line.length) yield { index, character: line[index] as string, quoted };
      continue;
    }
    if (character === '"') quoted = !quoted;
    yield { index, character, quoted };
  }
}
