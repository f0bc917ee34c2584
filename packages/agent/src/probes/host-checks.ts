/** The checks that use this host: a program, a file, an echo request. */
import { constants } from 'node:fs';
import { open } from 'node:fs/promises';
import type { Probe } from '../check/probe.js';
import { type CheckResult, failed, noVerdict, passed } from '../check/result.js';
import { judgeFile, judgeScript, type ScriptEnd } from '../check/words.js';
import type { ProgramPool } from './program-pool.js';

/** The search path of programs. */
const PATH = '/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin';
/** Milliseconds that a program may need to start and end on a busy host. */
const START_OF_PING = 2000;
/** The most bytes of a file to read. */
const LONGEST_FILE = 4096;

/** `script`: its exit status. The program finds the address and port of its destination in the environment. */
export function scriptCheck(probe: Probe, pool: ProgramPool): Promise<CheckResult> {
  const { command, env = {} } = probe.check.settings as {
    readonly command: readonly string[];
    readonly env?: Readonly<Record<string, string>>;
  };
  const own = { PATH, IPVS_ADDRESS: probe.address, IPVS_PORT: String(probe.port) };
  return pool.run({ command, env: { ...own, ...env }, timeout: probe.check.timeout }, judgeScript);
}

/** `ping`: an echo reply, with the program ping, which has the privilege to send requests. */
export function pingCheck(probe: Probe, pool: ProgramPool): Promise<CheckResult> {
  const { address, check } = probe;
  const command = ['ping', '-n', '-q', '-c', '1', '-W', String(check.timeout / 1000), address];
  // The program measures the time itself, from when it has sent its request.
  return pool.run({ command, env: { PATH, LC_ALL: 'C' }, timeout: check.timeout + START_OF_PING }, judgePing);
}

function judgePing({ status }: ScriptEnd): CheckResult {
  if (status === 0) return passed('an echo reply');
  return status === 1 ? failed('no echo reply') : noVerdict(`ping ended with ${status ?? 'a signal'}`);
}

/** `file`: its first word. */
export async function fileCheck({ address, port, check }: Probe): Promise<CheckResult> {
  const start = performance.now();
  const pattern = check.settings['path'] as string;
  const path = pattern.replaceAll('{address}', address).replaceAll('{port}', String(port));
  const result = await startOf(path).then(judgeFile, (error: unknown) => {
    const { code = 'unknown error' } = error as { readonly code?: string };
    return noVerdict(code === 'ENOENT' ? `there is no file ${path}` : `${path} cannot be read (${code})`);
  });
  return { ...result, milliseconds: performance.now() - start };
}

/** Reads the beginning of a file. It does not wait for the writer of a pipe, which would block a thread. */
async function startOf(path: string): Promise<string> {
  const file = await open(path, constants.O_RDONLY | constants.O_NONBLOCK);
  try {
    const { bytesRead, buffer } = await file.read(Buffer.alloc(LONGEST_FILE), 0, LONGEST_FILE, null);
    return buffer.toString('utf8', 0, bytesRead);
  } finally {
    await file.close();
  }
}
