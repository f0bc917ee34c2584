import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { fileURLToPath } from 'node:url';
import type { Cleanup } from '../cleanup.js';
import type { Namespace } from '../namespace.js';
import { runProgram } from '../run-program.js';

/** Servers on addresses of one host, each of which fails and returns on its own. */
export interface CheckServers {
  /** Makes the server of an address fail: `refuse`, `mute` or `page`; `live` ends that. */
  change(address: string, mode: string): Promise<void>;
}

/** Starts servers for checks of every type on each address of `host`. Their key goes to `directory`. */
export async function startCheckServers(
  host: Namespace,
  addresses: readonly string[],
  directory: string,
  cleanup: Cleanup,
): Promise<CheckServers> {
  const [key, certificate] = [join(directory, 'key.pem'), join(directory, 'certificate.pem')];
  await runProgram(
    'openssl req -x509 -nodes -newkey ec -pkeyopt ec_paramgen_curve:prime256v1 -days 3650 -subj /CN=www.example.org'
      .split(' ')
      .concat(['-keyout', key, '-out', certificate]),
  );
  const program = fileURLToPath(new URL('check-server.js', import.meta.url));
  const words = [process.execPath, program, key, certificate, ...addresses];
  const child = spawn('ip', ['netns', 'exec', host.name, ...words], { stdio: ['pipe', 'pipe', 'inherit'] });
  const lines = createInterface(child.stdout)[Symbol.asyncIterator]();
  const next = async (): Promise<void> => {
    const { done } = await lines.next();
    if (done === true) throw new Error('the servers for checks have ended');
  };
  cleanup.add('servers for checks', async () => {
    child.stdin.end();
    if (child.exitCode === null) await once(child, 'exit');
  });
  await next();
  return {
    async change(address, mode) {
      child.stdin.write(`${mode} ${address}\n`);
      await next();
    },
  };
}
