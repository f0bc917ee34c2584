import { spawn } from 'node:child_process';

/** How a program ended. `status` is -1 after a signal. */
export interface Outcome {
  readonly status: number;
  readonly stdout: string;
  readonly stderr: string;
}

/** A program ended with a status other than 0. */
export class ProgramError extends Error {
  override readonly name = 'ProgramError';

  /** @param command the words that were run @param outcome how that ended */
  constructor(command: readonly string[], outcome: Outcome) {
    const said = outcome.stderr.trim() || outcome.stdout.trim() || 'it printed nothing';
    super(`${command.join(' ')} ended with status ${String(outcome.status)}: ${said}`);
  }
}

/** Options of {@link tryProgram}. */
export interface ProgramOptions {
  /** Text for its standard input; without it the program reads /dev/null. */
  readonly input?: string;
  /** Also called with each piece of output as it comes. */
  readonly onOutput?: (text: string) => void;
}

/** Run a program to its end; whatever its status, the outcome is the result. Rejects when it cannot be started. */
export function tryProgram(command: readonly string[], options: ProgramOptions = {}): Promise<Outcome> {
  const [file = '', ...rest] = command;
  return new Promise((resolve, reject) => {
    const child = spawn(file, rest, {
      stdio: [options.input === undefined ? 'ignore' : 'pipe', 'pipe', 'pipe'],
    });
    const text = { stdout: '', stderr: '' };
    for (const name of ['stdout', 'stderr'] as const) {
      child[name]?.setEncoding('utf8').on('data', (piece: string) => {
        text[name] += piece;
        options.onOutput?.(piece);
      });
    }
    child.on('error', (cause) => {
      reject(new Error(`cannot start ${file}: ${cause.message}`, { cause }));
    });
    child.on('close', (status) => {
      resolve({ status: status ?? -1, ...text });
    });
    child.stdin?.end(options.input);
  });
}

/** Run a program that has to succeed; the result is its standard output. */
export async function runProgram(command: readonly string[], options: ProgramOptions = {}): Promise<string> {
  const outcome = await tryProgram(command, options);
  if (outcome.status !== 0) throw new ProgramError(command, outcome);
  return outcome.stdout;
}
