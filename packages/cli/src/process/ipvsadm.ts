/** The entry to ipvsadm's language: blocking streams, as a C program has them, around {@link main}. */
import type * as childProcess from 'node:child_process';
import type * as stringDecoder from 'node:string_decoder';
import { fstatSync, readFileSync, readSync, writeSync } from 'node:fs';
import { createRequire } from 'node:module';
import { IpvsVerbsSync } from '@ipvs-ts/ipvs/verbs-sync';
import { openNameService, type NameService } from '@ipvs-ts/netlink';
import { EXIT } from '../ipvsadm/language/messages.js';
import { main } from '../ipvsadm/main.js';
import { dieOfBrokenPipe } from './broken-pipe.js';
import { mayBeTerminal } from './descriptor.js';
import { isShortListing, Optimisation } from './optimisation.js';
import { writeErrorText } from './write-error.js';

const STDIN = 0;
const STDOUT = 1;
const STDERR = 2;

/** Milliseconds to wait before a stream that is full or empty is tried again. */
const RETRY_AFTER = 5;

/** Output is written in blocks of this size, as in C, so that a closed reader is noticed at the same place. */
const BLOCK = 4096;

/** Input is read in blocks of a pipe's capacity; a file, which never blocks, in larger ones. */
const PIPE_BLOCK = 65_536;
const FILE_BLOCK = 1 << 20;

let pending: Buffer = Buffer.alloc(0);
let nameService: NameService | undefined;

/** Whether standard output is a backup of the table, and why it could not be written. */
let isBackup = false;
let outputError: NodeJS.ErrnoException | undefined;

function print(text: string, backup = false): void {
  isBackup ||= backup;
  pending =
    pending.length === 0 ? Buffer.from(text, 'utf8') : Buffer.concat([pending, Buffer.from(text, 'utf8')]);
  for (; pending.length > BLOCK; pending = pending.subarray(BLOCK)) write(STDOUT, pending.subarray(0, BLOCK));
  if (isTerminal(STDOUT)) flush();
}

/** Uses the stream only if it may be a terminal: its modules cost as much as a whole listing. */
function isTerminal(fd: number): boolean {
  try {
    return mayBeTerminal(fd) && process.stdout.isTTY;
  } catch {
    return false;
  }
}

function flush(): void {
  write(STDOUT, pending);
  pending = Buffer.alloc(0);
}

function write(fd: number, bytes: Buffer): void {
  let rest = bytes;
  while (rest.length > 0) {
    try {
      rest = rest.subarray(writeSync(fd, rest));
    } catch (error) {
      const { code } = error as NodeJS.ErrnoException;
      if (code === 'EPIPE') dieOfBrokenPipe();
      if (code !== 'EAGAIN') {
        if (fd === STDOUT) outputError ??= error as NodeJS.ErrnoException;
        return;
      }
      pause();
    }
  }
}

function* readStdin(): Generator<string, void, undefined> {
  // Loaded only by restores.
  const { StringDecoder } = createRequire(import.meta.url)('node:string_decoder') as typeof stringDecoder;
  const decoder = new StringDecoder('utf8');
  const block = Buffer.allocUnsafe(isFile(STDIN) ? FILE_BLOCK : PIPE_BLOCK);
  for (;;) {
    const length = readBlock(block);
    if (length === 0) break;
    yield decoder.write(block.subarray(0, length));
  }
  yield decoder.end();
}

function isFile(fd: number): boolean {
  try {
    return fstatSync(fd).isFile();
  } catch {
    return false;
  }
}

/**
 * Returns the number of bytes read; 0 at the end of the input, and if it cannot be read, which `ipvsadm` does not
 * report either.
 */
function readBlock(block: Buffer): number {
  for (;;) {
    try {
      return readSync(STDIN, block);
    } catch (error) {
      if ((error as NodeJS.ErrnoException).code !== 'EAGAIN') return 0;
      pause();
    }
  }
}

function pause(): void {
  Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0, RETRY_AFTER);
}

function loadModule(): boolean {
  // Loaded only when it is needed, which is rare.
  const { spawnSync } = createRequire(import.meta.url)('node:child_process') as typeof childProcess;
  return (
    spawnSync('/sbin/modprobe', ['--', 'ip_vs'], { stdio: ['ignore', 'inherit', 'inherit'] }).status === 0
  );
}

/** Runs ipvsadm's language on the process's own streams, and returns the exit status. */
export function runIpvsadm(argv: readonly string[], programName: string): number {
  const optimisation = new Optimisation();
  const status = main(argv, {
    programName,
    env: process.env,
    stdout: print,
    stderr: (text) => {
      write(STDERR, Buffer.from(text, 'utf8'));
    },
    readStdin,
    readFile: (path) => readFileSync(path, 'utf8'),
    open: () => IpvsVerbsSync.open({ autoload: 'kernel', checks: 'kernel' }),
    onListing: () => optimisation.delayWebAssembly(),
    onTable: (services) => {
      if (isShortListing(services)) optimisation.delay();
    },
    loadModule,
    names: () => (nameService ??= openNameService()),
  });
  flush();
  if (!isBackup || outputError === undefined) return status;
  write(STDERR, Buffer.from(`${programName}: ${writeErrorText(outputError)}\n`, 'utf8'));
  // A backup that was not written is a failure, whatever the result of the command.
  return status === EXIT.ok ? EXIT.list : status;
}
