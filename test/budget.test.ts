import { execFileSync, spawnSync } from 'node:child_process';
import { cpSync, mkdtempSync, readdirSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath, pathToFileURL } from 'node:url';
import { expect } from 'chai';
import { exportState, Ipvs } from '@ipvs-ts/ipvs';
import { IpvsKernel } from '@ipvs-ts/ipvs/testing';
import { IpvsVerbsSync } from '@ipvs-ts/ipvs/verbs-sync';
import { ERRNO, type Libc, NetlinkSocket, socketTransport } from '@ipvs-ts/netlink';
import { doubleTransportSync } from '@ipvs-ts/netlink/testing';
import { ipvsadm, type IpvsadmIo } from 'ipvs-ts';
import { temporaryDirectory } from './packages/tarballs.js';
import { CHECKOUT } from './source-files.js';

/** Calls on the socket, and bytes sent. */
interface Traffic {
  sends: number;
  receives: number;
  bytes: number;
}

type Task = 'add' | 'list-2x2' | 'restore-1000x4' | 'list-1000x4';

interface Budget extends Record<Task, Traffic> {
  readonly programBytes: number;
  readonly programFiles: number;
  readonly packedBytes: Readonly<Record<string, number>>;
  /** What each subcommand loads before its first request to the kernel. */
  readonly subcommands: Readonly<Record<string, { readonly files: number; readonly bytes: number }>>;
  /** How often asynchronous work waits for another thread, by service. */
  readonly asynchronousHopsAService: number;
}

const BUDGET = JSON.parse(readFileSync(join(CHECKOUT, 'test/budget.json'), 'utf8')) as Budget;

/** A copy of a package without the code that other versions of Node compiled when they built in this checkout. */
function publishedCopy(name: string): string {
  const folder = name === 'ipvs-ts' ? 'cli' : name.replace('@ipvs-ts/', '');
  const copy = join(temporaryDirectory('published'), folder);
  const own = `-${process.versions.v8.split('-')[0] ?? ''}-${process.arch}.code`;
  cpSync(join(CHECKOUT, 'packages', folder), copy, {
    recursive: true,
    filter: (path) =>
      !/\/(node_modules|dist-test)$/.test(path) && (!path.endsWith('.code') || path.endsWith(own)),
  });
  return copy;
}

function rules(services: number, destinations: number): string {
  const lines: string[] = [];
  for (let service = 0; service < services; service++) {
    const name = `-t 10.0.${service >> 8}.${service & 255}:80`;
    lines.push(`-A ${name} -s wlc\n`);
    for (let destination = 1; destination <= destinations; destination++)
      lines.push(`-a ${name} -r 172.16.0.${destination}:8080 -m -w 1\n`);
  }
  return lines.join('');
}

/** Runs a command line on `kernel` and counts what goes over the socket. */
function traffic(kernel: IpvsKernel, argv: readonly string[], input = ''): Traffic {
  const transport = doubleTransportSync(kernel, 8192);
  const count: Traffic = { sends: 0, receives: 0, bytes: 0 };
  const io: IpvsadmIo = {
    programName: 'ipvs-ts',
    env: {},
    stdout: () => undefined,
    stderr: (text) => {
      throw new Error(text);
    },
    // As from a pipe.
    readStdin: () => input.match(/[^]{1,65536}/g) ?? [],
    readFile: () => '',
    open: () =>
      IpvsVerbsSync.open({
        checks: 'kernel',
        transport: {
          capacity: transport.capacity,
          send: (bytes) => {
            count.sends += 1;
            count.bytes += bytes.length;
            transport.send(bytes);
          },
          receive: () => {
            count.receives += 1;
            return transport.receive();
          },
          close: () => transport.close(),
        },
      }),
    loadModule: () => false,
    names: () => {
      throw new Error('no name was to be looked up');
    },
  };
  expect(ipvsadm(argv, io)).to.equal(0);
  return count;
}

function kernelWith(services: number, destinations: number): IpvsKernel {
  const kernel = new IpvsKernel({ module: 'loaded' });
  if (services > 0) traffic(kernel, ['-R'], rules(services, destinations));
  return kernel;
}

/** A command line of each subcommand that gets as far as opening IPVS. */
const SUBCOMMAND_LINES: Readonly<Record<string, readonly string[]>> = {
  agent: ['agent', '-f', 'web.yaml', '--check'],
  apply: ['apply', '-f', 'web.yaml', '--yes'],
  doctor: ['doctor'],
  drain: ['drain', 'tcp:192.0.2.10:80', '10.0.0.11:80'],
  events: ['events'],
  explain: ['explain', 'tcp:192.0.2.10:80'],
  export: ['export'],
  import: ['import', '--from-keepalived', 'keepalived.conf'],
  fleet: ['fleet', 'status'],
  maintenance: ['maintenance', 'list'],
  metrics: ['metrics', '--listen', '127.0.0.1:0'],
  plan: ['plan', '-f', 'web.yaml'],
  status: ['status'],
  top: ['top'],
  validate: ['validate', 'web.yaml'],
  version: ['version'],
  watch: ['watch'],
};

/**
 * The files of JavaScript that a command line runs, and their size. No kernel answers: the foreign-function library is
 * replaced by an error, so that the same is loaded on every machine.
 */
function loadedBy(argv: readonly string[]): { files: number; bytes: number } {
  const directory = mkdtempSync(join(tmpdir(), 'ipvs-ts-loaded-'));
  try {
    writeFileSync(join(directory, 'web.yaml'), 'services: {}\n');
    const stub = join(directory, 'no-koffi.cjs');
    const bundles = join(directory, 'bundles.json');
    writeFileSync(
      stub,
      `const fs = require('node:fs');
      const Module = require('node:module');
      const load = Module._load;
      Module._load = function (name, ...rest) {
        if (name === 'koffi') throw new Error('no koffi here');
        return load.call(this, name, ...rest);
      };
      const read = fs.readFileSync;
      const found = [];
      fs.readFileSync = function (path, ...rest) {
        if (String(path).endsWith('.cjs')) found.push(path);
        return read.call(this, path, ...rest);
      };
      process.on('exit', () => fs.writeFileSync(${JSON.stringify(bundles)}, JSON.stringify(found)));\n`,
    );
    const program = join(CHECKOUT, 'packages/cli/bin/ipvs-ts.js');
    const { error } = spawnSync('node', ['--require', stub, program, ...argv], {
      cwd: directory,
      env: { PATH: process.env['PATH'], NODE_V8_COVERAGE: join(directory, 'coverage') },
      timeout: 60_000,
      stdio: 'ignore',
    });
    if (error !== undefined) throw error;
    const files = new Set(JSON.parse(readFileSync(bundles, 'utf8')) as string[]);
    for (const report of readdirSync(join(directory, 'coverage'))) {
      const { result } = JSON.parse(readFileSync(join(directory, 'coverage', report), 'utf8')) as {
        result: { url: string }[];
      };
      for (const { url } of result) if (url.startsWith('file:')) files.add(fileURLToPath(url));
    }
    files.delete(stub);
    return { files: files.size, bytes: [...files].reduce((sum, file) => sum + statSync(file).size, 0) };
  } finally {
    rmSync(directory, { recursive: true });
  }
}

function expectWithin(found: Traffic, task: Task): void {
  for (const what of ['sends', 'receives', 'bytes'] as const)
    expect(found[what], `${task}: ${what}`).to.be.at.most(BUDGET[task][what]);
}

describe('the budget (test/budget.json)', function () {
  this.timeout(120_000);

  it('holds for what a command sends and receives', () => {
    expectWithin(traffic(kernelWith(0, 0), ['-A', '-t', '10.0.0.1:80']), 'add');
    expectWithin(traffic(kernelWith(2, 2), ['-ln']), 'list-2x2');
    expectWithin(traffic(kernelWith(0, 0), ['-R'], rules(1000, 4)), 'restore-1000x4');
    expectWithin(traffic(kernelWith(1000, 4), ['-ln']), 'list-1000x4');
  });

  it('holds for what a command line loads', () => {
    const directory = mkdtempSync(join(tmpdir(), 'budget-'));
    try {
      execFileSync('node', [join(CHECKOUT, 'packages/cli/scripts/bundle.js')]);
      const report = join(directory, 'report.cjs');
      writeFileSync(
        report,
        'process.on("exit", () => console.error(JSON.stringify(Object.keys(require.cache).filter((f) => f !== __filename))));',
      );
      const program = join(CHECKOUT, 'packages/cli/bin/ipvs-ts.js');
      // No IPVS is needed here: everything is loaded before it is opened.
      const { stderr } = spawnSync('node', ['--require', report, program, '-ln'], { encoding: 'utf8' });
      const required = JSON.parse(stderr.trim().split('\n').at(-1) ?? '') as string[];
      // With the compiled code, the bundle is read, but not required.
      const loaded = [...new Set([...required, join(CHECKOUT, 'packages/cli/dist/ipvs-ts.cjs')])];
      expect(loaded, loaded.join(' ')).to.have.length.at.most(BUDGET.programFiles);
      const bytes = loaded
        .filter((file) => !file.endsWith('.node'))
        .reduce((sum, file) => sum + statSync(file).size, 0);
      expect(bytes, 'bytes of JavaScript').to.be.at.most(BUDGET.programBytes);
    } finally {
      rmSync(directory, { recursive: true });
    }
  });

  it('holds for what each subcommand loads', async () => {
    const registry = pathToFileURL(join(CHECKOUT, 'packages/cli/dist/subcommands/registry.js')).href;
    const { SUBCOMMANDS } = (await import(registry)) as { SUBCOMMANDS: object };
    expect(Object.keys(SUBCOMMAND_LINES)).to.have.members(Object.keys(SUBCOMMANDS));
    expect(Object.keys(BUDGET.subcommands)).to.have.members(Object.keys(SUBCOMMANDS));
    execFileSync('node', [join(CHECKOUT, 'packages/cli/scripts/bundle.js')]);
    for (const [name, argv] of Object.entries(SUBCOMMAND_LINES)) {
      const { files, bytes } = loadedBy(argv);
      const budget = BUDGET.subcommands[name] ?? { files: 0, bytes: 0 };
      // A subcommand loads at least something.
      expect(files, `${name}: files`).to.be.within(1, budget.files);
      expect(bytes, `${name}: bytes`).to.be.within(1, budget.bytes);
    }
  });

  it('holds for how often asynchronous work waits for another thread', async () => {
    const services = 200;
    const kernel = doubleTransportSync(kernelWith(services, 4), 8192);
    let hops = 0;
    const send = (bytes: Uint8Array): number => {
      kernel.send(bytes);
      return bytes.length;
    };
    const receive = (buffer: Uint8Array): number => {
      const datagram = kernel.receive();
      if (datagram === undefined) return -ERRNO.EAGAIN;
      buffer.set(datagram);
      return datagram.length;
    };
    // A C library whose kernel is the one in memory.
    const libc = {
      socket: () => 3,
      close: () => 0,
      connect: () => 0,
      getsockname: () => 0,
      setsockopt: () => 0,
      getsockopt: () => 8 * 1024 * 1024,
      getrandom: (bytes: Uint8Array) => bytes.length,
      send: (_fd: number, bytes: Uint8Array) => send(bytes),
      recv: (_fd: number, buffer: Uint8Array) => receive(buffer),
      sendAsync: async (_fd: number, bytes: Uint8Array) => {
        hops += 1;
        return Promise.resolve(send(bytes));
      },
      recvAsync: async (_fd: number, buffer: Uint8Array) => {
        hops += 1;
        return Promise.resolve(receive(buffer));
      },
    } as unknown as Libc;
    // Time stands still: no call is long, however busy this machine is.
    const transport = socketTransport(new NetlinkSocket({ libc }), { now: () => 0 });
    const ipvs = await Ipvs.open({ transport });
    const tasks: Record<string, () => Promise<unknown>> = {
      'table()': async () => ipvs.table(),
      'verified table()': async () => ipvs.table({ consistency: 'verified' }),
      'exportState()': async () => exportState(ipvs),
      'plan() of an equal table': async () => ipvs.plan(await exportState(ipvs)),
      'a change of each service': async () => {
        for (const { service, destinations } of await ipvs.table())
          await ipvs.updateDestination(service, destinations[0] ?? '', { weight: 7 });
      },
    };
    for (const [name, task] of Object.entries(tasks)) {
      hops = 0;
      await task();
      expect(hops / services, name).to.be.at.most(BUDGET.asynchronousHopsAService);
    }
    hops = 0;
    await ipvs.setService('tcp:10.0.0.0:80', { scheduler: 'rr' });
    await ipvs.flush();
    expect(hops, 'what takes the kernel long is done on another thread').to.equal(2);
    await ipvs.close();
  });

  it('holds for what is published', () => {
    for (const [name, most] of Object.entries(BUDGET.packedBytes)) {
      const text = execFileSync('npm', ['pack', '--dry-run', '--json', '--ignore-scripts'], {
        cwd: publishedCopy(name),
        encoding: 'utf8',
        stdio: ['ignore', 'pipe', 'ignore'],
      });
      const packed = JSON.parse(text) as Record<string, { size: number }> | { size: number }[];
      expect(Object.values(packed)[0]?.size, name).to.be.at.most(most);
    }
  });
});
