import type { Place, Remarks } from '../../remarks.js';
import { linesOf, MOST_LINES, type TextFile, unreadable } from '../../text-file.js';
import { type Definitions, readDefinition, readRepetition, substituted } from './definitions.js';
import { braceParts, isUnterminated, plainWords, usedName, withoutComment } from './quotes.js';
import type { Statement, Token } from './statement.js';

/** Reads files for `include`: those that `pattern` names, relative to the folder of the file `from`, in order. */
export type ReadIncluded = (pattern: string, from: string) => readonly TextFile[];

/** Options of the lexer. */
export interface LexerOptions {
  /** The id that lines with `@ID` are compared with. */
  readonly configId: string;
  readonly readIncluded: ReadIncluded;
}

/** The words that include a file. */
const INCLUDE = /^include[abmrw]?$/;
/** The words that require a file. */
const DEMANDING = /^include[amw]$/;
/** How deep files may include each other. */
const DEEPEST_INCLUDE = 50;
/** How deep definitions in one line may be nested. */
const DEEPEST_DEFINITION = 1000;
/** The most characters of one line, also after its definitions were replaced. */
const LONGEST_LINE = 1_000_000;

/** Reads a file and those that it includes, in one pass: comments, conditions, definitions, repetitions, braces. */
export class Lexer {
  readonly #options: LexerOptions;
  readonly #remarks: Remarks;
  readonly #definitions: Definitions = new Map();
  readonly #tokens: Token[] = [];
  readonly #open: string[] = [];
  #lines = 0;

  constructor(options: LexerOptions, remarks: Remarks) {
    this.#options = options;
    this.#remarks = remarks;
  }

  /** Returns the tokens of `file`. Throws ERR_AGENT_IMPORT if it cannot be read. */
  read(file: TextFile): readonly Token[] {
    this.#readFile(file, { file: file.path, line: 1 });
    return this.#tokens;
  }

  #readFile(file: TextFile, from: Place): void {
    if (this.#open.includes(file.path)) {
      const circle = [...this.#open.slice(this.#open.indexOf(file.path)), file.path].join(' → ');
      throw unreadable(from, `these files include one another without end: ${circle}`);
    }
    if (this.#open.length >= DEEPEST_INCLUDE)
      throw unreadable(from, `files are included more than ${DEEPEST_INCLUDE} deep`);
    this.#open.push(file.path);
    const lines = linesOf(file);
    if (file.text.startsWith('\ufeff'))
      this.#remarks.differs(
        { file: file.path, line: 1 },
        'the file begins with a byte order mark, which keepalived takes for a part of its first word; here it is left out',
      );
    for (let index = 0; index < lines.length; index += 1) {
      const place = { file: file.path, line: index + 1 };
      const text = withoutComment(lines[index] as string).trim();
      const { condition, rest } = readCondition(text);
      const definition = readDefinition(rest);
      if (definition === undefined) {
        if (text !== '') this.#readLine({ ...place, text });
        continue;
      }
      const value = definedLines(definition.value, lines, place);
      index += value.length - 1;
      if (this.#holds(condition, place)) this.#define(definition.name, place, value);
    }
    this.#open.pop();
  }

  #define(name: string, place: Place, value: readonly Statement[]): void {
    this.#definitions.set(
      name,
      value.filter(({ text }) => text !== ''),
    );
    this.#remarks.takenOver(place, `the definition of $${name}: its uses are replaced by its value`);
  }

  #readLine(statement: Statement): void {
    if (isUnterminated(statement.text))
      this.#remarks.dropped(
        statement,
        'a double quote is not closed, so keepalived reads the line as it can; close it',
      );
    const [word = '', pattern, ...more] = statement.text.split(/\s+/);
    if (INCLUDE.test(word)) this.#include(statement, word, [pattern ?? '', ...more].join(' '));
    else this.#expand(statement, 0);
  }

  #include(statement: Statement, word: string, pattern: string): void {
    const files = pattern === '' ? [] : this.#options.readIncluded(pattern, statement.file);
    const then = DEMANDING.test(word) ? 'keepalived refuses the file' : 'keepalived goes on without it';
    const why = pattern === '' ? 'it names no file' : `there is no such file; ${then}`;
    if (files.length === 0) this.#remarks.dropped(statement, `${statement.text}: ${why}`);
    else
      this.#remarks.takenOver(statement, `${word} ${pattern}: ${files.map(({ path }) => path).join(', ')}`);
    for (const file of files) this.#readFile(file, statement);
  }

  /** Conditions, definitions and repetitions, in this order, until none is left in the line. */
  #expand(statement: Statement, depth: number): void {
    if (depth === 0 && statement.text.length > LONGEST_LINE)
      throw unreadable(
        statement,
        `this line has ${statement.text.length} characters, and at most ${LONGEST_LINE} are read`,
      );
    if (depth > DEEPEST_DEFINITION || statement.text.length > LONGEST_LINE)
      throw unreadable(statement, 'the definitions that this line uses lead to one another without end');
    this.#count(statement);
    const { condition, rest } = readCondition(statement.text);
    if (condition !== undefined) {
      if (this.#holds(condition, statement)) this.#expand({ ...statement, text: rest }, depth + 1);
      return;
    }
    const definition = readDefinition(statement.text);
    if (definition !== undefined) {
      this.#define(definition.name, statement, [{ ...statement, text: definition.value }]);
      return;
    }
    const repetition = readRepetition(statement.text);
    if (repetition === undefined) this.#substitute(statement, depth);
    else if (typeof repetition === 'string') this.#remarks.dropped(statement, repetition);
    else {
      this.#remarks.takenOver(statement, 'the rest of the line, repeated for each value');
      for (const turn of repetition.turns) {
        for (const [name, value] of turn) this.#definitions.set(name, [{ ...statement, text: value }]);
        this.#expand({ ...statement, text: repetition.rest }, depth + 1);
      }
    }
  }

  #substitute(statement: Statement, depth: number): void {
    const lines = substituted({ ...statement, text: this.#predefined(statement) }, this.#definitions);
    if (lines === undefined) this.#emit(statement);
    else {
      if (lines.length !== 1 || lines[0]?.text === '')
        this.#remarks.takenOver(statement, `${statement.text}: replaced by the lines of its definition`);
      for (const line of lines) this.#expand(line, depth + 1);
    }
  }

  /** keepalived's own definitions. */
  #predefined({ text, file }: Statement): string {
    if (!text.includes('${_')) return text;
    return text
      .replaceAll('${_PWD}', file.includes('/') ? file.slice(0, Math.max(1, file.lastIndexOf('/'))) : '.')
      .replaceAll('${_INSTANCE}', this.#options.configId);
  }

  /** Whether a line is for this configuration. */
  #holds(condition: string | undefined, place: Place): boolean {
    if (condition === undefined) return true;
    const { configId } = this.#options;
    const holds = condition.startsWith('@^') ? condition !== `@^${configId}` : condition === `@${configId}`;
    if (!holds) this.#remarks.add(place, 'skipped', `${condition}: not for the configuration ${configId}`);
    return holds;
  }

  #count(place: Place): void {
    this.#lines += 1;
    if (this.#lines > MOST_LINES)
      throw unreadable(place, `the file comes to more than ${MOST_LINES} lines here`);
  }

  #emit(statement: Statement): void {
    const { file, line } = statement;
    const text = this.#predefined(statement);
    const parts = braceParts(text);
    for (const [index, part] of parts.entries()) {
      if (part === '{') this.#tokens.push({ kind: 'open', file, line });
      else if (part === '}') this.#tokens.push({ kind: 'close', file, line });
      else if (plainWords(part).length > 0 && !this.#lacks(part, statement, parts[index + 1] === '{'))
        this.#tokens.push({ kind: 'statement', file, line, text: withSigns(part) });
    }
  }

  /** Whether to leave out a statement because of a missing definition. One with a block must not lose its braces. */
  #lacks(text: string, place: Place, hasBlock: boolean): boolean {
    const name = text.includes('${') ? usedName(text) : undefined;
    if (name === undefined) return false;
    const about = `${text}: there is no definition of ${name}, and keepalived takes its { for a block`;
    this.#remarks.add(place, hasBlock ? 'differs' : 'dropped', about);
    return !hasBlock;
  }
}

/** The condition before a line, if there is one: `@ID` or `@^ID`. */
function readCondition(text: string): { readonly condition: string | undefined; readonly rest: string } {
  const [, condition, rest = ''] = /^(@\S*)\s*(.*)$/s.exec(text) ?? [undefined, undefined, text];
  return { condition, rest };
}

/** Definitions for the two characters that begin comments. */
function withSigns(text: string): string {
  return text.includes('${_') ? text.replaceAll('${_HASH}', '#').replaceAll('${_BANG}', '!') : text;
}

/** The lines of a definition's value, which continues after a line that ends in a backslash. */
function definedLines(value: string, lines: readonly string[], { file, line }: Place): readonly Statement[] {
  const defined: Statement[] = [];
  for (let text = value, at = line; ; at += 1) {
    const goesOn = text.endsWith('\\');
    defined.push({ file, line: at, text: goesOn ? text.slice(0, -1).trim() : text });
    const next = lines[at];
    if (!goesOn || next === undefined) return defined;
    text = withoutComment(next).trim();
  }
}
