/** Stores notes as files in the runtime directory, which lasts as long as the kernel's table: until the next boot. */
import { mkdirSync, readFileSync, readlinkSync, rmSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import type { Notes } from '../subcommands/framework/io.js';

const DIRECTORY = '/run/ipvs-ts/notes';

/** Notes of the network namespace of this process. */
export function fileNotes(directory = DIRECTORY): Notes {
  const path = (name: string): string =>
    join(directory, encodeURIComponent(`${readlinkSync('/proc/self/ns/net')} ${name}`));
  return {
    read: (name) => attempt(() => readFileSync(path(name), 'utf8')),
    write: (name, text) =>
      attempt(() => {
        // The parent directory is also the agent's, and accessible to the group of its socket.
        mkdirSync(dirname(directory), { recursive: true, mode: 0o755 });
        mkdirSync(directory, { recursive: true, mode: 0o700 });
        writeFileSync(path(name), text, { mode: 0o600 });
      }),
    remove: (name) => attempt(() => rmSync(path(name), { force: true })),
  };
}

/** Notes are optional; no command fails without them. */
function attempt<T>(work: () => T): T | undefined {
  try {
    return work();
  } catch {
    return undefined;
  }
}
