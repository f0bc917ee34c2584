/** The program: the process's streams and environment around the language. */
import { spawnSync } from 'node:child_process';
import { readFileSync, writeSync } from 'node:fs';
import { basename } from 'node:path';
import { IpvsSync } from '@ipvs-ts/ipvs';
import { openNameService, type NameService } from '@ipvs-ts/netlink';
import { main } from './ipvsadm/main.js';

const STDIN = 0;
const STDOUT = 1;
const STDERR = 2;

/** How long to wait before a stream that is full is tried again, in milliseconds. */
const RETRY_AFTER = 5;

/** A pipe holds so much that longer output is better sent before the end. */
const FLUSH_AT = 65_536;

let pending = '';
let nameService: NameService | undefined;

function write(fd: number, text: string): void {
  let rest = Buffer.from(text, 'utf8');
  while (rest.length > 0) {
    try {
      rest = rest.subarray(writeSync(fd, rest));
    } catch (error) {
      const { code } = error as NodeJS.ErrnoException;
      if (code === 'EPIPE') dieOfBrokenPipe();
      // Nobody is told that a stream is closed or a disk is full: the status is the command's.
      if (code !== 'EAGAIN') return;
      Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0, RETRY_AFTER);
    }
  }
}

/** Ends as a program does whose reader has gone: by SIGPIPE, which Node ignores until it is listened to and let go. */
function dieOfBrokenPipe(): never {
  const listener = (): void => undefined;
  process.on('SIGPIPE', listener);
  process.off('SIGPIPE', listener);
  process.kill(process.pid, 'SIGPIPE');
  process.exit(141);
}

function flush(): void {
  const text = pending;
  pending = '';
  write(STDOUT, text);
}

process.exitCode = main(process.argv.slice(2), {
  programName: basename(process.argv[1] ?? 'ipvs-ts', '.js'),
  env: process.env,
  stdout: (text) => {
    pending += text;
    if (process.stdout.isTTY || pending.length >= FLUSH_AT) flush();
  },
  stderr: (text) => {
    write(STDERR, text);
  },
  readStdin: () => readFileSync(STDIN, 'utf8'),
  readFile: (path) => readFileSync(path, 'utf8'),
  open: () => IpvsSync.open({ autoload: 'kernel', checks: 'kernel' }),
  loadModule: () =>
    spawnSync('/sbin/modprobe', ['--', 'ip_vs'], { stdio: ['ignore', 'inherit', 'inherit'] }).status === 0,
  names: () => (nameService ??= openNameService()),
});
flush();
