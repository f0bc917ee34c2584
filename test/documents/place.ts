import { type ChildProcess, execFileSync, spawn } from 'node:child_process';
import { chmodSync, mkdirSync, mkdtempSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join, resolve } from 'node:path';
import { CHECKOUT } from '../source-files.js';

/** How a command ended: its status (-1 after a signal), and both its streams as they came. */
export interface Ended {
  readonly status: number;
  readonly output: string;
}

/** Milliseconds after which a step is considered hung. */
const LIMIT = 120_000;

let count = 0;

/**
 * Where one document is tested: an empty directory with the packages as if they were installed, `ipvs-ts` on the
 * PATH, and a network namespace. The steps share them.
 */
export class Place {
  readonly directory = mkdtempSync(join(tmpdir(), 'ipvs-ts-document-'));
  readonly #netns = `document-${process.pid}-${count++}`;

  constructor() {
    // Readable by other users: some steps run without privileges.
    chmodSync(this.directory, 0o755);
    writeFileSync(join(this.directory, 'package.json'), '{ "type": "module", "private": true }\n');
    for (const name of ['@ipvs-ts/netlink', '@ipvs-ts/ipvs', 'ipvs-ts', '@types/node'])
      this.#link(`node_modules/${name}`, `node_modules/${name}`);
    this.#link('examples', 'examples');
    this.#link('node_modules/.bin/ipvs-ts', 'packages/cli/bin/ipvs-ts.js');
    execFileSync('ip', ['netns', 'add', this.#netns]);
    execFileSync('ip', ['-n', this.#netns, 'link', 'set', 'lo', 'up']);
  }

  /** Writes a file; missing directories are made. */
  write(name: string, text: string): void {
    const path = resolve(this.directory, name);
    mkdirSync(dirname(path), { recursive: true });
    writeFileSync(path, text);
  }

  /** Runs a command in the directory and the namespace. */
  run(...command: readonly string[]): Promise<Ended> {
    const path = `${join(this.directory, 'node_modules/.bin')}:${process.env['PATH'] ?? ''}`;
    return run(['ip', 'netns', 'exec', this.#netns, ...command], this.directory, {
      ...process.env,
      PATH: path,
      CHECKOUT,
    });
  }

  /** Ends what still runs in the namespace, and removes both. */
  remove(): void {
    const pids = execFileSync('ip', ['netns', 'pids', this.#netns], { encoding: 'utf8' }).split('\n');
    for (const pid of pids.filter((text) => text !== '')) process.kill(Number(pid), 'SIGKILL');
    execFileSync('ip', ['netns', 'delete', this.#netns]);
    rmSync(this.directory, { recursive: true });
  }

  #link(name: string, target: string): void {
    const path = join(this.directory, name);
    mkdirSync(dirname(path), { recursive: true });
    symlinkSync(join(CHECKOUT, target), path);
  }
}

/** Runs a command to its end. One that takes too long is ended with all that it started. */
export function run(command: readonly string[], cwd: string, env: NodeJS.ProcessEnv): Promise<Ended> {
  const [file = '', ...rest] = command;
  return new Promise((done, failed) => {
    const child: ChildProcess = spawn(file, rest, {
      cwd,
      env,
      stdio: ['ignore', 'pipe', 'pipe'],
      detached: true,
    });
    let output = '';
    const read = (text: string): void => {
      output += text;
    };
    child.stdout?.setEncoding('utf8').on('data', read);
    child.stderr?.setEncoding('utf8').on('data', read);
    const timer = setTimeout(() => {
      output += `\n(ended after ${LIMIT / 1000} s)`;
      if (child.pid !== undefined) process.kill(-child.pid, 'SIGKILL');
    }, LIMIT);
    child.on('error', failed);
    // A server that a step leaves behind may hold the streams open: a step is over when its own process exits.
    child.on('exit', (status) => {
      clearTimeout(timer);
      setTimeout(() => {
        done({ status: status ?? -1, output });
      }, 50);
    });
  });
}
