import { type ChildProcess, spawn, spawnSync } from 'node:child_process';
import { once } from 'node:events';
import { closeSync, existsSync, mkdtempSync, openSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { expect } from 'chai';
import { DatagramReceiver } from '../../../../netlink/dist-test/unit/io/datagram-receiver.js';
import { COMMAND } from '../../program.js';

/** The agent as a process: it observes, so that it needs no IPVS. */
describe('the process of the agent', function () {
  this.timeout(120_000);
  let folder: string;
  let socket: string;
  let receiver: DatagramReceiver;
  let child: ChildProcess | undefined;

  beforeEach(() => {
    folder = mkdtempSync(join(tmpdir(), 'ipvs-ts-process-'));
    socket = join(folder, 'run', 'agent.sock');
    writeFileSync(join(folder, 'director.json'), JSON.stringify({ services: {} }));
    receiver = new DatagramReceiver(join(folder, 'notify'));
  });
  afterEach(() => {
    child?.kill('SIGKILL');
    receiver.close();
    rmSync(folder, { recursive: true, force: true });
  });

  function start(shell: string, stderr: 'pipe' | number = 'pipe'): ChildProcess {
    const words = [
      'agent',
      '--observe',
      ...['-f', join(folder, 'director.json')],
      ...['--runtime-dir', join(folder, 'run')],
      ...['--state-dir', join(folder, 'state')],
    ];
    child = spawn('sh', ['-c', `${shell}exec "$0" "$@"`, ...COMMAND, ...words], {
      env: { ...process.env, NOTIFY_SOCKET: join(folder, 'notify') },
      stdio: ['ignore', 'ignore', stderr],
    });
    return child;
  }

  /** What systemd received until `wanted` came; the limit is on silence. */
  async function until(wanted: RegExp): Promise<string[]> {
    const seen: string[] = [];
    for (let tries = 0; tries < 6000; tries++) {
      seen.push(...receiver.read());
      if (seen.some((each) => wanted.test(each))) return seen;
      await sleep(10);
    }
    throw new Error(`${wanted} did not come; there were ${JSON.stringify(seen)}`);
  }

  it('is ready, reloads at SIGHUP, and ends at SIGTERM with status 0 and without its socket', async () => {
    const agent = start('');
    let log = '';
    agent.stderr?.on('data', (chunk: Buffer) => (log += chunk.toString()));
    await until(/^READY=1/);
    expect(statSync(socket).mode & 0o777).to.equal(0o660);
    writeFileSync(join(folder, 'director.json'), '{');
    agent.kill('SIGHUP');
    await until(/^RELOADING=1\nMONOTONIC_USEC=\d+$/);
    await until(/^READY=1/);
    agent.kill('SIGTERM');
    const [code] = (await once(agent, 'close')) as [number | null];
    expect(code, log).to.equal(0);
    await until(/^STOPPING=1/);
    expect(existsSync(socket)).to.equal(false);
    const lines = log.trim().split('\n');
    const kinds = lines.map((line) => (JSON.parse(line) as { kind: string }).kind);
    expect(kinds, log).to.include('document problems');
  });

  it('runs and ends even if nobody reads its log', async () => {
    // A pipe that is full.
    const path = join(folder, 'pipe');
    spawnSync('mkfifo', [path]);
    const pipe = openSync(path, 'r+');
    const agent = start('head -c 65536 /dev/zero >&2; ', pipe);
    await until(/^READY=1/);
    agent.kill('SIGTERM');
    const [code, signal] = (await once(agent, 'exit')) as [number | null, string | null];
    closeSync(pipe);
    expect([code, signal]).to.deep.equal([null, 'SIGTERM']);
    expect(existsSync(socket)).to.equal(false);
  });
});
