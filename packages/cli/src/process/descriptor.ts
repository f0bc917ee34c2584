/** What the descriptors of a process refer to. */
import { fstatSync } from 'node:fs';

/** The major number of `/dev/null` and others that are memory. */
const MEMORY = 1;

/**
 * Whether a descriptor may be a terminal. Only then are Node's streams created for it, whose modules cost a fifth of
 * Node's own start.
 */
export function mayBeTerminal(fd: number): boolean {
  try {
    const found = fstatSync(fd);
    return found.isCharacterDevice() && found.rdev >> 8 !== MEMORY;
  } catch {
    return false;
  }
}
