import { type ChildProcess, fork } from 'node:child_process';
import { once } from 'node:events';
import { existsSync, mkdirSync, mkdtempSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import { request } from 'node:http';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect } from 'chai';
import { AgentError, openAgentSocket } from '@ipvs-ts/agent';
import { DirectoryLocks } from '../../../dist/state/directory-locks.js';
import { FileLock, type LockRefusal } from '../../../dist/state/file-lock.js';
import { StateFiles } from '../../../dist/state/state-files.js';
import { StateSaver } from '../../../dist/state/state-saver.js';
import { HeldNamespace } from '../../../dist/io/held-namespace.js';
import { type CachedDocument, DocumentCache } from '../../../dist/store/document-cache.js';
import { digestOf } from '../../../dist/store/store.js';
import { ONE, TestAgent, WEB } from '../test-agent.js';
import type { LockQuestion, Seen } from './lock-process.js';

const PROCESSES = 6;

describe('the locks of an agent', function () {
  this.timeout(120_000);
  let folder: string;
  let path: string;
  const ends: (() => unknown)[] = [];

  beforeEach(() => {
    folder = mkdtempSync(join(tmpdir(), 'ipvs-ts-lock-'));
    path = join(folder, 'agent.lock');
  });

  afterEach(async () => {
    for (const end of ends.splice(0).reverse()) await end();
    rmSync(folder, { recursive: true, force: true });
  });

  async function started(): Promise<ChildProcess> {
    const child = fork(new URL('./lock-process.js', import.meta.url), [path]);
    ends.push(() => child.kill('SIGKILL'));
    await once(child, 'message');
    return child;
  }

  async function ask(child: ChildProcess, question: LockQuestion): Promise<Seen> {
    const answer = once(child, 'message') as Promise<[Seen]>;
    child.send(question);
    return (await answer)[0];
  }

  function taken(): FileLock {
    const lock = FileLock.take(path);
    if (!(lock instanceof FileLock)) throw new Error(JSON.stringify(lock));
    ends.push(() => existsSync(folder) && lock.isInPlace && lock.release());
    return lock;
  }

  const locks = (runtime = join(folder, 'run'), state = join(folder, 'state')): DirectoryLocks => {
    const both = new DirectoryLocks([
      { path: runtime, name: 'runtime directory', option: '--runtime-dir' },
      { path: state, name: 'state directory', option: '--state-dir' },
    ]);
    ends.push(() => both.release());
    return both;
  };

  it('let one of many processes in at a time, however often the file is removed and made again', async () => {
    const children = await Promise.all(Array.from({ length: PROCESSES }, started));
    const all = await Promise.all(children.map((child) => ask(child, { rounds: 40 })));
    expect(all).to.deep.equal(children.map(() => ({ taken: 40, failures: [] })));
    expect(readdirSync(folder)).to.deep.equal([]);
  });

  it('let exactly one of many in that start at once over what a killed one left, and end with kill -9', async () => {
    const children = await Promise.all(Array.from({ length: PROCESSES }, started));
    for (let left = PROCESSES; left > 0; left--) {
      const won = await Promise.all(children.map(async (child) => (await ask(child, 'hold')).taken));
      expect(
        won.filter((each) => each === 1),
        won.join(),
      ).to.have.length(1);
      const [winner] = children.splice(won.indexOf(1), 1) as [ChildProcess];
      const refusal = FileLock.take(path) as LockRefusal;
      expect(refusal).to.deep.equal({ kind: 'held', by: winner.pid });
      winner.kill('SIGKILL');
      await once(winner, 'exit');
      expect(existsSync(path), 'the file stays').to.equal(true);
    }
    taken();
  });

  it('replace an existing file, and leave none behind', () => {
    writeFileSync(path, 'left over');
    const lock = taken();
    expect((FileLock.take(path) as LockRefusal).kind).to.equal('held');
    lock.release();
    expect(existsSync(path)).to.equal(false);
    const next = taken();
    // Not its descriptor, whose number is another's by now.
    lock.release();
    expect(next.isInPlace).to.equal(true);
    expect((FileLock.take(path) as LockRefusal).kind).to.equal('held');
  });

  it('cannot tell if the path is not a file that can be locked', () => {
    mkdirSync(path);
    expect(FileLock.take(path)).to.deep.equal({ kind: 'unknown', reason: 'EISDIR' });
    expect(FileLock.take(join(folder, 'none', 'lock'))).to.deep.equal({ kind: 'unknown', reason: 'ENOENT' });
  });

  it('keep a second agent from either directory, and name the directory, the process and the option', () => {
    locks();
    for (const [first, second, name, option] of [
      ['run', 'other', 'runtime directory', '--runtime-dir'],
      ['other', 'state', 'state directory', '--state-dir'],
    ] as const) {
      const used = join(folder, first === 'run' ? first : second);
      expect(() => locks(join(folder, first), join(folder, second)))
        .to.throw(
          AgentError,
          `another agent (process ${String(process.pid)}) uses the ${name} ${used}; stop it first, or name another directory with ${option}`,
        )
        .with.property('code', 'ERR_AGENT_RUNNING');
      // What it had locked before is free.
      const again = new DirectoryLocks([{ path: join(folder, 'other'), name: 'other', option: '-o' }]);
      again.release();
    }
  });

  it('serve an agent whose directories are one', () => {
    const both = locks(join(folder, 'run'), join(folder, 'run', '..', 'run'));
    expect(both.warning).to.equal(undefined);
    expect(() => locks(join(folder, 'run'), join(folder, 'state'))).to.throw('uses the runtime directory');
  });

  it('stop no agent if they are not available', () => {
    mkdirSync(join(folder, 'run', 'agent.lock'), { recursive: true });
    writeFileSync(join(folder, 'state'), 'a file where the directory should be');
    expect(locks().warning).to.equal(
      `cannot lock the runtime directory ${join(folder, 'run')} (EISDIR); another agent that used it would not be noticed`,
    );
  });

  it('follow a directory that is removed and made again, and write nothing into that of another', () => {
    const clock = { now: () => 1, wall: (at: number) => at };
    const files = (own: DirectoryLocks): StateFiles =>
      new StateFiles(join(folder, 'run'), join(folder, 'state'), () => '1', clock, own);
    const state = { version: 1, revision: 'mine', ledger: {}, services: {} } as never;
    const reports: string[] = [];
    const saver = new StateSaver(
      files(locks()),
      () => ({ state, maintenance: [] }),
      (text) => reports.push(text),
      false,
    );
    ends.push(() => saver.close());
    saver.saveNow();
    rmSync(join(folder, 'run'), { recursive: true });
    saver.saveNow();
    expect(readdirSync(join(folder, 'run')).sort()).to.deep.equal(['agent.json', 'agent.lock', 'reserve']);
    rmSync(join(folder, 'run'), { recursive: true });
    const other = locks(join(folder, 'run'), join(folder, 'other'));
    saver.saveNow();
    expect(readdirSync(join(folder, 'run'))).to.deep.equal(['agent.lock']);
    other.release();
    saver.saveNow();
    expect(reports).to.deep.equal([
      `another agent (process ${String(process.pid)}) uses the runtime directory ${join(folder, 'run')}; stop it first, or name another directory with --runtime-dir`,
      'the state can be written again',
    ]);
    expect(readdirSync(join(folder, 'run'))).to.include('agent.json');
  });

  it('keep maintenance, the document of a store and the name of a director out of the directory of another', () => {
    const clock = { now: () => 1, wall: (at: number) => at };
    const [run, state] = [join(folder, 'run'), join(folder, 'state')];
    const own = locks();
    const files = new StateFiles(run, state, () => '1', clock, own);
    const cache = new DocumentCache({ path: state, claim: () => own.keep() });
    const document = (text: string): CachedDocument => ({
      prefix: '/',
      revision: digestOf(text),
      text,
      storeRevision: 1,
    });
    cache.save(document('mine'));
    rmSync(state, { recursive: true });
    const other = locks(join(folder, 'other'), state);
    for (const write of [() => cache.save(document('newer')), () => files.saveMaintenance([])])
      expect(write)
        .to.throw(AgentError, `uses the state directory ${state}`)
        .with.property('code', 'ERR_AGENT_RUNNING');
    expect(readdirSync(state)).to.deep.equal(['agent.lock']);
    other.release();
    cache.save(document('newer'));
    files.saveMaintenance([]);
    expect(readdirSync(state).sort()).to.deep.equal(['agent.lock', 'maintenance.json', 'store.json']);
    expect(cache.load('/')?.text).to.equal('newer');
  });

  it('are not taken by one that only observes, which writes nothing', async () => {
    const state = join(folder, 'state');
    const cache = new DocumentCache({ path: state, claim: undefined });
    cache.save({ prefix: '/', revision: digestOf('text'), text: 'text', storeRevision: 1 });
    const test = new TestAgent();
    ends.push(() => test.remove());
    test.write({ services: { [WEB]: { destinations: { [ONE]: {} } } } });
    const agent = await test.start({ observe: true, stateDirectory: state, runtimeDirectory: state });
    await agent.settled();
    await agent.close();
    expect(existsSync(state)).to.equal(false);
  });

  it('leave the socket of another in place, where the directory was removed and made again', async () => {
    const socket = join(folder, 'run', 'agent.sock');
    mkdirSync(join(folder, 'run'));
    const first = await openAgentSocket({ socket });
    rmSync(join(folder, 'run'), { recursive: true });
    mkdirSync(join(folder, 'run'));
    const second = await openAgentSocket({ socket });
    await first.close();
    expect(readdirSync(join(folder, 'run')).sort()).to.deep.equal(['agent.sock', 'agent.sock.lock']);
    const status = await new Promise((resolve, reject) => {
      const asked = request({ socketPath: socket, path: '/status' }, ({ statusCode }) => resolve(statusCode));
      asked.on('error', reject).end();
    });
    expect(status, 'the agent is starting').to.equal(503);
    await second.close();
    expect(readdirSync(join(folder, 'run'))).to.deep.equal([]);
  });

  it('of a namespace that is gone let nothing be sent until it is there again', async () => {
    writeFileSync(path, '');
    const namespace = await HeldNamespace.hold(path, false);
    namespace.assertHeld();
    rmSync(path);
    await namespace.isReplaced().then(
      () => expect.fail('there is none'),
      (error: unknown) => expect(AgentError.is(error, 'ERR_AGENT_FILE')).to.equal(true),
    );
    expect(() => namespace.assertHeld()).to.throw('there is no network namespace');
    // Another inode, also where the file system would use the old one again.
    writeFileSync(`${path}.other`, '');
    writeFileSync(path, '');
    await namespace.isReplaced();
    namespace.assertHeld();
  });

  it('let one of many replace a stale socket, and keep its socket', async () => {
    const socket = join(folder, 'agent.sock');
    for (let round = 0; round < 20; round++) {
      const opened = await Promise.allSettled(Array.from({ length: 6 }, () => openAgentSocket({ socket })));
      const [winner, ...more] = opened.filter((each) => each.status === 'fulfilled');
      expect(more).to.deep.equal([]);
      for (const each of opened)
        if (each.status === 'rejected')
          expect(AgentError.is(each.reason, 'ERR_AGENT_RUNNING')).to.equal(true);
      expect(existsSync(socket)).to.equal(true);
      await winner?.value.close();
    }
    expect(readdirSync(folder)).to.deep.equal([]);
  });
});
