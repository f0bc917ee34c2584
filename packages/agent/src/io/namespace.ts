import { existsSync, readFileSync, statSync } from 'node:fs';
import { createServer, type Server } from 'node:net';
import { withNetworkNamespace } from '@ipvs-ts/netlink';
import { AgentError } from '../errors.js';

/** The network namespace of this process. */
const OWN_NAMESPACE = '/proc/self/ns/net';

/** Identifies a network namespace while it exists: its inode. */
export function namespaceId(path: string | undefined): string {
  const file = path ?? OWN_NAMESPACE;
  try {
    return String(statSync(file).ino);
  } catch (cause) {
    throw new AgentError('ERR_AGENT_FILE', missingText(file), { cause });
  }
}

/** A file of the process itself is missing only if nothing is in /proc. */
function missingText(file: string): string {
  if (file.startsWith('/proc/') && !existsSync('/proc/self'))
    return `cannot read ${file}; the agent finds its network namespace in /proc; mount it: mount -t proc proc /proc`;
  return `there is no network namespace ${file}; list them with: ip netns`;
}

/** The lock of a network namespace against other agents. */
export interface NamespaceLock {
  release(): void;
}

/**
 * Takes the lock of the network namespace at `path`, by default the process's own: an abstract socket in it, which ends
 * with the process. Rejects with ERR_AGENT_RUNNING if another agent has it, even in another container.
 */
export async function lockNamespace(id: string, path?: string): Promise<NamespaceLock> {
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
    const listen = (): unknown => server.listen(`\0ipvs-ts-agent-${id}`, resolve);
    // The socket is bound before this returns.
    if (path === undefined) listen();
    else withNetworkNamespace(path, listen);
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
