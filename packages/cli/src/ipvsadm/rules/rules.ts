/** Rules as text: what `-S` writes and `-R` reads. */
import { ADD_DESTINATION, ADD_SERVICE, ruleLine } from '@ipvs-ts/ipvs/verbs-sync';
import { EXIT, IpvsadmError, MESSAGES } from '../language/messages.js';
import type { TableLines } from '../print/format.js';

/** The longest word that a line of rules may have, in bytes. */
const LONGEST_WORD = 4096;

/** This word is left out of rules wherever it stands, so that whole command lines can be fed in. */
export const COMMAND_WORD = 'ipvsadm';

/** The lines of a table as the command lines that make it. Thresholds have no place in them. */
export const RULE_LINES: TableLines = {
  title: '',
  counted: false,
  endpointWidth: Infinity,
  service: ruleLine(ADD_SERVICE),
  destination: ruleLine(ADD_DESTINATION),
};

/** How rules are handled as they are read. */
export interface RuleReader {
  /** Takes the rules that stand from `at` on, as far as they are in forms that are known whole; where others begin. */
  plain(text: Buffer, at: number): number;
  /** Takes any line; whether to go on. */
  line(text: string): boolean;
  /** All that is at hand has been read. */
  atHand(): void;
}

/** Reads rules that come in pieces, each as soon as its line is whole. */
export function readRules(pieces: Iterable<string>, reader: RuleReader): void {
  let rest = '';
  for (const piece of pieces) {
    rest += piece;
    const end = piece.includes('\n') ? rest.lastIndexOf('\n') + 1 : 0;
    if (end === 0) continue;
    if (!readLines(rest.slice(0, end), reader)) return;
    rest = rest.slice(end);
    reader.atHand();
  }
  // A last line that no newline ends is lost when two blanks or more stand behind it.
  if (!/[ \t\r]{2}$/.test(rest)) reader.line(rest);
}

/** Reads lines that are all whole; whether to go on. */
function readLines(lines: string, reader: RuleReader): boolean {
  const text = Buffer.from(lines);
  for (let at = reader.plain(text, 0); at < text.length;) {
    const end = text.indexOf(LF, at);
    if (!reader.line(text.toString('utf8', at, end))) return false;
    at = reader.plain(text, end + 1);
  }
  return true;
}

const NUL = 0;
const LF = 10;
const BLANK = 32;
const TAB = 9;
const RETURN = 13;

/**
 * The words of a line, between blanks; none of an empty one. Looked at character by character: a restore has tens of
 * thousands of lines.
 */
export function lineWords(line: string): string[] {
  const words: string[] = [];
  let start = 0;
  for (let at = 0; at <= line.length; at++) {
    const code = at === line.length ? BLANK : line.charCodeAt(at);
    if (code === NUL) throw new IpvsadmError(MESSAGES.nulInRules, EXIT.usage);
    if (code !== BLANK && code !== TAB && code !== RETURN) continue;
    if (at > start) addWord(words, line.slice(start, at));
    start = at + 1;
  }
  return words;
}

function addWord(words: string[], word: string): void {
  // No character has more than three bytes for each of its two bytes in memory.
  if (word.length * 3 > LONGEST_WORD && Buffer.byteLength(word) > LONGEST_WORD)
    throw new IpvsadmError(MESSAGES.overlongWord, EXIT.usage);
  if (word !== COMMAND_WORD) words.push(word);
}
