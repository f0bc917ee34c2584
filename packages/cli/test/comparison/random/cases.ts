/** Random cases: command lines, and whole inputs of a restore. */
import type { Case } from '../case.js';
import { breakLine, breakWords } from './breaking.js';
import { drawLine } from './command-lines.js';
import { exclusionOf } from './exclusions.js';
import type { Source } from './source.js';
import { spellLine } from './words.js';

/** How many of the command lines are broken before, and after they are spelled. */
const BROKEN_LINES = 0.25;
const BROKEN_WORDS = 0.2;

/** The words of a random command line. */
function drawWords(source: Source): string[] {
  const line = drawLine(source);
  const words = spellLine(source.chance(BROKEN_LINES) ? breakLine(line, source) : line, source);
  return source.chance(BROKEN_WORDS) ? breakWords(words, source) : words;
}

/** A random command line; a restore comes with a short input. */
export function drawCase(source: Source): Case {
  return drawUntilFit(() => {
    const argv = drawWords(source);
    const restores = argv.some((word) => word.startsWith('-R') || word.startsWith('--restore'));
    return {
      argv,
      ...(restores && { stdin: drawInput(source, source.below(6)) }),
      ...(source.chance(0.02) && { env: { POSIXLY_CORRECT: '1' } }),
    };
  });
}

/** A restore with an input of about `length` lines. */
export function drawRestore(source: Source, length: number): Case {
  return drawUntilFit(() => ({ argv: ['-R'], stdin: drawInput(source, length) }));
}

function drawUntilFit(draw: () => Case): Case {
  for (;;) {
    const item = draw();
    if (exclusionOf(item) === undefined) return item;
  }
}

/** Most lines are fine, as the first that is not may end the restore. */
function drawInput(source: Source, length: number): string {
  const lines = Array.from({ length }, () => drawInputLine(source));
  const end = source.chance(0.85) ? '\n' : source.pick(['', ' ', '  ', '\t', '\r']);
  return lines.join(source.chance(0.1) ? '\r\n' : '\n') + end;
}

function drawInputLine(source: Source): string {
  if (source.chance(0.04))
    return source.pick(['', '   ', '\t', '# a comment', '-A -f 1 # mark', 'ipvsadm', '#']);
  const words = source.chance(0.06) ? drawWords(source) : spellLine(drawLine(source), source);
  if (source.chance(0.05)) words.unshift('ipvsadm');
  const text = words.join(source.chance(0.1) ? source.pick(['  ', '\t', ' \t ']) : ' ');
  return source.chance(0.03) ? `${text} ` : text;
}
