import { type ChildProcess, spawn } from 'node:child_process';
import { kill } from 'node:process';
import { socketFailure } from '../check/failure.js';
import { type CheckResult, failed, noVerdict } from '../check/result.js';
import type { ScriptEnd } from '../check/words.js';

/** The most programs that run at a time. */
const MOST_AT_ONCE = 32;
/** The most bytes of output to read. */
const MOST_OUTPUT = 4096;

/** A program to run. `timeout`: milliseconds from its start. */
export interface Program {
  readonly command: readonly string[];
  readonly env: Readonly<Record<string, string>>;
  readonly timeout: number;
}

/** Runs programs, a limited number at a time, each in its own process group, which is killed as a whole. */
export class ProgramPool {
  readonly #waiting: (() => void)[] = [];
  readonly #running = new Set<ChildProcess>();
  #taken = 0;

  /** Runs a program and judges how it ended. One that takes too long fails; one that cannot be started has no verdict. */
  async run(program: Program, judge: (end: ScriptEnd) => CheckResult): Promise<CheckResult> {
    await this.#turn();
    try {
      return await this.#run(program, judge);
    } finally {
      this.#taken -= 1;
      this.#waiting.shift()?.();
    }
  }

  /** Kills all running programs. */
  close(): void {
    for (const child of this.#running) endGroup(child);
  }

  async #turn(): Promise<void> {
    if (this.#taken >= MOST_AT_ONCE) await new Promise<void>((resolve) => this.#waiting.push(resolve));
    this.#taken += 1;
  }

  #run({ command, env, timeout }: Program, judge: (end: ScriptEnd) => CheckResult): Promise<CheckResult> {
    return new Promise((resolve) => {
      const start = performance.now();
      const [file = '', ...args] = command;
      const child = spawn(file, args, { detached: true, stdio: ['ignore', 'pipe', 'ignore'], env });
      this.#running.add(child);
      let output = '';
      let result: CheckResult | undefined;
      const end = (late: CheckResult): void => {
        clearTimeout(timer);
        // Kills processes that the program has left behind.
        endGroup(child);
        this.#running.delete(child);
        resolve({ ...(result ?? late), milliseconds: performance.now() - start });
      };
      const timer = setTimeout(() => {
        result = failed(`${file} did not end within ${timeout} ms`);
        endGroup(child);
      }, timeout);
      child.once('error', (error: Error & { readonly code?: string }) => {
        end(
          error.code === 'ENOENT' ? noVerdict(`there is no program ${file}`) : asLocal(socketFailure(error)),
        );
      });
      // Without a free descriptor there is no pipe, and the error is emitted later.
      (child.stdout as typeof child.stdout | undefined)?.on('data', (bytes: Buffer) => {
        if (output.length < MOST_OUTPUT) output += bytes.toString();
      });
      // Not `close`: a process that it left behind may keep its output open for ever.
      child.once('exit', (status, signal) => {
        setImmediate(() => end(judge({ status: status ?? undefined, signal: signal ?? undefined, output })));
      });
    });
  }
}

/** Any failure to start a program is this host's fault. */
function asLocal({ reason }: CheckResult): CheckResult {
  return noVerdict(reason);
}

function endGroup({ pid }: ChildProcess): void {
  if (pid === undefined) return;
  try {
    kill(-pid, 'SIGKILL');
  } catch {
    // The group is gone already.
    return;
  }
}
