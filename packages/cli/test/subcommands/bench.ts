/** A network namespace with a directory, in which scripts run the real program. */
import { execFileSync, spawn, type ChildProcess, spawnSync } from 'node:child_process';
import { mkdtempSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { PROGRAM } from '../program.js';

let count = 0;

/** The result of a script. */
export interface Finished {
  readonly status: number | null;
  readonly stdout: string;
  readonly stderr: string;
}

/** A network namespace with a directory. */
export class Bench {
  readonly namespace = `ipvs-ts-words-${process.pid}-${count++}`;
  readonly directory = mkdtempSync('/run/ipvs-ts-words-');

  constructor() {
    execFileSync('ip', ['netns', 'add', this.namespace]);
    execFileSync('ip', ['-n', this.namespace, 'link', 'set', 'lo', 'up']);
    execFileSync('ip', ['-n', this.namespace, 'addr', 'add', '10.9.0.1/24', 'dev', 'lo']);
    symlinkSync(PROGRAM, join(this.directory, 'ipvs-ts'));
  }

  /** What `open({ netns })` takes. */
  get netns(): string {
    return `/run/netns/${this.namespace}`;
  }

  write(file: string, text: string): void {
    writeFileSync(join(this.directory, file), text);
  }

  /** Runs a script to its end. */
  run(script: string): Finished {
    return spawnSync('ip', this.#words(script), this.#options());
  }

  /** Starts one. */
  start(script: string): ChildProcess {
    return spawn('ip', this.#words(script), this.#options());
  }

  close(): void {
    execFileSync('ip', ['netns', 'delete', this.namespace]);
    rmSync(this.directory, { recursive: true });
  }

  #words(script: string): string[] {
    return ['netns', 'exec', this.namespace, 'bash', '-c', script];
  }

  #options(): { cwd: string; encoding: 'utf8'; env: NodeJS.ProcessEnv } {
    const PATH = `${this.directory}:/usr/sbin:/usr/bin:/sbin:/bin:${process.env['PATH'] ?? ''}`;
    return { cwd: this.directory, encoding: 'utf8', env: { PATH, HOME: '/root', SHLVL: '1', TERM: 'xterm' } };
  }
}
