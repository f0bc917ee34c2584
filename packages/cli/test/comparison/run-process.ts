/** Runs another build of the program on a case, as a process in a network namespace, by the name of `ipvsadm`. */
import { spawnSync } from 'node:child_process';
import { mkdirSync, mkdtempSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { PROGRAM } from '../program.js';
import { type Case, wordsOf } from './case.js';
import type { Result } from './result.js';

/** Covers the connection table with a file, then becomes the program. */
const COVERED = 'mount --bind "$1" /proc/$$/net && shift && exec "$@"';

/** Runs `item` in the namespace at `netns`. */
export function runProcess(item: Case, netns: string): Result {
  const directory = mkdtempSync('/run/ipvs-ts-side-');
  try {
    const program = join(directory, 'ipvsadm');
    symlinkSync(PROGRAM, program);
    const enter = ['nsenter', `--net=${netns}`, ...covering(item, directory), program, ...wordsOf(item)];
    const { status, stdout, stderr, error } = spawnSync(enter[0] as string, enter.slice(1), {
      input: item.stdin ?? '',
      env: { PATH: process.env['PATH'], HOME: '/root', ...item.env },
      maxBuffer: 1 << 30,
    });
    if (error !== undefined) throw error;
    return { status: status ?? -1, stdout: stdout.toString(), stderr: stderr.toString() };
  } finally {
    rmSync(directory, { recursive: true });
  }
}

function covering({ connections }: Case, directory: string): string[] {
  if (connections === undefined) return [];
  const net = join(directory, 'net');
  mkdirSync(net);
  writeFileSync(join(net, 'ip_vs_conn'), connections);
  return ['unshare', '--mount', 'dash', '-c', COVERED, 'dash', net];
}
