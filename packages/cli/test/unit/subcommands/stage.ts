/** The world of subcommands, with a kernel in memory and streams that keep what is written. */
import { Ipvs } from '@ipvs-ts/ipvs';
import { doubleTransport, IpvsKernel } from '@ipvs-ts/ipvs/testing';
import type { SubcommandIo, Notes, Output } from '../../../dist/subcommands/framework/io.js';
import { runSubcommand } from '../../../dist/subcommands/run.js';

/** What a run left. */
export interface Run {
  readonly status: number;
  readonly stdout: string;
  readonly stderr: string;
}

/** A kernel, and runs of words on it. */
export class Stage {
  readonly kernel = new IpvsKernel();
  env: Record<string, string> = {};
  terminal = false;
  colour = false;
  stdout = '';
  stderr = '';
  stop = new AbortController();
  notes: Notes | undefined;
  #written: (() => void)[] = [];

  /** A client of the kernel. */
  async open(): Promise<Ipvs> {
    return Ipvs.open({ transport: doubleTransport(this.kernel), proc: '/nonexistent' });
  }

  /** Runs a word to its end. */
  async run(word: string, ...words: string[]): Promise<Run> {
    [this.stdout, this.stderr] = ['', ''];
    this.stop = new AbortController();
    const status = await runSubcommand(word, words, this.#io());
    return { status, stdout: this.stdout, stderr: this.stderr };
  }

  /** Resolves when `good` holds after something was written. */
  async until(good: () => boolean): Promise<void> {
    while (!good()) await new Promise<void>((resolve) => this.#written.push(resolve));
  }

  #io(): SubcommandIo {
    return {
      programName: 'ipvs-ts',
      env: this.env,
      stdout: this.#output('stdout'),
      stderr: this.#output('stderr'),
      signal: this.stop.signal,
      ...(this.notes !== undefined && { notes: this.notes }),
      readText: async () => '',
      ask: undefined,
      names: () => {
        throw new Error('nobody asks for names here');
      },
      open: () => this.open(),
      openScreen: () => undefined,
    };
  }

  #output(name: 'stdout' | 'stderr'): Output {
    return {
      terminal: this.terminal,
      colour: this.colour,
      columns: () => 60,
      write: async (text) => {
        this[name] += text;
        for (const resolve of this.#written.splice(0)) resolve();
      },
    };
  }
}
