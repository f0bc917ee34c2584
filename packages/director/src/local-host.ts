import { argumentsOf } from './argument-checks.js';
import { execFile } from 'node:child_process';
import { closeSync, openSync, readFileSync } from 'node:fs';
import { NetlinkSocket, SOCKET } from '@ipvs-ts/netlink';
import { ENVIRONMENT } from './environment.js';
import { readFirewall } from './ruleset/read-firewall.js';
import type { Host } from './host.js';
import { localProbes } from './local-probes.js';
import { Network } from './rtnetlink/network.js';

/** Options of opening a {@link LocalHost}. */
export interface LocalHostOptions {
  /** Path of the network namespace to read, for instance `/run/netns/blue`; the process's own if absent. */
  readonly netns?: string | undefined;
}

const CAP_NET_ADMIN = 12n;
/** How files of /proc/net with names of tables begin. */
const TABLE_NAMES = { ipv4: 'ip', ipv6: 'ip6', arp: 'arp' } as const;

/** This machine, or a network namespace of it. */
export class LocalHost implements Host {
  readonly probes: Host['probes'];
  readonly #network: Network;
  readonly #socket: NetlinkSocket | undefined;
  readonly #netns: string | undefined;
  /** The network interfaces. */
  readonly links: Host['links'];
  /** The addresses of all interfaces. */
  readonly addresses: Host['addresses'];
  /** The neighbour tables. */
  readonly neighbours: Host['neighbours'];
  readonly route: Host['route'];
  readonly gatewayLinks: Host['gatewayLinks'];

  private constructor(network: Network, netns: string | undefined) {
    this.#network = network;
    this.#netns = netns;
    this.#socket =
      netns === undefined ? undefined : new NetlinkSocket({ netns, protocol: SOCKET.NETLINK_ROUTE });
    this.probes = netns === undefined ? localProbes : undefined;
    this.links = () => network.links();
    this.addresses = () => network.addresses();
    this.neighbours = () => network.neighbours();
    this.route = (destination, options) => network.route(destination, options);
    this.gatewayLinks = () => network.gatewayLinks();
  }

  /** Opens it. Throws `NetlinkError` as `Network.open` does. */
  static open(options: LocalHostOptions = {}): LocalHost {
    argumentsOf.object('options', options);
    const { netns } = options;
    return new LocalHost(Network.open({ netns }), netns);
  }

  sysctl(path: string): string | undefined {
    argumentsOf.is('path', path, 'text');
    return this.#read(`/proc/sys/${path}`)?.trim();
  }

  net(name: string): string | undefined {
    argumentsOf.is('name', name, 'text');
    return this.#read(`/proc/thread-self/net/${name}`);
  }

  counter(group: string, name: string): number | undefined {
    argumentsOf.is('group', group, 'text');
    argumentsOf.is('name', name, 'text');
    const lines = (this.#read('/proc/thread-self/net/netstat') ?? '').split('\n');
    const [names, values] = lines
      .filter((line) => line.startsWith(`${group}:`))
      .map((line) => line.split(' '));
    const value = values?.[names?.indexOf(name) ?? -1];
    return value === undefined ? undefined : Number(value);
  }

  /** The rules of iptables and nftables. */
  async firewall(): ReturnType<Host['firewall']> {
    return readFirewall({
      run: (program, args) => this.#run(program, args),
      legacyTables: (family) => this.#read(`/proc/thread-self/net/${TABLE_NAMES[family]}_tables_names`),
      // Without its module there is no such file, and no program can listen.
      queues: () =>
        this.net('netfilter/nfnetlink_queue') ??
        (this.net('netfilter/nf_log') === undefined ? undefined : ''),
    });
  }

  privileged(): boolean {
    const [, effective] = /^CapEff:\s*([0-9a-f]+)$/m.exec(readStatus()) ?? [];
    return ((BigInt(`0x${effective ?? '0'}`) >> CAP_NET_ADMIN) & 1n) === 1n;
  }

  /** Closes its sockets. */
  async close(): Promise<void> {
    this.#socket?.close();
    await this.#network.close();
  }

  #read(path: string): string | undefined {
    let fd: number | undefined;
    try {
      fd = this.#socket === undefined ? openSync(path, 'r') : this.#socket.openFile(path);
      return readFileSync(fd, 'utf8');
    } catch {
      return undefined;
    } finally {
      if (fd !== undefined) closeSync(fd);
    }
  }

  #run(program: string, args: readonly string[]): Promise<string | undefined> {
    const [file, ...words] =
      this.#netns === undefined
        ? [program, ...args]
        : ['nsenter', `--net=${this.#netns}`, '--', program, ...args];
    return new Promise((resolve, reject) => {
      execFile(file, words, { env: ENVIRONMENT, maxBuffer: 64 * 1024 * 1024 }, (error, stdout, stderr) => {
        if (error === null) resolve(stdout);
        else if (error.code === 'ENOENT' || stderr.includes(': No such file or directory'))
          resolve(undefined);
        else reject(new Error(stderr.trim() || error.message));
      });
    });
  }
}

/** The file with the capabilities of this process. Without /proc, hardly any fact could be read. */
function readStatus(): string {
  const path = '/proc/self/status';
  try {
    return readFileSync(path, 'utf8');
  } catch (cause) {
    const { code = 'unknown error' } = cause as NodeJS.ErrnoException;
    const fix = 'the doctor reads the host from /proc; mount it: mount -t proc proc /proc';
    throw Object.assign(new Error(`cannot read ${path} (${code}); ${fix}`, { cause }), { code });
  }
}
