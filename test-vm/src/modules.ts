import { existsSync, readFileSync } from 'node:fs';
import { poll } from './poll.js';
import { runProgram, tryProgram } from './run-program.js';

/** Whether the kernel runs for this test only, so that its modules may be unloaded. */
export function ownKernel(): boolean {
  return existsSync('/run/vm/init.sh');
}

/** Unloads IPVS and the modules that depend on it. Services of deleted namespaces keep it in use for some time. */
export async function unloadIpvs(): Promise<void> {
  const left = await poll(
    async () => {
      for (const name of ipvsModules()) await tryProgram(['rmmod', name]);
      return ipvsModules();
    },
    (names) => names.length === 0,
    { limit: 30_000, interval: 300 },
  );
  if (left.length > 0) throw new Error(`these modules cannot be unloaded: ${left.join(', ')}`);
}

/** Loads it with parameters: `conn_tab_bits=8`. */
export async function loadIpvs(...parameters: string[]): Promise<void> {
  await runProgram(['modprobe', 'ip_vs', ...parameters]);
}

function ipvsModules(): string[] {
  return readFileSync('/proc/modules', 'utf8')
    .split('\n')
    .map((line) => line.split(' ')[0] ?? '')
    .filter((name) => name.startsWith('ip_vs') || name === 'xt_ipvs');
}
