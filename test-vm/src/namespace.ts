import { type ChildProcess, spawn } from 'node:child_process';
import { readFileSync, writeFileSync } from 'node:fs';
import { createInterface } from 'node:readline';
import { inside } from './inside.js';
import { type Outcome, type ProgramOptions, runProgram, tryProgram } from './run-program.js';

/** A network namespace that plays one host. */
export class Namespace {
  /** Its name below /run/netns. */
  readonly name: string;

  private constructor(name: string) {
    this.name = name;
  }

  /** Make several. Rejects when a namespace of one of the names exists. */
  static async createAll(names: readonly string[]): Promise<Namespace[]> {
    await runProgram(['ip', '-batch', '-'], { input: names.map((name) => `netns add ${name}\n`).join('') });
    return names.map((name) => new Namespace(name));
  }

  /** Remove several. Interfaces in them go too, and with a veth its other end. */
  static async deleteAll(namespaces: readonly Namespace[]): Promise<void> {
    await runProgram(['ip', '-batch', '-'], {
      input: namespaces.map(({ name }) => `netns delete ${name}\n`).join(''),
    });
  }

  /** Where it can be opened. */
  get path(): string {
    return `/run/netns/${this.name}`;
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

  /** Start a program that stays, and pass on each line of its stderr. */
  listen(heard: (line: string) => void, ...command: string[]): ChildProcess {
    const [file = '', ...rest] = this.#inside(command);
    const child = spawn(file, rest, { stdio: ['ignore', 2, 'pipe'] });
    if (child.stderr !== null) createInterface({ input: child.stderr }).on('line', heard);
    return child;
  }

  /** Start a program that reads what is written into its `stdin`. Its output goes to stderr. */
  feed(...command: string[]): ChildProcess {
    const [file = '', ...rest] = this.#inside(command);
    return spawn(file, rest, { stdio: ['pipe', 2, 2] });
  }

  /** Run lines of shell in it, which have to succeed. */
  sh(...lines: string[]): Promise<string> {
    return this.exec('sh', '-ec', lines.join('\n'));
  }

  /** Set values of /proc/sys, one each: `net.ipv4.ip_forward=1`. */
  sysctl(...settings: string[]): void {
    inside(this.path, () => {
      for (const setting of settings) {
        const [name = '', value = ''] = setting.split('=');
        writeFileSync(`/proc/sys/${name.replaceAll('.', '/')}`, value);
      }
    });
  }

  /** Read a file whose content depends on the namespace that it is opened in, such as those of /proc/net. */
  read(path: string): string {
    return inside(this.path, () => readFileSync(path.replace('/proc/net', '/proc/thread-self/net'), 'utf8'));
  }

  // `ip netns exec` replaces itself by the program, so a child's pid is the program's own.
  #inside(command: readonly string[]): string[] {
    return ['ip', 'netns', 'exec', this.name, ...command];
  }
}
