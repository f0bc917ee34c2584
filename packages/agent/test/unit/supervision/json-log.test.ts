import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { expect } from 'chai';

const PROGRAM = `
  import { openJsonLog } from '@ipvs-ts/agent';
  const log = openJsonLog(2);
  const event = { id: 1, at: '', kind: 'state', service: 'tcp:192.0.2.10:80', destination: '10.0.0.1:80', text: 'up → down' };
  log.write(event);
  log.write({ id: 2, at: '', kind: 'kernel', text: 'x'.repeat(Number(process.argv[1])) });
  const start = performance.now();
  for (let count = 0; count < 1000; count++) log.write({ ...event, text: 'y'.repeat(1000) });
  process.stdout.write(String(performance.now() - start < 20_000) + ' ');
  process.stdout.write(String(await log.close()) + '\\n', () => process.kill(process.pid, 'SIGKILL'));
`;

describe('the log', function () {
  this.timeout(60_000);

  it('is lines of JSON with level, time and the text of the event', async () => {
    const child = spawn(process.execPath, ['--input-type=module', '-e', PROGRAM, '10'], {
      cwd: new URL('../../..', import.meta.url),
    });
    let text = '';
    child.stderr.on('data', (chunk: Buffer) => (text += chunk.toString()));
    await once(child, 'close');
    const [first, second] = text
      .split('\n')
      .map((line) => JSON.parse(line || '{}') as Record<string, unknown>);
    expect(first).to.include({
      level: 'info',
      kind: 'state',
      service: 'tcp:192.0.2.10:80',
      destination: '10.0.0.1:80',
      msg: 'up → down',
    });
    expect(new Date(String(first?.['time'])).toISOString()).to.equal(first?.['time']);
    expect(second).to.include({ level: 'warn', kind: 'kernel' });
    expect(second).not.to.have.property('service');
  });

  it('delays nothing if nobody reads it', async () => {
    const child = spawn(process.execPath, ['--input-type=module', '-e', PROGRAM, '2000000'], {
      cwd: new URL('../../..', import.meta.url),
      stdio: ['ignore', 'pipe', 'pipe'],
    });
    child.stderr.pause();
    let said = '';
    child.stdout.on('data', (chunk: Buffer) => (said += chunk.toString()));
    await once(child, 'exit');
    expect(said).to.equal('true false\n');
    child.stderr.destroy();
  });
});
