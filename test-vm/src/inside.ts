import { closeSync, openSync } from 'node:fs';
import koffi from 'koffi';

const CLONE_NEWNET = 0x40000000;
const setns = koffi.load('libc.so.6').func('int setns(int fd, int nstype)') as (
  fd: number,
  type: number,
) => number;
const home = openSync('/proc/thread-self/ns/net', 'r');

/**
 * Runs `work` with this thread in another network namespace. A socket belongs to the namespace that it is created in,
 * so `work` may create sockets for use outside; it must create them before it returns.
 */
export function inside<T>(netns: string, work: () => T): T {
  const fd = openSync(netns, 'r');
  try {
    if (setns(fd, CLONE_NEWNET) !== 0) throw new Error(`setns: cannot enter ${netns}`);
    return work();
  } finally {
    closeSync(fd);
    if (setns(home, CLONE_NEWNET) !== 0) throw new Error('setns: cannot come back');
  }
}
