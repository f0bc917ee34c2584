/** The terminal as a screen, which is restored however the program ends or is suspended. */
import type { ReadStream, WriteStream } from 'node:tty';
import type { Screen, ScreenEvent, ScreenSize } from '../subcommands/framework/io.js';

// The alternate screen preserves the normal one. It is cleared before it is left, with the cursor at its top, since
// some terminals move lines of it to the normal screen after a change of size.
const ENTER = '\u001b[?1049h\u001b[?25l\u001b[H\u001b[2J';
const LEAVE = '\u001b[m\u001b[2J\u001b[H\u001b[?25h\u001b[?1049l';

/** Opens the terminal; returns undefined if standard input or output is not a terminal. */
export function openScreen(listener: (event: ScreenEvent) => void): Screen | undefined {
  // Only streams that are a terminal have these, unlike in Node's types.
  const { stdin, stdout }: { stdin: Partial<ReadStream>; stdout: Partial<WriteStream> } = process;
  return stdin.isTTY === true && stdout.isTTY === true ? new ProcessScreen(listener) : undefined;
}

class ProcessScreen implements Screen {
  readonly #listener: (event: ScreenEvent) => void;
  #taken = false;

  constructor(listener: (event: ScreenEvent) => void) {
    this.#listener = listener;
    process.stdin
      .setEncoding('utf8')
      .on('data', this.#onData)
      .on('end', this.#onEnd)
      .on('error', this.#onEnd);
    process.stdout.on('resize', this.#onRedraw);
    process.on('SIGTSTP', this.#onStop).on('SIGCONT', this.#onContinue).on('exit', this.#giveBack);
    this.#take();
  }

  size(): ScreenSize {
    const { columns, rows } = process.stdout;
    // A terminal that does not know its size reports 0.
    return { columns: columns > 0 ? columns : 80, rows: rows > 0 ? rows : 24 };
  }

  write(text: string): void {
    if (this.#taken) process.stdout.write(text);
  }

  suspend(): void {
    // As the terminal itself does: to all programs of the job.
    process.kill(0, 'SIGTSTP');
  }

  close(): void {
    this.#giveBack();
    process.off('SIGTSTP', this.#onStop).off('SIGCONT', this.#onContinue).off('exit', this.#giveBack);
    process.stdout.off('resize', this.#onRedraw);
    process.stdin.off('data', this.#onData).off('end', this.#onEnd).off('error', this.#onEnd).pause();
  }

  #take(): void {
    // Sets the mode first: in the background this stops the program before it has drawn anything.
    process.stdin.setRawMode(true);
    process.stdout.write(ENTER);
    this.#taken = true;
  }

  readonly #giveBack = (): void => {
    if (!this.#taken) return;
    this.#taken = false;
    process.stdout.write(LEAVE);
    process.stdin.setRawMode(false);
  };

  readonly #onStop = (): void => {
    this.#giveBack();
    process.kill(process.pid, 'SIGSTOP');
  };

  readonly #onContinue = (): void => {
    // After a SIGSTOP, which cannot be handled, the shell has changed the mode.
    this.#giveBack();
    this.#take();
    this.#onRedraw();
  };

  readonly #onData = (bytes: string): void => this.#listener({ kind: 'keys', bytes });
  readonly #onEnd = (): void => this.#listener({ kind: 'end' });
  readonly #onRedraw = (): void => this.#listener({ kind: 'redraw' });
}
