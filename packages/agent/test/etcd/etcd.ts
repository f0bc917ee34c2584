import { type ChildProcess, execFileSync, spawn } from 'node:child_process';
import { mkdtempSync, openSync, readFileSync, rmSync } from 'node:fs';
import { connect, createServer, type Socket } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';

/** A node of etcd on the loopback. */
export interface EtcdNode {
  readonly name: string;
  readonly client: string;
  readonly peer: string;
  readonly folder: string;
  process: ChildProcess | undefined;
}

/** Additional options of every node. */
export interface EtcdOptions {
  readonly args?: readonly string[];
  /** Files for TLS. */
  readonly tls?: { readonly ca: string; readonly certificate: string; readonly key: string };
}

/** Debian's etcd: one node or three, on ports of the loopback that were free. */
export class Etcd {
  readonly nodes: readonly EtcdNode[];
  readonly #folder: string;
  readonly #options: EtcdOptions;

  private constructor(nodes: readonly EtcdNode[], folder: string, options: EtcdOptions) {
    this.nodes = nodes;
    this.#folder = folder;
    this.#options = options;
  }

  /** Starts nodes, and waits until all answer. */
  static async start(count: 1 | 3 = 1, options: EtcdOptions = {}): Promise<Etcd> {
    const folder = mkdtempSync(join(tmpdir(), 'ipvs-ts-etcd-'));
    const ports = await freePorts(2 * count);
    const scheme = options.tls === undefined ? 'http' : 'https';
    const nodes = Array.from({ length: count }, (_, index) => ({
      name: `n${index}`,
      client: `${scheme}://127.0.0.1:${ports[2 * index]}`,
      peer: `http://127.0.0.1:${ports[2 * index + 1]}`,
      folder: join(folder, `n${index}`),
      process: undefined,
    }));
    const etcd = new Etcd(nodes, folder, options);
    for (const node of nodes) etcd.run(node);
    await etcd.ready();
    return etcd;
  }

  get endpoints(): string[] {
    return this.nodes.map(({ client }) => client);
  }

  /** Starts the process of a node. */
  run(node: EtcdNode): void {
    const cluster = this.nodes.map(({ name, peer }) => `${name}=${peer}`).join(',');
    const { tls, args = [] } = this.#options;
    const log = openSync(`${node.folder}.log`, 'a');
    node.process = spawn(
      'etcd',
      [
        ...['--name', node.name, '--data-dir', node.folder, '--logger', 'zap'],
        ...['--listen-client-urls', node.client, '--advertise-client-urls', node.client],
        ...['--listen-peer-urls', node.peer, '--initial-advertise-peer-urls', node.peer],
        ...['--initial-cluster', cluster, '--initial-cluster-state', 'new'],
        ...(tls === undefined
          ? []
          : [
              '--cert-file',
              tls.certificate,
              '--key-file',
              tls.key,
              '--trusted-ca-file',
              tls.ca,
              '--client-cert-auth',
            ]),
        ...args,
      ],
      { stdio: ['ignore', log, log] },
    );
  }

  /** Waits until every running node answers. */
  async ready(): Promise<void> {
    for (const node of this.nodes) {
      while (node.process !== undefined) {
        if (node.process.exitCode !== null)
          throw new Error(readFileSync(`${node.folder}.log`, 'utf8').slice(-3000));
        try {
          this.ctl(['endpoint', 'health'], node);
          break;
        } catch {
          await sleep(100);
        }
      }
    }
  }

  /** Runs etcdctl against a node; what it printed. */
  ctl(args: readonly string[], node: EtcdNode = this.nodes[0] as EtcdNode): string {
    const { tls } = this.#options;
    return execFileSync(
      'etcdctl',
      [
        ...['--endpoints', node.client],
        ...(tls === undefined ? [] : ['--cacert', tls.ca, '--cert', tls.certificate, '--key', tls.key]),
        ...args,
      ],
      {
        encoding: 'utf8',
        env: { ETCDCTL_API: '3', PATH: process.env['PATH'] },
        stdio: ['ignore', 'pipe', 'pipe'],
      },
    );
  }

  /** Sends a signal to a node. SIGKILL: waits for its end. */
  async signal(node: EtcdNode, signal: 'SIGKILL' | 'SIGSTOP' | 'SIGCONT'): Promise<void> {
    const child = node.process;
    if (child === undefined) return;
    const ended = new Promise((resolve) => child.once('exit', resolve));
    child.kill(signal);
    if (signal !== 'SIGKILL') return;
    await ended;
    node.process = undefined;
  }

  /** Replaces the data of a single node by a snapshot, as an operator who restores a backup does. */
  async restore(snapshot: string): Promise<void> {
    const node = this.nodes[0] as EtcdNode;
    await this.signal(node, 'SIGKILL');
    rmSync(node.folder, { recursive: true });
    this.ctl(
      [
        ...['snapshot', 'restore', snapshot, '--data-dir', node.folder, '--name', node.name],
        ...['--initial-cluster', `${node.name}=${node.peer}`, '--initial-advertise-peer-urls', node.peer],
      ],
      node,
    );
    this.run(node);
    await this.ready();
  }

  async stop(): Promise<void> {
    for (const node of this.nodes) {
      node.process?.kill('SIGCONT');
      await this.signal(node, 'SIGKILL');
    }
    rmSync(this.#folder, { recursive: true, force: true });
  }
}

/** A relay on the loopback in front of a node, which can be cut as a network can. */
export class Relay {
  readonly endpoint: string;
  readonly #server: ReturnType<typeof createServer>;
  readonly #sockets = new Set<Socket>();
  #isCut = false;

  private constructor(server: ReturnType<typeof createServer>, port: number) {
    this.#server = server;
    this.endpoint = `http://127.0.0.1:${port}`;
  }

  static async start(node: EtcdNode): Promise<Relay> {
    const target = Number(new URL(node.client).port);
    const server = createServer();
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
    const relay = new Relay(server, (server.address() as { readonly port: number }).port);
    server.on('connection', (near) => relay.#pass(near, target));
    return relay;
  }

  /** From now on nothing passes, on open connections or new ones. */
  cut(): void {
    this.#isCut = true;
    for (const socket of this.#sockets) socket.destroy();
  }

  restore(): void {
    this.#isCut = false;
  }

  async stop(): Promise<void> {
    this.cut();
    await new Promise((resolve) => this.#server.close(resolve));
  }

  #pass(near: Socket, port: number): void {
    if (this.#isCut) {
      near.destroy();
      return;
    }
    const far = connect(port, '127.0.0.1');
    for (const [one, other] of [
      [near, far],
      [far, near],
    ] as const) {
      this.#sockets.add(one);
      one.on('error', () => other.destroy());
      one.on('close', () => {
        this.#sockets.delete(one);
        other.destroy();
      });
      one.pipe(other);
    }
  }
}

async function freePorts(count: number): Promise<number[]> {
  const servers = await Promise.all(
    Array.from(
      { length: count },
      () =>
        new Promise<ReturnType<typeof createServer>>((resolve) => {
          const server = createServer().listen(0, '127.0.0.1', () => resolve(server));
        }),
    ),
  );
  const ports = servers.map((server) => (server.address() as { readonly port: number }).port);
  await Promise.all(servers.map((server) => new Promise((resolve) => server.close(resolve))));
  return ports;
}
