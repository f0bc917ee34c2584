/** A real terminal with a shell in it: tmux, driven from outside. */
import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createInterface } from 'node:readline';

const PATIENCE = 60_000;

/** A terminal in a network namespace. One tmux in its control mode does all: starting a program for each look is slow. */
export class Terminal {
  readonly #directory = mkdtempSync(join(tmpdir(), 'ipvs-ts-terminal-'));
  readonly #tmux: ChildProcess;
  readonly #waiting: { resolve: (lines: string[]) => void; reject: (error: Error) => void }[] = [];
  #reply: string[] | undefined;

  private constructor(netns: string, size: readonly string[]) {
    const shell = 'PS1="$ " exec bash --norc --noprofile';
    const tmux = [
      'tmux',
      '-f',
      '/dev/null',
      '-S',
      join(this.#directory, 'tmux'),
      '-C',
      'new-session',
      ...size,
      shell,
    ];
    const env = { ...process.env, LC_ALL: 'C.UTF-8', TERM: 'xterm-256color' };
    this.#tmux = spawn('ip', ['netns', 'exec', netns, ...tmux], { env, stdio: ['pipe', 'pipe', 'inherit'] });
    createInterface({ input: this.#tmux.stdout as NodeJS.ReadableStream }).on('line', (line) =>
      this.#hear(line),
    );
    this.#tmux.on('exit', () => {
      for (const { reject } of this.#waiting.splice(0)) reject(new Error('tmux has ended'));
    });
  }

  /** A shell in a terminal of that size. */
  static async open(netns: string, columns: number, rows: number): Promise<Terminal> {
    const terminal = new Terminal(netns, ['-x', String(columns), '-y', String(rows)]);
    // The first reply is that to its own words.
    await new Promise<string[]>((resolve, reject) => terminal.#waiting.push({ resolve, reject }));
    // Without a client of its own size, the window has the size that it is told.
    await terminal.#ask('set-option -g window-size manual');
    return terminal;
  }

  /** Presses keys by tmux's names for them: `q`, `C-c`, `NPage` … */
  async press(...keys: string[]): Promise<void> {
    await this.#ask(`send-keys ${keys.join(' ')}`);
  }

  /** Types a line for the shell. */
  async type(line: string): Promise<void> {
    await this.#ask(`send-keys -l ${quote(line)}`);
    await this.press('Enter');
  }

  /** What is seen, a line a row; `-e` with the sequences for colour. */
  async lines(...options: string[]): Promise<string[]> {
    return this.#ask(`capture-pane -p ${options.join(' ')}`);
  }

  /** Whether the program has taken the whole screen, and whether there is a cursor. */
  async mode(): Promise<{ readonly alternate: boolean; readonly cursor: boolean }> {
    const [reply = ''] = await this.#ask("display-message -p '#{alternate_on} #{cursor_flag}'");
    const [alternate, cursor] = reply.split(' ');
    return { alternate: alternate === '1', cursor: cursor === '1' };
  }

  /** Waits until what is seen is `good`; fails with what is seen instead. */
  async until(what: string, good: (lines: readonly string[]) => boolean): Promise<string[]> {
    const end = performance.now() + PATIENCE;
    for (;;) {
      const lines = await this.lines();
      if (good(lines)) return lines;
      if (performance.now() > end) throw new Error(`no ${what} on the terminal:\n${lines.join('\n')}`);
      await new Promise((resolve) => setTimeout(resolve, 50));
    }
  }

  async resize(columns: number, rows: number): Promise<void> {
    await this.#ask(`resize-window -x ${columns} -y ${rows}`);
  }

  async close(): Promise<void> {
    const exit = once(this.#tmux, 'exit');
    this.#tmux.stdin?.write('kill-server\n');
    await exit;
    rmSync(this.#directory, { recursive: true });
  }

  async #ask(command: string): Promise<string[]> {
    this.#tmux.stdin?.write(`${command}\n`);
    return new Promise((resolve, reject) => this.#waiting.push({ resolve, reject }));
  }

  #hear(line: string): void {
    if (/^%begin \d+ \d+ \d+$/.test(line)) this.#reply = [];
    else if (/^%(?:end|error) \d+ \d+ \d+$/.test(line) && this.#reply !== undefined) {
      const reply = this.#reply;
      this.#reply = undefined;
      const waiting = this.#waiting.shift();
      if (line.startsWith('%end')) waiting?.resolve(reply);
      else waiting?.reject(new Error(`tmux: ${reply.join('\n')}`));
    } else this.#reply?.push(line);
  }
}

/** A word of tmux's language. */
function quote(text: string): string {
  return `'${text.replaceAll("'", `'\\''`)}'`;
}
