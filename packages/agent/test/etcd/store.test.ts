import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { expect } from 'chai';
import { type Agent, AgentError, Fleet } from '@ipvs-ts/agent';
import { chunkKey, chunksPrefix, prefixRange } from '../../dist/source/store-keys.js';
import { Store } from '../../dist/store/store.js';
import { Directors, document, PREFIX, put, server, settings, TYPES, until, WEB } from './directors.js';
import { Etcd, type EtcdNode, Relay } from './etcd.js';

const digest = /^[0-9a-f]{12}$/;

describe('documents of a fleet in etcd', function () {
  this.timeout(180_000);
  let etcd: Etcd;
  let fleet: Fleet;
  let directors: Directors;

  beforeEach(async () => {
    etcd = await Etcd.start();
    directors = new Directors();
    fleet = new Fleet(settings(etcd.endpoints), TYPES);
  });
  afterEach(async () => {
    fleet.close();
    await directors.close();
    await etcd.stop();
  });

  const start = (id: string): Promise<Agent> => directors.start(id, settings(etcd.endpoints));
  const problemsOf = (agent: Agent): string =>
    agent
      .status()
      .document.problems.map(({ message }) => message)
      .join('; ');

  it('come into force on all directors, and are watched', async () => {
    const revision = await put(fleet, document([1, 2]));
    expect(revision).to.match(digest);
    await Promise.all([start('lb1'), start('lb2')]);
    for (const id of ['lb1', 'lb2']) await directors.table(id, { 1: 100, 2: 100 });
    await put(fleet, document([1, 2, 3]));
    for (const id of ['lb1', 'lb2']) await directors.table(id, { 1: 100, 2: 100, 3: 100 });
    await until(
      () => 'the fleet does not settle',
      async () => (await fleet.status()).settled,
    );
    const status = await fleet.status();
    expect(status.directors.map(({ id, destinations }) => [id, destinations])).to.deep.equal([
      ['lb1', 3],
      ['lb2', 3],
    ]);
    expect(status).to.include({ ordersDiffer: false });
    expect(status.disagreements).to.deep.equal([]);
  });

  it('of megabytes come in chunks', async () => {
    const many = Array.from({ length: 20_000 }, (_, index) => `10.${index >> 8}.${index & 255}.1:80`);
    const destinations = Object.fromEntries(many.map((name) => [name, { forwarding: 'masq', weight: 100 }]));
    const text = JSON.stringify({ services: { [WEB]: { scheduler: 'mh', destinations } } }, undefined, 4);
    expect(text.length).to.be.above(1_600_000);
    const revision = await put(fleet, text);
    expect((await fleet.current())?.text).to.equal(text);
    const agent = await start('lb1');
    await until(
      () => `it is not in force: ${problemsOf(agent)}`,
      () => agent.status().document.revision === revision,
    );
  });

  it('stay in force while the store is away, and over a restart without it', async () => {
    const revision = await put(fleet, document([1, 2]));
    let agent = await start('lb1');
    await directors.table('lb1', { 1: 100, 2: 100 });
    await etcd.signal(etcd.nodes[0] as never, 'SIGKILL');
    await until(
      () => 'nobody notices that the store is away',
      () => agent.status().store?.connected === false,
    );
    directors.dead.add('10.0.0.1');
    await directors.table('lb1', { 1: 0, 2: 100 });
    expect(agent.status().document).to.include({ valid: true, revision });
    expect(agent.status().fit).to.equal(true);
    await directors.stop('lb1');
    agent = await start('lb1');
    await until(
      () => `the document of the disk is not in force: ${problemsOf(agent)}`,
      () => agent.status().document.revision === revision,
    );
    expect(agent.status().store?.problem).to.match(/ECONNREFUSED/);
    await directors.table('lb1', { 1: 0, 2: 100 });
    etcd.run(etcd.nodes[0] as never);
    await etcd.ready();
    await put(fleet, document([1, 2, 3]));
    await directors.table('lb1', { 1: 0, 2: 100, 3: 100 });
    expect(agent.status().store).to.include({ connected: true, problem: null });
  });

  it('are awaited at the first boot without a store: the agent is live, but not ready', async () => {
    await etcd.signal(etcd.nodes[0] as never, 'SIGKILL');
    const agent = await start('lb1');
    await until(
      () => 'it does not say what it waits for',
      () => /does not answer .*no document of it was kept/.test(problemsOf(agent)),
    );
    expect(agent.status().fit).to.equal(false);
    etcd.run(etcd.nodes[0] as never);
    await etcd.ready();
    await until(
      () => 'it does not see that there is no rollout',
      () => problemsOf(agent).includes('there is none'),
    );
    await put(fleet, document([1]));
    await directors.table('lb1', { 1: 100 });
    expect(agent.status().fit).to.equal(true);
  });

  it('stay where the rollout is deleted or garbage, or chunks are missing', async () => {
    const revision = await put(fleet, document([1, 2]));
    const agent = await start('lb1');
    await directors.table('lb1', { 1: 100, 2: 100 });
    const cases: [what: string, commands: string[][], problem: RegExp][] = [
      ['garbage', [['put', `${PREFIX}rollout`, '{"version":1']], /cannot be followed: it is not JSON/],
      ['deleted', [['del', `${PREFIX}rollout`]], /cannot be followed: there is none/],
    ];
    const text = etcd.ctl(['get', '--print-value-only', `${PREFIX}rollout`]);
    for (const [what, commands, problem] of cases) {
      for (const command of commands) etcd.ctl(command);
      await until(
        () => `${what} is not named: ${problemsOf(agent)}`,
        () => problem.test(problemsOf(agent)),
      );
      expect(agent.status().document).to.include({ valid: false, revision });
      expect(agent.status().fit).to.equal(true);
    }
    etcd.ctl(['put', `${PREFIX}rollout`, text.replaceAll(revision, 'abcdefabcdef')]);
    await until(
      () => `missing chunks are not named: ${problemsOf(agent)}`,
      () => problemsOf(agent).includes('document abcdefabcdef is not whole'),
    );
    etcd.ctl(['put', `${PREFIX}rollout`, text]);
    await until(
      () => 'it does not recover',
      () => agent.status().document.valid,
    );
    expect(await directors.weights('lb1')).to.deep.equal({ [server(1)]: 100, [server(2)]: 100 });
  });

  it('are refused with mistakes, with settings of an agent, and where they remove too much', async () => {
    await put(fleet, document([1, 2, 3, 4, 5, 6]));
    const refusal = async (text: string, options = {}): Promise<string> =>
      put(fleet, text, options).then(
        () => 'none',
        (error: unknown) => (AgentError.is(error) ? `${error.code} ${error.message}` : String(error)),
      );
    expect(await refusal(document([1], { servces: {} }))).to.match(/^ERR_AGENT_DOCUMENT .*servces/);
    expect(await refusal(document([1], { agent: { id: 'x' } }))).to.match(
      /^ERR_AGENT_DOCUMENT .*agent belongs in the file/,
    );
    expect(await refusal(document([1, 2]))).to.match(/^ERR_AGENT_REFUSED .*removes 4 of 6 destinations/);
    expect(await refusal(document([1, 2]), { replaces: 'abcdefabcdef' })).to.match(
      /^ERR_AGENT_REFUSED somebody else/,
    );
    expect(await refusal(document([1, 2]), { allowRemovals: true })).to.equal('none');
  });

  it('that remove too much wait where they came another way, and go through with permission', async () => {
    const first = await put(fleet, document([1, 2, 3, 4, 5, 6]));
    const agent = await start('lb1');
    await directors.table('lb1', { 1: 100, 2: 100, 3: 100, 4: 100, 5: 100, 6: 100 });
    const second = await put(fleet, document([1, 2]), { allowRemovals: true });
    await directors.table('lb1', { 1: 100, 2: 100 });
    await put(fleet, document([1, 2, 3, 4, 5, 6]));
    await directors.table('lb1', { 1: 100, 2: 100, 3: 100, 4: 100, 5: 100, 6: 100 });
    const text = etcd.ctl(['get', '--print-value-only', `${PREFIX}rollout`]);
    etcd.ctl(['put', `${PREFIX}rollout`, text.replace(`"current":"${first}"`, `"current":"${second}"`)]);
    await until(
      () => `it does not wait: ${JSON.stringify(agent.status().document)}`,
      () => agent.status().document.pending?.revision === second,
    );
    await agent.accept(second);
    await directors.table('lb1', { 1: 100, 2: 100 });
  });

  it('that changed and were compacted while a director was disconnected are found by reading all keys again', async () => {
    const relay = await Relay.start(etcd.nodes[0] as EtcdNode);
    try {
      await put(fleet, document([1, 2]));
      const agent = await directors.start('lb1', settings([relay.endpoint]));
      await directors.table('lb1', { 1: 100, 2: 100 });
      relay.cut();
      for (let number = 3; number < 23; number++) await put(fleet, document([1, 2, number]));
      const printed = etcd.ctl(['get', PREFIX, '--write-out', 'json', '--prefix', '--keys-only']);
      etcd.ctl(['compact', /"revision":(\d+)/.exec(printed)?.[1] as string]);
      await until(
        () => 'it does not notice the cut',
        () => agent.status().store?.connected === false,
      );
      relay.restore();
      await directors.table('lb1', { 1: 100, 2: 100, 22: 100 });
    } finally {
      await relay.stop();
    }
  });

  it('of a restored backup wait for an operator', async () => {
    const snapshot = join(directors.folder, 'backup.db');
    await put(fleet, document([1, 2]));
    etcd.ctl(['snapshot', 'save', snapshot]);
    const second = await put(fleet, document([1, 2, 3]));
    const agent = await start('lb1');
    await directors.table('lb1', { 1: 100, 2: 100, 3: 100 });
    for (let count = 0; count < 5; count++) etcd.ctl(['put', `${PREFIX}other`, String(count)]);
    await etcd.restore(snapshot);
    await until(
      () => `it does not wait: ${JSON.stringify(agent.status().document)}`,
      () => (agent.status().document.pending?.hold ?? '').includes('restored backup'),
    );
    expect(agent.status().document).to.include({ revision: second });
    expect(Object.keys(await directors.weights('lb1'))).to.have.length(3);
    await agent.accept(agent.status().document.pending?.revision as string);
    await directors.table('lb1', { 1: 100, 2: 100 });
    await put(fleet, document([1, 2, 4]));
    await directors.table('lb1', { 1: 100, 2: 100, 4: 100 });
  });

  it('are received again after a node was silent', async () => {
    await put(fleet, document([1, 2]));
    const agent = await start('lb1');
    await directors.table('lb1', { 1: 100, 2: 100 });
    const node = etcd.nodes[0] as never;
    await etcd.signal(node, 'SIGSTOP');
    await until(
      () => 'nobody notices a silent node',
      () => agent.status().store?.connected === false,
    );
    await etcd.signal(node, 'SIGCONT');
    await etcd.ready();
    await put(fleet, document([1, 2, 3]));
    await directors.table('lb1', { 1: 100, 2: 100, 3: 100 });
  });

  it('are put by one of two operators at a time, and stay whole', async () => {
    await put(fleet, document([1, 2]));
    const other = new Fleet(settings(etcd.endpoints), TYPES);
    try {
      for (let round = 0; round < 30; round++) {
        // Every document comes back when it has been deleted, since only the last ten are kept.
        const texts = [0, 1].map((each) =>
          document([1, 2], { timeouts: { tcp: 60 + ((2 * round + each) % 23) } }),
        );
        const before = await fleet.rollout();
        const results = await Promise.allSettled([put(fleet, texts[0] ?? ''), put(other, texts[1] ?? '')]);
        const current = await fleet.current();
        expect(texts).to.include(current?.text);
        const done = results.flatMap((each) => (each.status === 'fulfilled' ? [each.value] : []));
        expect(done).to.include(current?.revision);
        // Refused documents changed nothing: the history has only those that succeeded.
        const history = (await fleet.rollout())?.history.map(({ revision }) => revision) ?? [];
        expect(history.slice(0, done.length)).to.have.members(done);
        const [earlier] = history.slice(done.length);
        if (earlier !== undefined) expect(earlier).to.equal(before?.history[0]?.revision);
        for (const each of results)
          if (each.status === 'rejected')
            expect(AgentError.is(each.reason, 'ERR_AGENT_REFUSED')).to.equal(true);
      }
    } finally {
      other.close();
    }
  });

  it('that are written again meanwhile are not deleted', async () => {
    const revision = 'aaaaaaaaaaaa';
    const store = new Store(settings(etcd.endpoints));
    const { keys } = store;
    try {
      for (const index of [0, 1]) await store.put(chunkKey(keys, revision, index), 'old');
      const { key, end } = prefixRange(chunksPrefix(keys, revision));
      const { entries } = await store.range(key, end, { keysOnly: true });
      await store.put(chunkKey(keys, revision, 0), 'new');
      await store.deleteDocument(revision, entries);
      expect((await store.range(key, end)).entries.map(({ value }) => value)).to.deep.equal(['new', 'old']);
      await store.deleteDocument(revision, (await store.range(key, end)).entries);
      expect((await store.range(key, end)).entries).to.deep.equal([]);
    } finally {
      store.close();
    }
  });

  it('go back to an earlier revision', async () => {
    const first = await put(fleet, document([1, 2]));
    const second = await put(fleet, document([1, 2, 3]));
    await start('lb1');
    await directors.table('lb1', { 1: 100, 2: 100, 3: 100 });
    const now = { by: 'ada', at: new Date().toISOString() };
    expect((await fleet.rollback(undefined, now)).current).to.equal(first);
    await directors.table('lb1', { 1: 100, 2: 100 });
    expect((await fleet.rollback(second, now)).current).to.equal(second);
    const failure = await fleet.rollback('abcdefabcdef', now).catch((error: unknown) => error);
    expect(AgentError.is(failure, 'ERR_AGENT_NOT_FOUND')).to.equal(true);
    for (let number = 10; number < 25; number++) await put(fleet, document([1, 2, number]));
    const kept = new Set(
      etcd
        .ctl(['get', `${PREFIX}documents/`, '--prefix', '--keys-only'])
        .split('\n')
        .filter(Boolean)
        .map((key) => key.split('/').at(-2)),
    );
    expect(kept.size).to.equal(10);
  });

  it('are tried by a canary, which the others follow after it succeeded, whoever put the document', async () => {
    await put(fleet, document([1, 2]));
    await Promise.all([start('lb1'), start('lb2')]);
    for (const id of ['lb1', 'lb2']) await directors.table(id, { 1: 100, 2: 100 });
    await until(
      () => 'the directors do not show',
      async () => (await fleet.status()).directors.length === 2,
    );
    await put(fleet, document([1, 2, 3]), { canary: 'lb1', bake: 2500 });
    await directors.table('lb1', { 1: 100, 2: 100, 3: 100 });
    expect(await directors.weights('lb2')).to.deep.equal({ [server(1)]: 100, [server(2)]: 100 });
    await directors.table('lb2', { 1: 100, 2: 100, 3: 100 });
    expect((await fleet.rollout())?.state).to.equal('settled');
  });

  it('are abandoned by a canary on which a destination went down', async () => {
    const first = await put(fleet, document([1, 2]));
    await Promise.all([start('lb1'), start('lb2')]);
    for (const id of ['lb1', 'lb2']) await directors.table(id, { 1: 100, 2: 100 });
    await until(
      () => 'the directors do not show',
      async () => (await fleet.status()).directors.length === 2,
    );
    directors.dead.add('10.0.0.3');
    await put(fleet, document([1, 2, 3]), { canary: 'lb1', bake: 60_000 });
    await until(
      () => 'the rollout does not stop',
      async () => (await fleet.rollout())?.state === 'stopped',
    );
    const rollout = await fleet.rollout();
    expect(rollout?.reason).to.match(/10\.0\.0\.3:80 of tcp:192\.0\.2\.10:80 went down/);
    expect(rollout?.current).to.equal(first);
    await directors.table('lb1', { 1: 100, 2: 100 });
    expect(await directors.weights('lb2')).to.deep.equal({ [server(1)]: 100, [server(2)]: 100 });
    const refused = await put(fleet, document([1, 2, 4]), { canary: 'lb9' }).catch(String);
    expect(refused).to.match(/no director lb9 is running; there are lb1, lb2/);
  });

  it('carry maintenance to all directors', async () => {
    await put(fleet, document([1, 2, 3]));
    const [one] = await Promise.all([start('lb1'), start('lb2')]);
    for (const id of ['lb1', 'lb2']) await directors.table(id, { 1: 100, 2: 100, 3: 100 });
    await one.startMaintenance({
      service: WEB,
      destination: server(1),
      why: 'disk',
      by: 'ada',
      duration: 3_600_000,
    });
    for (const id of ['lb1', 'lb2']) await directors.table(id, { 1: 0, 2: 100, 3: 100 });
    expect(directors.running.get('lb2')?.maintenance()[0]).to.include({ why: 'disk', by: 'ada' });
    await directors.running.get('lb2')?.endMaintenance(WEB, server(1));
    for (const id of ['lb1', 'lb2']) await directors.table(id, { 1: 100, 2: 100, 3: 100 });
    await one.startMaintenance({ service: WEB, destination: server(2), local: true });
    await directors.table('lb1', { 1: 100, 2: 0, 3: 100 });
    await sleep(500);
    expect(await directors.weights('lb2')).to.include({ [server(2)]: 100 });
    await etcd.signal(etcd.nodes[0] as never, 'SIGKILL');
    const failure = await one
      .startMaintenance({ service: WEB, destination: server(1) })
      .catch((error: unknown) => error);
    expect(AgentError.is(failure, 'ERR_AGENT_STORE')).to.equal(true);
    expect(await directors.weights('lb1')).to.include({ [server(1)]: 100 });
    await one.startMaintenance({ service: WEB, destination: server(1), local: true });
    await directors.table('lb1', { 1: 0, 2: 0, 3: 100 });
  });

  it('show directors that disagree, and two with one id', async () => {
    await put(fleet, document([1, 2, 3]));
    directors.deadFor.set('lb2', new Set(['10.0.0.3']));
    await Promise.all([start('lb1'), start('lb2')]);
    await directors.table('lb2', { 1: 100, 2: 100, 3: 0 });
    await until(
      () => 'the disagreement does not show',
      async () => (await fleet.status()).disagreements.length === 1,
    );
    expect((await fleet.status()).disagreements).to.deep.equal([
      { service: WEB, destination: server(3), states: { lb1: 'up', lb2: 'down' } },
    ]);
    const others = new Directors();
    try {
      const other = await others.start('lb1', settings(etcd.endpoints));
      await until(
        () => 'the second lb1 does not say so',
        () => (other.status().store?.problem ?? '').includes('another director has the id lb1'),
      );
    } finally {
      await others.close();
    }
  });

  it('of a file beside the store are mistakes of the file', async () => {
    await put(fleet, document([1]));
    const agent = await start('lb1');
    await directors.table('lb1', { 1: 100 });
    const file = join(directors.folder, 'lb1', 'director.yaml');
    const own = { agent: { id: 'lb1', source: { etcd: { endpoints: etcd.endpoints, prefix: PREFIX } } } };
    writeFileSync(file, JSON.stringify({ ...own, services: { 'tcp:192.0.2.11:80': {} } }));
    await agent.reload();
    await until(
      () => `it is not named: ${problemsOf(agent)}`,
      () => problemsOf(agent).includes('services comes from the store'),
    );
    writeFileSync(file, JSON.stringify(own));
    await agent.reload();
    await until(
      () => `it is not over: ${problemsOf(agent)}`,
      () => agent.status().document.valid,
    );
  });
});
