import { execFile } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { promisify } from 'node:util';
import { expect } from 'chai';
import packet from 'dns-packet';
import { type CheckResult, type Probe, SocketEngine } from '@ipvs-ts/agent';
import { declare } from '../loop/simulation.js';
import { EXPIRED, VALID } from './certificates.js';
import { RUNTIMES } from './runtimes.js';
import { Servers } from './servers.js';

const OK = 'HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\nok';

describe('checks', function () {
  this.timeout(60_000);
  const servers = new Servers();
  const engine = new SocketEngine();
  afterEach(() => servers.close());
  after(() => engine.close());

  /** Runs a check of a document against a port of this host. */
  async function run(check: object, port: number, timeout = '400ms'): Promise<CheckResult> {
    const service = { check: { timeout, ...check }, destinations: { [`127.0.0.1:${port}`]: {} } };
    const { services } = declare({ services: { 'tcp:192.0.2.1:80': service } });
    const [destination] = services.get('tcp:192.0.2.1:80')?.destinations ?? [];
    const probe: Probe = {
      key: 'probe',
      check: destination?.checks[0] as Probe['check'],
      address: '127.0.0.1',
      port,
      virtualHost: '192.0.2.1',
    };
    return engine.run(probe);
  }

  /** A patient check, for servers that answer. */
  const patient = (check: object, port: number): Promise<CheckResult> => run(check, port, '20s');

  const STREAMS = {
    tcp: { tcp: { steps: [{ expect: 'ready' }] } },
    http: { http: {} },
    https: { https: {} },
    tls: { tls: {} },
    agent: { agent: {} },
    'dns over TCP': { dns: { name: 'example.org', tcp: true } },
  };

  for (const [name, check] of Object.entries(STREAMS)) {
    describe(name, () => {
      it('fails where the port is closed, which proves a living host', async () => {
        const result = await patient(check, await servers.closedPort());
        expect(result).to.include({ outcome: 'failed', reason: 'connection refused', refused: true });
      });

      it('fails where the server accepts and says nothing', async () => {
        const result = await run(check, await servers.tcp(() => undefined));
        expect(result.outcome).to.equal('failed');
        expect(result.reason).to.match(/within 400 ms$/);
      });

      it('fails where the server closes the connection', async () => {
        const result = await patient(check, await servers.tcp((socket) => socket.end()));
        expect(result.outcome, result.reason).to.equal('failed');
      });

      it('fails where the server resets the connection', async () => {
        const port = await servers.tcp((socket) =>
          socket.once('data', () => socket.resetAndDestroy()).write('HTTP'),
        );
        const result = await run(check, port, '2s');
        expect(result.outcome, result.reason).to.equal('failed');
      });

      if (name !== 'tcp')
        it('fails if the server sends garbage', async () => {
          const port = await servers.tcp((socket) =>
            socket.end(Buffer.alloc(300, '\x00\xffgarbage\n', 'latin1')),
          );
          const result = await patient(check, port);
          expect(result.outcome, result.reason).to.equal('failed');
        });
    });
  }

  describe('tcp', () => {
    it('passes once connected', async () => {
      const result = await patient({ tcp: {} }, await servers.tcp(() => undefined));
      expect(result).to.include({ outcome: 'passed', reason: 'connected' });
      expect(result.milliseconds).to.be.greaterThan(0);
    });

    it('passes when every step matched', async () => {
      const port = await servers.tcp((socket) => {
        socket.write('220 mail ready\r\n');
        socket.on('data', (bytes) => socket.write(`221 ${bytes.toString()}`));
      });
      const steps = [{ expect: '^220 ' }, { send: 'QUIT\r\n' }, { expect: '^221 QUIT' }];
      expect(await patient({ tcp: { steps } }, port)).to.include({ outcome: 'passed' });
    });
  });

  describe('http', () => {
    it('passes, and asks with the virtual address as its host', async () => {
      let request = '';
      const port = await servers.tcp((socket) =>
        socket.on('data', (bytes) => {
          request += bytes.toString();
          socket.write(OK);
        }),
      );
      expect(await patient({ http: { path: '/healthz' } }, port)).to.include({
        outcome: 'passed',
        reason: 'status 200',
      });
      expect(request).to.match(/^GET \/healthz HTTP\/1.1\r\nHost: 192.0.2.1\r\n/);
    });

    it('fails with another status, or a body that does not match', async () => {
      const port = await servers.tcp((socket) => socket.on('data', () => socket.write(OK)));
      expect((await patient({ http: { status: 204 } }, port)).reason).to.equal('status 200, not 204');
      expect((await patient({ http: { body: 'fine' } }, port)).reason).to.match(/does not match/);
      expect(await patient({ http: { body: '^ok$' } }, port)).to.include({ outcome: 'passed' });
    });

    it('fails where the server resets in mid-reply', async () => {
      const port = await servers.tcp((socket) => {
        socket.write('HTTP/1.1 200 OK\r\nContent-Length: 100\r\n\r\nhalf', () => socket.resetAndDestroy());
      });
      const result = await patient({ http: { body: 'half' } }, port);
      expect(result.outcome, result.reason).to.equal('failed');
    });

    it('fails where the server is too slow, byte by byte', async () => {
      const port = await servers.tcp((socket) => {
        const timer = setInterval(() => socket.write('H'), 50);
        socket.on('close', () => clearInterval(timer));
      });
      expect((await run({ http: {} }, port)).outcome).to.equal('failed');
    });
  });

  describe('over TLS', () => {
    it('passes with any certificate, unless it is to be verified', async () => {
      for (const each of [VALID, EXPIRED]) {
        const port = await servers.tls(each, (socket) => socket.on('data', () => socket.write(OK)));
        expect(await patient({ https: {} }, port)).to.include({ outcome: 'passed' });
        expect(await patient({ tls: { name: 'localhost', alpn: ['http/1.1'] } }, port)).to.include({
          outcome: 'passed',
        });
      }
    });

    it('names the host in SNI, but no address', async () => {
      const heard: unknown[] = [];
      const port = await servers.tls(VALID, (socket) => {
        heard.push((socket as typeof socket & { readonly servername?: unknown }).servername);
        socket.on('data', () => socket.write(OK));
      });
      for (const host of ['www.example.org', 'www.example.org:8443', '192.0.2.7', '[2001:db8::1]', undefined])
        await patient({ https: { ...(host !== undefined && { host }) } }, port);
      expect(heard).to.deep.equal(['www.example.org', 'www.example.org', false, false, false]);
    });

    it('fails with an expired certificate or an unknown authority where it is verified', async () => {
      const port = await servers.tls(VALID, () => undefined);
      expect((await patient({ tls: { verify: true } }, port)).reason).to.match(/SELF_SIGNED/);
      const old = await servers.tls(EXPIRED, () => undefined);
      const result = await patient({ https: { verify: true, host: 'localhost' } }, old);
      expect(result.outcome, result.reason).to.equal('failed');
    });
  });

  describe('dns', () => {
    const answer = (query: Buffer, change: object = {}): Buffer => {
      const { id, questions } = packet.decode(query);
      return packet.encode({
        type: 'response',
        ...(id !== undefined && { id }),
        ...(questions !== undefined && { questions }),
        answers: [{ type: 'A', name: 'example.org', data: '192.0.2.1' }],
        ...change,
      });
    };
    const check = { dns: { name: 'example.org' } };

    it('passes over UDP and TCP', async () => {
      const port = await servers.udp((query) => answer(query));
      expect(await patient(check, port)).to.include({ outcome: 'passed' });
      const tcp = await servers.tcp((socket) =>
        socket.on('data', (bytes) => {
          const reply = answer(bytes.subarray(2));
          const length = Buffer.alloc(2);
          length.writeUInt16BE(reply.length);
          socket.write(length);
          socket.write(reply);
        }),
      );
      expect(await patient({ dns: { name: 'example.org', tcp: true } }, tcp)).to.include({
        outcome: 'passed',
      });
    });

    it('fails on SERVFAIL, silence, refusal and garbage', async () => {
      const failing = await servers.udp((query) => answer(query, { flags: 2, answers: [] }));
      expect((await patient(check, failing)).reason).to.match(/SERVFAIL/);
      expect((await run(check, await servers.udp(() => undefined))).reason).to.equal(
        'no reply within 400 ms',
      );
      expect(await patient(check, await servers.closedPort())).to.include({
        outcome: 'failed',
        refused: true,
      });
      expect((await patient(check, await servers.udp(() => Buffer.from('garbage')))).outcome).to.equal(
        'failed',
      );
    });

    it('waits for its own reply when others arrive', async () => {
      const port = await servers.udp((query) => answer(query, { id: 1 }));
      expect((await run(check, port)).outcome).to.equal('failed');
    });
  });

  describe('udp', () => {
    it('passes in silence, and fails when refused', async () => {
      expect(await run({ udp: {} }, await servers.udp(() => undefined))).to.include({ outcome: 'passed' });
      expect(await patient({ udp: {} }, await servers.closedPort())).to.include({
        outcome: 'failed',
        refused: true,
      });
    });

    it('passes with a matching reply only, where one is expected', async () => {
      const port = await servers.udp((message) => Buffer.from(`echo ${message.toString()}`));
      expect(await patient({ udp: { send: 'x', expect: '^echo x$' } }, port)).to.include({
        outcome: 'passed',
      });
      expect((await run({ udp: { send: 'x', expect: 'y' } }, port)).reason).to.match(/does not match/);
    });
  });

  describe('what is sent', () => {
    const send = '\x00\x80\xff\r\n';

    it('goes out as bytes over UDP, TCP and to an agent', async () => {
      const heard: Buffer[] = [];
      const note = (bytes: Buffer): Buffer => {
        heard.push(bytes);
        return Buffer.from('ok');
      };
      await patient({ udp: { send, expect: 'ok' } }, await servers.udp(note));
      const echo = await servers.tcp((socket) => socket.on('data', (bytes) => socket.end(note(bytes))));
      await patient({ tcp: { steps: [{ send }, { expect: 'ok' }] } }, echo);
      const line = await servers.tcp((socket) =>
        socket.on('data', (bytes) => {
          note(bytes);
          socket.end('up\n');
        }),
      );
      await patient({ agent: { send } }, line);
      expect(heard.map((bytes) => bytes.toString('latin1'))).to.deep.equal([send, send, send]);
    });
  });

  for (const { name, runtime } of RUNTIMES)
    it(`have no verdict where this process has no descriptor left (${name})`, async () => {
      const port = await servers.tcp((socket) => socket.on('data', () => socket.end(OK)));
      const program = new URL('descriptors.js', import.meta.url).pathname;
      const { stdout } = await promisify(execFile)('bash', [
        '-c',
        'ulimit -n 1000; exec "$@"',
        'bash',
        runtime,
        program,
        String(port),
      ]);
      const results = JSON.parse(stdout) as (CheckResult & { readonly type: string })[];
      expect(results).to.have.length(11);
      for (const { type, outcome, reason } of results)
        expect(outcome, `${type}: ${reason}`).to.equal('no verdict');
    });

  describe('agent', () => {
    it('uses the line of the server', async () => {
      const port = await servers.tcp((socket) => socket.end('75%\n'));
      expect(await patient({ agent: {} }, port)).to.include({ outcome: 'passed', share: 0.75 });
    });
  });

  describe('script', () => {
    const script = (text: string, env: object = {}): object => ({
      script: { command: ['sh', '-c', text], env },
    });

    it('is judged by its exit status, and sees its destination', async () => {
      expect(await patient(script('echo up 50%'), 80)).to.include({ outcome: 'passed', share: 0.5 });
      expect(
        await patient(script('test "$IPVS_ADDRESS:$IPVS_PORT:$X" = 127.0.0.1:80:1', { X: '1' }), 80),
      ).to.include({
        outcome: 'passed',
      });
      expect((await patient(script('echo disk full; exit 1'), 80)).reason).to.equal(
        'exit status 1: disk full',
      );
      expect((await patient(script('exit 3'), 80)).outcome).to.equal('no verdict');
      expect((await patient({ script: { command: ['/no/such/program'] } }, 80)).outcome).to.equal(
        'no verdict',
      );
    });

    it('that hangs fails, and ends with all that it started', async () => {
      const folder = mkdtempSync(join(tmpdir(), 'ipvs-ts-script-'));
      const file = join(folder, 'pid');
      const result = await run(script(`sleep 300 & echo $! > ${file}; wait`), 80, '1s');
      expect(result.outcome).to.equal('failed');
      const pid = readFileSync(file, 'utf8').trim();
      rmSync(folder, { recursive: true });
      for (let tries = 0; tries < 100 && isRunning(pid); tries++) await sleep(50);
      expect(isRunning(pid)).to.equal(false);
    });

    it('runs 32 at a time', async () => {
      const results = await Promise.all(Array.from({ length: 40 }, () => patient(script('exit 0'), 80)));
      expect(results.every(({ outcome }) => outcome === 'passed')).to.equal(true);
    });
  });

  describe('file', () => {
    it('is judged by its first word; a missing one cannot tell', async () => {
      const folder = mkdtempSync(join(tmpdir(), 'ipvs-ts-file-'));
      const check = { file: { path: join(folder, '{address}-{port}') } };
      expect((await patient(check, 80)).outcome).to.equal('no verdict');
      writeFileSync(join(folder, '127.0.0.1-80'), 'up\n');
      expect((await patient(check, 80)).outcome).to.equal('passed');
      writeFileSync(join(folder, '127.0.0.1-80'), 'down\n');
      expect((await patient(check, 80)).outcome).to.equal('failed');
      rmSync(folder, { recursive: true });
    });
  });

  it('of files neither wait for the writer of a pipe nor read endlessly', async () => {
    const folder = mkdtempSync(join(tmpdir(), 'ipvs-ts-file-'));
    await promisify(execFile)('mkfifo', [join(folder, 'pipe')]);
    for (const path of [join(folder, 'pipe'), '/dev/zero', folder])
      expect((await run({ file: { path } }, 80)).outcome, path).to.equal('no verdict');
    rmSync(folder, { recursive: true });
  });

  it('of a custom type run too, and have no verdict if they throw', async () => {
    const own = new SocketEngine({ mine: async () => Promise.reject(new Error('broken')) });
    const probe = { check: { type: 'mine' } } as Probe;
    expect((await own.run(probe)).reason).to.equal('check mine could not run: broken');
  });

  it('that are late because this process was busy have no verdict', async () => {
    const result = run({ tcp: { steps: [{ expect: 'x' }] } }, await servers.tcp(() => undefined), '100ms');
    const end = performance.now() + 400;
    await sleep(20);
    while (performance.now() < end);
    expect((await result).outcome).to.equal('no verdict');
  });
});

function isRunning(pid: string): boolean {
  try {
    return !readFileSync(`/proc/${pid}/stat`, 'utf8').includes(') Z ');
  } catch {
    return false;
  }
}
