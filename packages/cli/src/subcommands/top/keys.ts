/** What a terminal sends for keys. */

const NAMES: Readonly<Record<string, string>> = {
  '\u0003': 'ctrl-c',
  '\u000c': 'ctrl-l',
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
  ' ': 'page-down',
  '\u001b[H': 'home',
  '\u001bOH': 'home',
  '\u001b[1~': 'home',
  '\u001b[7~': 'home',
  '\u001b[F': 'end',
  '\u001bOF': 'end',
  '\u001b[4~': 'end',
  '\u001b[8~': 'end',
};

// A control sequence (ECMA-48), a key of the application mode, or anything else by itself.
const ONE = /\u001b\[[0-?]*[ -/]*[@-~]|\u001bO[A-Za-z]|[^]/gu;
const UNFINISHED = /\u001b(?:\[[0-?]*[ -/]*|O)$/u;

/** Reads keys from bytes that come in pieces. */
export class KeyReader {
  #rest = '';

  /** The keys in `bytes`: `up`, `ctrl-c` …, printable ones as they are; unknown ones are left out. */
  read(bytes: string): string[] {
    const all = this.#rest + bytes;
    this.#rest = UNFINISHED.exec(all)?.[0] ?? '';
    const whole = all.slice(0, all.length - this.#rest.length);
    return Array.from(whole.matchAll(ONE), ([text]) => NAMES[text] ?? text).filter((key) =>
      /^[ -~]+$/.test(key),
    );
  }
}
