import { type ChildProcess, spawn } from 'node:child_process';
import { type Outcome, type ProgramOptions, runProgram, tryProgram } from './run-program.js';

/** A network namespace that plays one host. */
export class Namespace {
  /** Its name below /run/netns. */
  readonly name: string;

  private constructor(name: string) {
    this.name = name;
  }

  /** Make it, with its loopback up. Rejects when a namespace of that name exists. */
  static async create(name: string): Promise<Namespace> {
    await runProgram(['ip', 'netns', 'add', name]);
    const namespace = new Namespace(name);
    await namespace.ip('link set lo up');
    return namespace;
  }

  /** Run `ip` commands in it, one a line (`link set eth0 up`). */
  async ip(...lines: string[]): Promise<void> {
    await runProgram(['ip', '-n', this.name, '-batch', '-'], { input: lines.join('\n') + '\n' });
  }

  /** Run a program that has to succeed; the result is its standard output. */
  exec(...command: string[]): Promise<string> {
    return runProgram(this.#inside(command));
  }

  /** Run a program; whatever its status, the outcome is the result. */
  try(command: readonly string[], options?: ProgramOptions): Promise<Outcome> {
    return tryProgram(this.#inside(command), options);
  }

  /** Start a program that stays (a server). Its output goes to stderr. */
  start(...command: string[]): ChildProcess {
    const [file = '', ...rest] = this.#inside(command);
    return spawn(file, rest, { stdio: ['ignore', 2, 2] });
  }

  /** Remove it. Interfaces in it go too, and with a veth its other end. */
  async delete(): Promise<void> {
    await runProgram(['ip', 'netns', 'delete', this.name]);
  }

  // `ip netns exec` replaces itself by the program, so a child's pid is the program's own.
  #inside(command: readonly string[]): string[] {
    return ['ip', 'netns', 'exec', this.name, ...command];
  }
}
