import { execFileSync } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect } from 'chai';
import { type Agent, type EtcdSettings, Fleet } from '@ipvs-ts/agent';
import { Directors, document, PREFIX, put, settings, TYPES, until } from './directors.js';
import { Etcd, type EtcdNode } from './etcd.js';

describe('a fleet on three nodes of etcd', function () {
  this.timeout(180_000);
  let etcd: Etcd;
  let fleet: Fleet;
  let directors: Directors;

  before(async () => {
    etcd = await Etcd.start(3);
  });
  after(() => etcd.stop());
  beforeEach(async () => {
    directors = new Directors();
    fleet = new Fleet(settings(etcd.endpoints), TYPES);
    await put(fleet, document([1, 2]), { allowRemovals: true });
  });
  afterEach(async () => {
    fleet.close();
    await directors.close();
    for (const node of etcd.nodes) if (node.process === undefined) etcd.run(node);
    await etcd.ready();
    etcd.ctl(['del', PREFIX, '--prefix']);
  });

  /** The node that leads. */
  function leader(): EtcdNode {
    const status = JSON.parse(etcd.ctl(['endpoint', 'status', '--write-out', 'json'])) as {
      readonly Status: { readonly leader: number };
    }[];
    const wanted = status[0]?.Status.leader;
    for (const node of etcd.nodes) {
      const [own] = JSON.parse(etcd.ctl(['endpoint', 'status', '--write-out', 'json'], node)) as {
        readonly Status: { readonly header: { readonly member_id: number } };
      }[];
      if (own?.Status.header.member_id === wanted) return node;
    }
    throw new Error('there is no leader');
  }

  it('follows documents while one node after the other, the leader too, is killed and comes back', async () => {
    const orders = etcd.nodes.map((_, index) => [
      ...etcd.endpoints.slice(index),
      ...etcd.endpoints.slice(0, index),
    ]);
    for (const [index, endpoints] of orders.entries())
      await directors.start(`lb${index}`, settings(endpoints));
    let number = 3;
    for (const choose of [leader, () => etcd.nodes[0] as EtcdNode, leader]) {
      const node = choose();
      await etcd.signal(node, 'SIGKILL');
      await put(fleet, document([1, 2, number]), { allowRemovals: true });
      for (const id of directors.running.keys()) await directors.table(id, { 1: 100, 2: 100, [number]: 100 });
      etcd.run(node);
      await etcd.ready();
      number += 1;
    }
  });

  it('keeps what is in force without a majority, and goes on when there is one again', async () => {
    const agent = await directors.start('lb1', settings(etcd.endpoints));
    await directors.table('lb1', { 1: 100, 2: 100 });
    const [, one, two] = etcd.nodes as [EtcdNode, EtcdNode, EtcdNode];
    await etcd.signal(one, 'SIGSTOP');
    await etcd.signal(two, 'SIGSTOP');
    await until(
      () => 'a minority still counts as the store',
      () => agent.status().store?.connected === false,
    );
    expect(await put(fleet, document([1, 2, 3])).catch(String)).to.match(/ERR_AGENT_STORE|cannot be used/);
    expect(agent.status().fit).to.equal(true);
    await etcd.signal(one, 'SIGCONT');
    await etcd.signal(two, 'SIGCONT');
    await etcd.ready();
    await put(fleet, document([1, 2, 4]));
    await directors.table('lb1', { 1: 100, 2: 100, 4: 100 });
  });
});

describe('a fleet on a store with TLS, client certificates and users', function () {
  this.timeout(180_000);
  let folder: string;
  let etcd: Etcd;
  let store: EtcdSettings;
  let directors: Directors;

  const file = (name: string): string => join(folder, name);
  const openssl = (...args: string[]): void => {
    execFileSync('openssl', args, { cwd: folder, stdio: 'pipe' });
  };

  before(async () => {
    folder = mkdtempSync(join(tmpdir(), 'ipvs-ts-tls-'));
    openssl(
      'req',
      '-x509',
      '-newkey',
      'rsa:2048',
      '-nodes',
      '-days',
      '2',
      '-subj',
      '/CN=ca',
      '-keyout',
      'ca.key',
      '-out',
      'ca.pem',
    );
    writeFileSync(file('san'), 'subjectAltName=IP:127.0.0.1\nextendedKeyUsage=serverAuth,clientAuth\n');
    // The gateway refuses certificates of clients that have a common name.
    for (const name of ['server', 'client']) {
      openssl(
        'req',
        '-newkey',
        'rsa:2048',
        '-nodes',
        '-subj',
        `/O=${name}`,
        '-keyout',
        `${name}.key`,
        '-out',
        `${name}.csr`,
      );
      openssl(
        ...[
          'x509',
          '-req',
          '-days',
          '2',
          '-in',
          `${name}.csr`,
          '-CA',
          'ca.pem',
          '-CAkey',
          'ca.key',
          '-CAcreateserial',
        ],
        ...['-extfile', 'san', '-out', `${name}.pem`],
      );
    }
    const tls = { ca: file('ca.pem'), certificate: file('server.pem'), key: file('server.key') };
    etcd = await Etcd.start(1, { tls });
    for (const command of [
      'user add root:top',
      'user grant-role root root',
      'role add fleet',
      `role grant-permission fleet readwrite ${PREFIX} --prefix`,
      'user add agent:secret',
      'user grant-role agent fleet',
      'auth enable',
    ])
      etcd.ctl(command.split(' '));
    writeFileSync(file('password'), 'secret\n');
    store = settings(etcd.endpoints, {
      user: 'agent',
      passwordFile: file('password'),
      ca: file('ca.pem'),
      certificate: file('client.pem'),
      key: file('client.key'),
    });
  });
  after(async () => {
    await etcd.stop();
    rmSync(folder, { recursive: true, force: true });
  });
  beforeEach(() => {
    directors = new Directors();
  });
  afterEach(() => directors.close());

  const problemOf = (agent: Agent): string => agent.status().store?.problem ?? '';

  it('follows documents, also after the store has forgotten its token', async () => {
    const fleet = new Fleet(store, TYPES);
    try {
      await put(fleet, document([1, 2]));
      const agent = await directors.start('lb1', store);
      await directors.table('lb1', { 1: 100, 2: 100 });
      const node = etcd.nodes[0] as EtcdNode;
      await etcd.signal(node, 'SIGKILL');
      etcd.run(node);
      await until(
        () => `it does not come back: ${problemOf(agent)}`,
        async () =>
          put(fleet, document([1, 2, 3])).then(
            () => true,
            () => false,
          ),
      );
      await directors.table('lb1', { 1: 100, 2: 100, 3: 100 });
      await until(
        () => 'the director does not show',
        async () => (await fleet.status()).directors.length === 1,
      );
    } finally {
      fleet.close();
    }
  });

  it('says why it cannot be used: a wrong password, a certificate that is not trusted, files that are missing', async () => {
    writeFileSync(file('wrong'), 'wrong\n');
    const refusal = async (settings: EtcdSettings): Promise<string> => {
      try {
        const fleet = new Fleet(settings, TYPES);
        await fleet.rollout().finally(() => fleet.close());
        return 'none';
      } catch (error) {
        return String(error);
      }
    };
    expect(await refusal({ ...store, passwordFile: file('wrong') })).to.match(/invalid user ID or password/);
    expect(await refusal({ ...store, ca: undefined })).to.match(/SELF_SIGNED|UNABLE_TO_VERIFY|self-signed/);
    expect(await refusal({ ...store, certificate: undefined, key: undefined })).to.match(
      /ERR_SSL|ECONNRESET|certificate|EPROTO|EPIPE/,
    );
    expect(await refusal({ ...store, ca: file('none') })).to.match(
      /cannot read .*none \(ENOENT\), which agent.source.etcd names/,
    );
    const agent = await directors.start('lb1', { ...store, passwordFile: file('wrong') });
    await until(
      () => `it does not say why: ${problemOf(agent)}`,
      () => problemOf(agent).includes('invalid user ID or password'),
    );
  });
});
