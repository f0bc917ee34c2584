/** Mistakes in command lines. */
import { COMMANDS } from '../../../dist/ipvsadm/language/commands.js';
import { OPTIONS } from '../../../dist/ipvsadm/language/options.js';
import { commandPiece, type Line, optionPiece } from './command-lines.js';
import type { Source } from './source.js';
import { timeoutWord } from './values.js';
import { spellPiece } from './words.js';

type LineMistake = (line: Line, source: Source) => Line;
type WordMistake = (words: string[], source: Source) => void;

/** A bad value, an extra option, or a command without what it requires. */
const LINE_MISTAKES: readonly LineMistake[] = [
  (line, source) => ({ ...line, pieces: line.pieces.map((piece) => oddPiece(piece.long, source) ?? piece) }),
  (line, source) => withOne(line, source, (piece) => oddPiece(piece.long, source) ?? piece),
  (line, source) => withOne(line, source, (piece) => oddPiece(piece.long, source) ?? piece),
  (line, source) => ({
    ...line,
    pieces: [...line.pieces, optionPiece(source.pick(OPTIONS), source, source.chance(0.3))],
  }),
  (line, source) => ({
    ...line,
    pieces: line.pieces.toSpliced(
      source.below(line.pieces.length + 1),
      0,
      optionPiece(source.pick(OPTIONS), source),
    ),
  }),
  (line, source) => ({ ...line, pieces: line.pieces.toSpliced(source.below(line.pieces.length + 1), 1) }),
  (line, source) => ({ ...line, pieces: [...line.pieces, commandPiece(source.pick(COMMANDS), source)] }),
  (line, source) => ({ ...line, command: commandPiece(source.pick(COMMANDS), source, true) }),
  (line, source) => ({ ...line, plain: [...line.plain, timeoutWord(source, true)] }),
];

const WORD_MISTAKES: readonly WordMistake[] = [
  (words, source) => words.splice(source.below(words.length), 1),
  (words, source) => words.splice(source.below(words.length), 0, source.pick(words)),
  (words, source) => words.push(words.splice(source.below(words.length), 1)[0] ?? ''),
  (words, source) =>
    words.splice(source.below(words.length + 1), 0, source.pick(['', '-', '--', 'foo', '-z', '!#:+'])),
  (words, source) => change(words, source, (word) => dropAt(word, source.below(word.length))),
  (words, source) =>
    change(words, source, (word, at) => word.slice(0, at) + word.charAt(at) + word.slice(at)),
  (words, source) => change(words, source, (word) => `${word}=${source.pick(['', '1', 'x'])}`),
  (words, source) =>
    change(words, source, (word) => (word === word.toUpperCase() ? word.toLowerCase() : word.toUpperCase())),
  (words, source) => change(words, source, (word) => word.replace(/^-/, '')),
  (words, source) => change(words, source, (word) => `-${word}`),
  (words, source) => change(words, source, (word) => word + source.pick(['é', 'n', '6', ' ', 'z', '!#:+'])),
  (words, source) => words.push(...spellPiece(optionPiece(source.pick(OPTIONS), source, true), source)),
];

/** A line with one or two mistakes before it is spelled. */
export function breakLine(line: Line, source: Source): Line {
  const broken = source.pick(LINE_MISTAKES)(line, source);
  return source.chance(0.2) ? source.pick(LINE_MISTAKES)(broken, source) : broken;
}

/** Words with one or two mistakes in them. */
export function breakWords(words: readonly string[], source: Source): string[] {
  const broken = [...words];
  source.pick(WORD_MISTAKES)(broken, source);
  if (source.chance(0.3) && broken.length > 0) source.pick(WORD_MISTAKES)(broken, source);
  return broken;
}

function oddPiece(long: string, source: Source): Line['command'] | undefined {
  const option = OPTIONS.find((item) => item.long === long && item.argument !== 'none');
  return option && optionPiece(option, source, true);
}

function withOne(line: Line, source: Source, mistake: (piece: Line['command']) => Line['command']): Line {
  const at = source.below(line.pieces.length);
  return { ...line, pieces: line.pieces.map((piece, index) => (index === at ? mistake(piece) : piece)) };
}

function change(words: string[], source: Source, by: (word: string, at: number) => string): void {
  const index = source.below(words.length);
  const word = words[index];
  if (word !== undefined) words[index] = by(word, source.below(word.length));
}

function dropAt(word: string, at: number): string {
  return word.slice(0, at) + word.slice(at + 1);
}
