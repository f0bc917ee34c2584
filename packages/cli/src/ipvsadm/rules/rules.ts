/** Rules as text: what `-S` writes and `-R` reads. */
import { ADD_DESTINATION, ADD_SERVICE, ruleLine } from '@ipvs-ts/ipvs/verbs-sync';
import { EXIT, IpvsadmError, MESSAGES } from '../language/messages.js';
import type { TableLines } from '../print/format.js';

/** The longest word that a line of rules may have, in bytes. */
const LONGEST_WORD = 4096;

/** This word is ignored anywhere in a rule, so that rules can be whole command lines. */
export const COMMAND_WORD = 'ipvsadm';

/** The lines of a table as the command lines that create it, without thresholds. */
export const RULE_LINES: TableLines = {
  title: '',
  counted: false,
  endpointWidth: Infinity,
  service: ruleLine(ADD_SERVICE),
  destination: ruleLine(ADD_DESTINATION),
};

/** Handlers of rules that are read. */
export interface RuleReader {
  /** Takes the rules from `at` on that have known patterns; returns the offset of the first other line. */
  plain(text: Buffer, at: number): number;
  /** Takes any line; returns whether to continue. */
  line(text: string): boolean;
  /** Called when all available lines were read. */
  atHand(): void;
}

/** Reads rules from pieces of text, each as soon as its line is complete. */
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
  // A last line without a newline is lost if it ends with two or more blanks.
  if (!/[ \t\r]{2}$/.test(rest)) reader.line(rest);
}

/** Reads complete lines; returns whether to continue. */
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
 * The words of a line, separated by blanks. It works character by character, for speed: a restore has tens of thousands
 * of lines.
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
