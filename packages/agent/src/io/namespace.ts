import { readFileSync, statSync } from 'node:fs';
import { createServer, type Server } from 'node:net';
import { AgentError } from '../errors.js';

/** Identifies a network namespace while it exists: its inode. */
export function namespaceId(path: string | undefined): string {
  const file = path ?? '/proc/self/ns/net';
  try {
    return String(statSync(file).ino);
  } catch (cause) {
    throw new AgentError(
      'ERR_AGENT_FILE',
      `there is no network namespace ${file}; list them with: ip netns`,
      { cause },
    );
  }
}

/** What keeps a second agent from the same network namespace. */
export interface NamespaceLock {
  release(): void;
}

/**
 * Takes the lock of a network namespace: an abstract socket, which dies with the process. Rejects with
 * ERR_AGENT_RUNNING if another agent of this host's namespace has it.
 */
export async function lockNamespace(id: string): Promise<NamespaceLock> {
  const server: Server = createServer((socket) => socket.destroy());
  await new Promise<void>((resolve, reject) => {
    server.once('error', (cause: Error & { readonly code?: string }) => {
      const taken = cause.code === 'EADDRINUSE';
      reject(
        new AgentError(
          taken ? 'ERR_AGENT_RUNNING' : 'ERR_AGENT_LISTEN',
          taken
            ? 'another agent keeps the table of this network namespace; stop it first, or use --observe'
            : `cannot take the lock of the network namespace: ${cause.message}`,
          { cause },
        ),
      );
    });
    server.listen(`\0ipvs-ts-agent-${id}`, resolve);
  });
  server.unref();
  return { release: () => server.close() };
}

/** How many descriptors this process may have. */
export function descriptorLimit(): number {
  try {
    const soft = /^Max open files\s+(\d+|unlimited)/m.exec(readFileSync('/proc/self/limits', 'utf8'))?.[1];
    return soft === undefined || soft === 'unlimited' ? 1024 * 1024 : Number(soft);
  } catch {
    return 1024;
  }
}
