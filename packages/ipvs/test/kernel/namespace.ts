import { execFileSync } from 'node:child_process';

let count = 0;

/** A network namespace of its own for a test, with an interface `lo` that is up. */
export class Namespace {
  readonly name = `ipvs-ts-${process.pid}-${count++}`;
  /** What `open({ netns })` takes. */
  readonly path = `/run/netns/${this.name}`;

  constructor() {
    execFileSync('ip', ['netns', 'add', this.name]);
    this.ip('link', 'set', 'lo', 'up');
  }

  /** Runs `ip` inside. */
  ip(...args: string[]): string {
    return execFileSync('ip', ['-n', this.name, ...args], { encoding: 'utf8' });
  }

  /** Runs a program inside and returns its output. */
  run(file: string, ...args: string[]): string {
    return execFileSync('ip', ['netns', 'exec', this.name, file, ...args], { encoding: 'utf8' });
  }

  delete(): void {
    execFileSync('ip', ['netns', 'delete', this.name]);
  }
}
