import { execFileSync, spawn, spawnSync } from 'node:child_process';
import { once } from 'node:events';
import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import { setTimeout as pause } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';
import { expect } from 'chai';
import { type Call, calls, Ipvs, IpvsSync, OPERATIONS } from '@ipvs-ts/ipvs';
import { NetlinkClientSync, NetlinkError, NetlinkSocket, request, Writer } from '@ipvs-ts/netlink';
import { writeRequest } from '@ipvs-ts/netlink/bulk';
import { Namespace } from './namespace.js';

const LIBRARY = fileURLToPath(import.meta.resolve('@ipvs-ts/ipvs'));
const key = (index: number): string => `tcp:10.${index >> 16}.${(index >> 8) & 255}.${index & 255}:80`;
const filling = (count: number): Call<void>[] =>
  Array.from({ length: count }, (_, index) => calls.addService(key(index), { scheduler: 'rr' }));

/** Runs a program that imports the library, under `wrapper`, and returns its output. */
function script(wrapper: readonly string[], body: string): string {
  const text = `import { Ipvs, IpvsSync, calls } from ${JSON.stringify(LIBRARY)};\n${body}`;
  const [file, ...args] = [...wrapper, process.execPath, '--input-type=module', '-e', text];
  const { stdout, stderr } = spawnSync(file, args, { encoding: 'utf8' });
  return stdout.trim() || stderr;
}

const OPEN = `await Ipvs.open().then(() => console.log('open'), (error) => console.log(error.code, error.errnoName));`;

describe('faults on this kernel', () => {
  let netns: Namespace;

  beforeEach(() => {
    netns = new Namespace();
  });
  afterEach(() => {
    netns.delete();
  });

  it('without CAP_NET_ADMIN it says so', () => {
    expect(script(['setpriv', '--bounding-set=-net_admin', '--inh-caps=-net_admin'], OPEN)).to.equal(
      'ERR_IPVS_PERMISSION EPERM',
    );
  });

  it('in a user namespace it says so', () => {
    expect(script(['unshare', '--user', '--map-root-user', '--net'], OPEN)).to.equal(
      'ERR_IPVS_USER_NAMESPACE EPERM',
    );
  });

  it('with a namespace that does not exist it says so', async () => {
    const error = await Ipvs.open({ netns: '/run/netns/none-such' }).catch((each: unknown) => each as Error);
    expect(error).to.include({ code: 'ERR_IPVS_NETLINK', errnoName: 'ENOENT' });
    expect((error as Error).message).to.match(/none-such/);
  });

  it('answers that overflow the receive buffer are an error, and the client works on', () => {
    // A transport that claims to hold more answers than its buffer does.
    const socket = new NetlinkSocket({ netns: netns.path, receiveBuffer: 0 });
    const client = new NetlinkClientSync({
      capacity: 100_000,
      send: (bytes) => {
        socket.send(bytes);
      },
      receive: () => socket.receive(),
      close: () => {
        socket.close();
      },
    });
    const family = client.family('IPVS');
    const add = filling(900).map(({ operation, values }) => request(family, operation, values));
    client.batch(add);
    const outcomes = client.batch(add);
    const lost = outcomes.filter(
      (outcome) => !outcome.ok && NetlinkError.is(outcome.error, 'ERR_NETLINK_OVERRUN'),
    );
    const told = outcomes.filter((outcome) => !outcome.ok && outcome.error.errnoName === 'EEXIST');
    expect(lost.length).to.be.greaterThan(0);
    expect(lost.length + told.length, 'none is reported as done').to.equal(900);
    client.close();
    using ipvs = IpvsSync.open({ netns: netns.path });
    expect(ipvs.services().length, 'all were executed').to.equal(900);
  });

  it('two clients that write at once both get their own results', async () => {
    await using first = await Ipvs.open({ netns: netns.path });
    await using second = await Ipvs.open({ netns: netns.path });
    const batch = filling(1500);
    const [left, right] = await Promise.all([first.batch(batch), second.batch([...batch].reverse())]);
    const added = (results: typeof left): number => results.filter(({ ok }) => ok).length;
    expect(added(left) + added(right)).to.equal(1500);
    for (const result of [...left, ...right])
      if (!result.ok) expect(result.error.code).to.equal('ERR_IPVS_SERVICE_EXISTS');
    expect((await first.services({ consistency: 'verified' })).length).to.equal(1500);
  });

  it('a client that is killed in mid-batch leaves a prefix, which another one completes', async () => {
    const child = spawn(
      'ip',
      [
        'netns',
        'exec',
        netns.name,
        process.execPath,
        '--input-type=module',
        '-e',
        `import { Ipvs, calls } from ${JSON.stringify(LIBRARY)};
       const ipvs = await Ipvs.open();
       console.log('ready');
       await ipvs.batch(Array.from({ length: 40000 }, (_, i) => calls.addService(\`tcp:10.\${i >> 16}.\${(i >> 8) & 255}.\${i & 255}:80\`, { scheduler: 'rr' })));`,
      ],
      { stdio: ['ignore', 'pipe', 'inherit'] },
    );
    const exit = once(child, 'exit');
    await once(child.stdout, 'data');
    await using ipvs = await Ipvs.open({ netns: netns.path });
    // A question about one service is cheap; a list would wait for the writer at each of its parts.
    while (!(await exists(ipvs, key(2000)))) await pause(5);
    child.kill('SIGKILL');
    await exit;
    const keys = new Set((await ipvs.services({ consistency: 'verified' })).map((service) => service.key));
    expect(keys.size).to.be.within(2000, 39_999);
    for (let index = 0; index < keys.size; index++) expect(keys.has(key(index)), key(index)).to.equal(true);
    await ipvs.batch(filling(keys.size + 500));
    expect((await ipvs.services()).length).to.equal(keys.size + 500);
  });

  it('calls made before close() are answered or rejected, never left waiting', async () => {
    const ipvs = await Ipvs.open({ netns: netns.path });
    const waiting = Array.from({ length: 50 }, async () =>
      ipvs.services().then(
        () => 'answered',
        (error: unknown) => (error as { code: string }).code,
      ),
    );
    await ipvs.close();
    for (const outcome of await Promise.all(waiting))
      expect(['answered', 'ERR_IPVS_CLOSED']).to.include(outcome);
    const error = await ipvs.info().catch((each: unknown) => each as { code: string });
    expect((error as { code: string }).code).to.equal('ERR_IPVS_CLOSED');
  });

  it('a message of the wrong length is not executed, and the client knows', () => {
    const socket = new NetlinkSocket({ netns: netns.path });
    const client = new NetlinkClientSync(socket);
    const family = client.family('IPVS');
    const writer = new Writer();
    writeRequest(writer, family, OPERATIONS.flush, {}, { seq: 9, flags: 4 });
    writer.view.setUint32(0, 4096, true);
    socket.send(writer.written());
    expect(socket.receive()).to.equal(undefined);
    client.close();
  });

  it('finds the family again after its module was loaded again', async function () {
    if (isBuiltIn()) this.skip();
    await using ipvs = await Ipvs.open({ netns: netns.path });
    using sync = IpvsSync.open({ netns: netns.path });
    await ipvs.addService('fwmark:1', { scheduler: 'rr' });
    await ipvs.flush();
    await unloadModule();
    execFileSync('modprobe', ['ip_vs']);
    expect(await ipvs.services()).to.deep.equal([]);
    expect(
      sync.batch([calls.addService('fwmark:2', { scheduler: 'rr' }), calls.flush()]).map(({ ok }) => ok),
    ).to.deep.equal([true, true]);
    await ipvs.addService('fwmark:3', { scheduler: 'rr' });
  });

  it('without a module to load it says so, and names what was tried', async function () {
    if (isBuiltIn()) this.skip();
    await unloadModule();
    const helper = '/proc/sys/kernel/modprobe';
    const usual = readFileSync(helper, 'utf8');
    // Neither the kernel's own helper nor modprobe finds anything.
    writeFileSync(helper, '/bin/false\n');
    try {
      const hide = 'mount -t tmpfs none /lib/modules && exec "$@"';
      const body = OPEN.replace('error.code, error.errnoName', 'error.code, error.message');
      expect(script(['unshare', '--mount', 'sh', '-c', hide, 'sh'], body)).to.match(
        /^ERR_IPVS_UNAVAILABLE cannot open IPVS: .*loading the module ip_vs did not help \(modprobe: .*\); install a kernel that has it$/,
      );
    } finally {
      writeFileSync(helper, usual);
    }
    expect(isLoaded()).to.equal(false);
    expect(script([], OPEN)).to.equal('open');
  });

  it('does not load the module if autoload is false', async function () {
    if (isBuiltIn()) this.skip();
    await unloadModule();
    const closed = OPEN.replace('Ipvs.open()', 'Ipvs.open({ autoload: false })');
    expect(script([], closed)).to.equal('ERR_IPVS_UNAVAILABLE ENOENT');
    expect(isLoaded()).to.equal(false);
    expect(script([], OPEN)).to.equal('open');
    expect(script([], closed)).to.equal('open');
  });
});

async function exists(ipvs: Ipvs, name: string): Promise<boolean> {
  return ipvs.service(name).then(
    () => true,
    () => false,
  );
}

function isLoaded(): boolean {
  return /^ip_vs /m.test(readFileSync('/proc/modules', 'utf8'));
}

/** If IPVS is built into the kernel, it cannot be unloaded, and there is nothing to test. */
function isBuiltIn(): boolean {
  return existsSync('/sys/module/ip_vs') && !isLoaded();
}

/** Unloads ip_vs and all that stands on it. The kernel lets go of namespaces that were deleted a moment later. */
async function unloadModule(): Promise<void> {
  for (let attempt = 0; attempt < 100 && isLoaded(); attempt++) {
    const modules = readFileSync('/proc/modules', 'utf8')
      .split('\n')
      .map((line) => line.split(' ')[0] as string);
    for (const name of modules.filter((each) => each.startsWith('ip_vs_'))) spawnSync('rmmod', [name]);
    spawnSync('rmmod', ['ip_vs']);
    if (isLoaded()) await pause(100);
  }
  expect(isLoaded(), readFileSync('/proc/modules', 'utf8')).to.equal(false);
}
