import { spawn } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect } from 'chai';
import { Directors } from '../../../agent/dist-test/etcd/directors.js';
import { Etcd } from '../../../agent/dist-test/etcd/etcd.js';
import { COMMAND } from '../program.js';

const WEB = 'tcp:192.0.2.10:80';

describe('ipvs-ts fleet', function () {
  this.timeout(120_000);
  let folder: string;
  let etcd: Etcd;
  let directors: Directors;

  beforeEach(async () => {
    folder = mkdtempSync(join(tmpdir(), 'ipvs-ts-fleet-cli-'));
    etcd = await Etcd.start();
    directors = new Directors();
    const source = { etcd: { endpoints: etcd.endpoints, prefix: '/ipvs-ts/edge/' } };
    write('director.yaml', { agent: { id: 'lb1', source } });
    write('a.yaml', document({ '10.0.0.1:80': {}, '10.0.0.2:80': {} }));
    write('b.yaml', document({ '10.0.0.1:80': { weight: 5 }, '10.0.0.2:80': {}, '10.0.0.3:80': {} }));
  });
  afterEach(async () => {
    await directors.close();
    await etcd.stop();
    rmSync(folder, { recursive: true, force: true });
  });

  const write = (name: string, value: object): void =>
    writeFileSync(join(folder, name), JSON.stringify(value));
  const document = (destinations: object): object => ({
    services: { [WEB]: { scheduler: 'mh', destinations } },
  });

  async function fleet(
    ...args: string[]
  ): Promise<{ status: number | null; stdout: string; stderr: string }> {
    const child = spawn(
      COMMAND[0] as string,
      [...COMMAND.slice(1), 'fleet', ...args, '--store', 'director.yaml'],
      {
        cwd: folder,
        stdio: ['ignore', 'pipe', 'pipe'],
        env: { PATH: process.env['PATH'], USER: 'ada' },
      },
    );
    let stdout = '';
    let stderr = '';
    child.stdout.on('data', (chunk: Buffer) => (stdout += chunk.toString()));
    child.stderr.on('data', (chunk: Buffer) => (stderr += chunk.toString()));
    const status = await new Promise<number | null>((resolve) => child.once('close', resolve));
    return { status, stdout, stderr };
  }

  it('puts a document, shows what another one would change, and goes back', async () => {
    expect(await fleet('status')).to.include({ status: 2 });
    expect(await fleet('diff', '-f', 'a.yaml')).to.include({ status: 2 });
    const first = await fleet('put', '-f', 'a.yaml', '--yes');
    expect(first).to.include({ status: 0 });
    expect(first.stdout).to.match(
      /^\+ service tcp:192\.0\.2\.10:80\n(\+ destination .*\n){2}3 to add.*\ndocument [0-9a-f]{12} is in force\n$/,
    );
    expect(await fleet('diff', '-f', 'a.yaml')).to.deep.equal({
      status: 0,
      stdout: 'No changes: the document in force says the same.\n',
      stderr: '',
    });
    const other = await fleet('diff', '-f', 'b.yaml');
    expect(other.status).to.equal(2);
    expect(other.stdout).to.equal(
      '~ destination 10.0.0.1:80 of service tcp:192.0.2.10:80: weight 1 -> 5\n' +
        '+ destination 10.0.0.3:80 of service tcp:192.0.2.10:80\n1 to add, 1 to edit, 0 to remove.\n',
    );
    const unasked = await fleet('put', '-f', 'b.yaml');
    expect(unasked.status).to.equal(1);
    expect(unasked.stderr).to.include('--yes is needed');
    expect(await fleet('diff', '-f', 'b.yaml')).to.include({ status: 2 });
    expect(await fleet('put', '-f', 'b.yaml', '--yes')).to.include({ status: 0 });
    expect(await fleet('rollback', '--yes')).to.include({ status: 0 });
    expect(await fleet('diff', '-f', 'a.yaml')).to.include({ status: 0 });
    const json = JSON.parse((await fleet('status', '--json')).stdout) as {
      rollout: { history: { by: string }[] };
    };
    expect(json.rollout.history.map(({ by }) => by)).to.deep.equal(['ada', 'ada']);
  });

  it('waits for a canary, and says when all directors follow', async () => {
    await fleet('put', '-f', 'a.yaml', '--yes');
    const { endpoints } = etcd;
    const none = {
      user: undefined,
      passwordFile: undefined,
      ca: undefined,
      certificate: undefined,
      key: undefined,
    };
    for (const id of ['lb1', 'lb2'])
      await directors.start(id, { endpoints, prefix: '/ipvs-ts/edge/', ...none });
    for (let status: number | null = 2; status === 2;) ({ status } = await fleet('status'));
    const put = await fleet('put', '-f', 'b.yaml', '--yes', '--canary', 'lb1', '--bake', '1s');
    expect(put).to.include({ status: 0 });
    expect(put.stderr).to.match(/^lb1 tries document [0-9a-f]{12}; /);
    // A director has the document a moment before its table has the new order.
    let stdout = '';
    for (let status: number | null = 2; status === 2 || stdout.includes('different orders');)
      ({ status, stdout } = await fleet('status'));
    expect(stdout).to.match(
      /^document [0-9a-f]{12} is in force, put \S+ by ada\nDIRECTOR .*\nlb1 .* fit\nlb2 .* fit\n$/,
    );
    const unknown = await fleet('put', '-f', 'a.yaml', '--yes', '--canary', 'lb9');
    expect(unknown).to.include({ status: 1 });
    expect(unknown.stderr).to.include('no director lb9 is running; there are lb1, lb2');
  });

  it('names what is wrong, and sends nothing then', async () => {
    write('wrong.yaml', document({ '10.0.0.1:80': { wieght: 5 } }));
    write('plain.yaml', document({}));
    const cases: [args: string[], message: RegExp][] = [
      [
        ['put', '-f', 'wrong.yaml', '--yes'],
        /wrong\.yaml has 1 mistake:\nwrong\.yaml:1:\d+: .*wieght is not a known field; did you mean weight\?/,
      ],
      [['put', '-f', 'director.yaml', '--yes'], /agent belongs in the file of each director/],
      [['put', '--yes'], /--file FILE is missing/],
      [['put', '-f', 'a.yaml', '--bake', '1s', '--yes'], /--bake needs --canary/],
      [['status', '--yes'], /--yes is for fleet put and fleet rollback/],
      [['diff', 'x', '-f', 'a.yaml'], /takes no REVISION/],
      [['rollback', 'abc', '--yes'], /there is no document in \/ipvs-ts\/edge\/ to go back to/],
      [['nothing'], /it is one of status, put, diff, rollback/],
    ];
    for (const [args, message] of cases) {
      const { status, stderr } = await fleet(...args);
      expect(stderr, args.join(' ')).to.match(message);
      expect(status, args.join(' ')).to.equal(1);
    }
    expect(etcd.ctl(['get', '', '--prefix', '--keys-only'])).to.equal('');
  });
});
