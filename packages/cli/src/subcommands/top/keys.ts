/** Reads the keys that a terminal sends. */

const NAMES: Readonly<Record<string, string>> = {
  '\u0003': 'ctrl-c',
  '\u0008': 'backspace',
  '\u007f': 'backspace',
  '\r': 'enter',
  '\n': 'enter',
  '\u000c': 'ctrl-l',
  '\u0015': 'ctrl-u',
  '\u001a': 'ctrl-z',
  '\u001b[A': 'up',
  '\u001b[B': 'down',
  '\u001b[C': 'right',
  '\u001b[D': 'left',
  '\u001bOA': 'up',
  '\u001bOB': 'down',
  '\u001bOC': 'right',
  '\u001bOD': 'left',
  '\u001b[5~': 'page-up',
  '\u001b[6~': 'page-down',
  '\u001b[H': 'home',
  '\u001bOH': 'home',
  '\u001b[1~': 'home',
  '\u001b[7~': 'home',
  '\u001b[F': 'end',
  '\u001bOF': 'end',
  '\u001b[4~': 'end',
  '\u001b[8~': 'end',
};

// A control sequence (ECMA-48), a key of the application mode, or any single character.
const SEQUENCE = /\u001b(?:\[[0-?]*[ -/]*[@-~]|O[A-Za-z])/u;
const ONE = new RegExp(`${SEQUENCE.source}|[^]`, 'gu');
const UNFINISHED = /\u001b(?:\[[0-?]*[ -/]*|O)$/u;
const ESCAPE = '\u001b';

/** Reads keys from pieces of bytes. */
export class KeyReader {
  #rest = '';
  /** Whether the last byte was the key Escape, or the beginning of a split sequence. */
  #escaped = false;

  /** The keys in `bytes`: `up`, `ctrl-c` …, printable ones unchanged; unknown ones are ignored. */
  read(bytes: string): string[] {
    const torn = this.#escaped && /^[[O]/u.test(bytes);
    const all = `${torn ? ESCAPE : ''}${this.#rest}${bytes}`;
    this.#escaped = all.endsWith(ESCAPE);
    this.#rest = UNFINISHED.exec(all)?.[0] ?? '';
    const whole = all.slice(0, all.length - this.#rest.length);
    return Array.from(whole.matchAll(ONE), ([text], index) => keyOf(text, torn && index === 0)).filter(
      (key) => /^[ -~]+$/.test(key),
    );
  }
}

/** The name of a key. The Escape of a split sequence was already reported as a key. */
function keyOf(text: string, torn: boolean): string {
  if (text === ESCAPE) return torn ? '' : 'escape';
  return NAMES[text] ?? text;
}
