/** One network namespace of the arena: the reference can be run in it, and this package. */
import { execFileSync } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { IpvsSync } from '@ipvs-ts/ipvs';
import { type NameService, openNameService } from '@ipvs-ts/netlink';
import { ipvsadm } from '../../dist/index.js';
import { IS_OTHER } from '../program.js';
import { type Case, wordsOf } from './case.js';
import type { Result } from './result.js';
import { runProcess } from './run-process.js';
import { NamespaceShell } from './shell.js';
import { stateText } from './state.js';

/** How long a sync daemon takes to be under way. */
const DAEMON_START_MS = 50;

let names: NameService | undefined;

/** A namespace with a loopback and `eth0`, the sync daemon's default interface. */
export class Side {
  readonly shell: NamespaceShell;
  readonly #name: string;
  readonly #ipvs: IpvsSync;
  readonly #timeouts: ReturnType<IpvsSync['timeouts']>;

  constructor(name: string) {
    this.#name = name;
    const ip = (words: string): unknown => execFileSync('ip', words.split(' '));
    ip(`netns add ${name}`);
    ip(`-n ${name} link set lo up`);
    ip(`-n ${name} link add eth0 type dummy`);
    ip(`-n ${name} link set eth0 up`);
    ip(`-n ${name} address add 192.0.2.1/24 dev eth0`);
    this.shell = new NamespaceShell(name);
    // Loads the module, and with it that of IPv6.
    this.#ipvs = IpvsSync.open({ netns: this.#path });
    ip(`-n ${name} address add 2001:db8::1/64 dev eth0 nodad`);
    this.#timeouts = this.#ipvs.timeouts();
  }

  /** Everything that the kernel reports about the namespace's IPVS, read over netlink. */
  state(): string {
    return stateText(this.#ipvs);
  }

  /** The kernel's table of the namespace's connections, as a program in it sees it. */
  connections(): string {
    return readFileSync(`/proc/${this.shell.pid}/net/ip_vs_conn`, 'utf8');
  }

  /** Runs this package on a case: in this process, or the program that is tested in its place. */
  run(item: Case): Result {
    if (IS_OTHER) return runProcess(item, this.#path);
    let stdout = '';
    let stderr = '';
    const status = ipvsadm(wordsOf(item), {
      programName: 'ipvsadm',
      env: item.env ?? {},
      stdout: (text) => {
        stdout += text;
      },
      stderr: (text) => {
        stderr += text;
      },
      readStdin: () => item.stdin ?? '',
      // What the program would see of its own namespace.
      readFile: () => item.connections ?? this.connections(),
      open: () => this.#open(),
      loadModule: () => false,
      names: () => (names ??= openNameService()),
    });
    return { status, stdout, stderr };
  }

  /** As `clear`, then the table of `rules`, by this package. */
  make(rules: string): void {
    this.clear();
    if (rules === '') return;
    const { status, stderr } = this.run({ argv: '-R', stdin: `${rules}\n` });
    if (status !== 0 || stderr !== '') throw new Error(`the table cannot be made: ${stderr.slice(0, 200)}`);
  }

  /** Back to how the namespace was at first: no services, no daemons, the timeouts of the start. */
  clear(): void {
    this.#ipvs.flush();
    const daemons = this.#ipvs.daemons();
    // A daemon that is stopped in the moment in which it starts never answers.
    if (daemons.length > 0) Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0, DAEMON_START_MS);
    for (const { state } of daemons) this.#ipvs.stopDaemon(state);
    this.#ipvs.setTimeouts(this.#timeouts);
  }

  /** Removes the namespace. */
  close(): void {
    this.shell.close();
    this.#ipvs.close();
    execFileSync('ip', ['netns', 'delete', this.#name]);
  }

  get #path(): string {
    return `/run/netns/${this.#name}`;
  }

  #open(): IpvsSync {
    return IpvsSync.open({ netns: this.#path, autoload: false, checks: 'kernel' });
  }
}
