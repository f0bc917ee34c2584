/** A shell that stays inside a network namespace, so that a command costs no start of its own. */
import { type ChildProcessWithoutNullStreams, spawn } from 'node:child_process';

const END = '\u0001end of output\u0001';

/** How long a script may take that does one thing. */
const PATIENCE_MS = 60_000;

/** How much longer it may take for each thing more: a busy emulated machine needs a second for one. */
const PATIENCE_EACH_MS = 3_000;

/** Quotes a word for the shell. */
export function quote(word: string): string {
  return `'${word.replaceAll("'", `'\\''`)}'`;
}

/** A resident shell: a small one, as the cost of a start is that of copying the starter. */
export class NamespaceShell {
  readonly #process: ChildProcessWithoutNullStreams;

  constructor(namespace: string) {
    this.#process = spawn('ip', ['netns', 'exec', namespace, 'dash'], {
      detached: true,
      // bash takes a first shell whose input is a socket, as Node's are, for one of rshd's, and reads its ~/.bashrc.
      env: { PATH: process.env['PATH'] ?? '', HOME: '/root', SHLVL: '1' },
    });
    this.#process.stdout.setEncoding('utf8');
  }

  /** The shell's process, which is in the namespace. */
  get pid(): number {
    return this.#process.pid ?? 0;
  }

  /** Runs a script, of so many `things`, to its end and returns its standard output. */
  run(script: string, things = 1): Promise<string> {
    return new Promise((resolve, reject) => {
      let text = '';
      const { stdin, stdout, exitCode, signalCode } = this.#process;
      if (exitCode !== null || signalCode !== null) {
        reject(new Error(`the shell had ended before: ${script}`));
        return;
      }
      // A script that does not end is killed, with all it has started, and named.
      const patience = PATIENCE_MS + (things - 1) * PATIENCE_EACH_MS;
      const deadline = setTimeout(() => process.kill(-this.pid, 'SIGKILL'), patience);
      const failed = (): void => {
        clearTimeout(deadline);
        stdout.off('data', take);
        reject(new Error(`the shell ended during: ${script}`));
      };
      const take = (chunk: string): void => {
        text += chunk;
        const end = text.indexOf(END);
        if (end < 0) return;
        clearTimeout(deadline);
        stdout.off('data', take);
        this.#process.off('exit', failed);
        resolve(text.slice(0, end));
      };
      stdout.on('data', take);
      this.#process.on('exit', failed);
      stdin.write(`${script}\nprintf %s ${quote(END)}\n`);
    });
  }

  /** Ends the shell. */
  close(): void {
    this.#process.stdin.end();
  }
}
