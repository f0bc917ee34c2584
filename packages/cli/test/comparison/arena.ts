/** Two network namespaces side by side: the reference works in one, this package in the other. */
import { execFileSync } from 'node:child_process';
import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { IpvsSync } from '@ipvs-ts/ipvs';
import { type NameService, openNameService } from '@ipvs-ts/netlink';
import { ipvsadm } from '../../dist/index.js';
import { type Case, wordsOf } from './case.js';
import { NamespaceShell, quote } from './shell.js';

/** What a run showed. */
export interface Result {
  readonly status: number;
  readonly stdout: string;
  readonly stderr: string;
}

/** Everything that two command lines could have made differently, as the reference lists it. */
const SHOW = ['-S -n', '-l -n --thresholds', '-l --timeout', '-l --daemon'];

/** Both tables as the reference lists them. */
export interface Tables {
  readonly reference: string;
  readonly own: string;
}

/** The arena: made once for all cases. */
export class Arena {
  readonly #directory = mkdtempSync('/run/ipvs-ts-comparison-');
  readonly #reference: NamespaceShell;
  readonly #own: NamespaceShell;
  readonly #ownNamespace: string;
  #names: NameService | undefined;

  constructor() {
    const [reference, own] = [`reference-${process.pid}`, `own-${process.pid}`];
    for (const name of [reference, own]) {
      execFileSync('ip', ['netns', 'add', name]);
      execFileSync('ip', ['-n', name, 'link', 'set', 'lo', 'up']);
      // The sync daemon's default interface.
      execFileSync('ip', ['-n', name, 'link', 'add', 'eth0', 'type', 'dummy']);
      execFileSync('ip', ['-n', name, 'link', 'set', 'eth0', 'up']);
      execFileSync('ip', ['-n', name, 'address', 'add', '192.0.2.1/24', 'dev', 'eth0']);
    }
    this.#reference = new NamespaceShell(reference);
    this.#own = new NamespaceShell(own);
    this.#ownNamespace = `/run/netns/${own}`;
  }

  /** Makes the table of `rules` on both sides. */
  async prepare(rules: string): Promise<void> {
    const { reference, own } = await this.#restore(['-C', rules]);
    if (reference + own !== '') throw new Error(`the table cannot be made: ${reference}${own}`);
  }

  /** Runs a script in this package's namespace and gives what it wrote. */
  runInOwn(script: string): Promise<string> {
    return this.#own.run(script);
  }

  /** Both tables; then that of `rules` is made again, in the same start of the reference. */
  async tables(rules?: string): Promise<Tables> {
    return this.#restore(rules === undefined ? SHOW : [...SHOW, '-C', rules]);
  }

  async #restore(lines: readonly string[]): Promise<Tables> {
    const script = `ipvsadm -R <${this.#file('rules', `${lines.join('\n')}\n`)} 2>&1`;
    // Not at once: the kernel's hash of services is shared, and changes of one namespace disturb dumps of the other.
    const reference = await this.#reference.run(script);
    return { reference, own: await this.#own.run(script) };
  }

  /** Runs cases with the reference, one after the other. */
  async runReference(cases: readonly Case[]): Promise<Result[]> {
    const scripts = cases.map((item, index) => this.#script(item, index));
    const statuses = (await this.#reference.run(scripts.join('\n'))).trim().split('\n');
    return cases.map((_, index) => ({
      status: Number(statuses[index]),
      stdout: readFileSync(join(this.#directory, `out.${index}`), 'utf8'),
      stderr: readFileSync(join(this.#directory, `err.${index}`), 'utf8'),
    }));
  }

  /** Runs a case with this package, in this process. */
  runOwn(item: Case): Result {
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
      // No namespace has connections: the process's own empty table is as good as the other's.
      readFile: (path) => item.connections ?? readFileSync(path, 'utf8'),
      open: () => IpvsSync.open({ netns: this.#ownNamespace, autoload: false, checks: 'kernel' }),
      loadModule: () => false,
      names: () => (this.#names ??= openNameService()),
    });
    return { status, stdout, stderr };
  }

  /** Removes the namespaces. */
  close(): void {
    this.#reference.close();
    this.#own.close();
    for (const name of [`reference-${process.pid}`, `own-${process.pid}`]) {
      execFileSync('ip', ['netns', 'delete', name]);
    }
    rmSync(this.#directory, { recursive: true });
  }

  #script(item: Case, index: number): string {
    const words = wordsOf(item).map(quote).join(' ');
    const settings = Object.entries(item.env ?? {}).map(([name, value]) => `${name}=${quote(value)} `);
    const stdin = item.stdin === undefined ? '/dev/null' : this.#file(`in.${index}`, item.stdin);
    const streams = `<${stdin} >${this.#directory}/out.${index} 2>${this.#directory}/err.${index}; echo $?`;
    if (item.connections === undefined) return `${settings.join('')}ipvsadm ${words} ${streams}`;
    const directory = join(this.#directory, `net.${index}`);
    mkdirSync(directory, { recursive: true });
    writeFileSync(join(directory, 'ip_vs_conn'), item.connections);
    // In a mount namespace of its own, the kernel's files can be covered for the process that becomes the reference.
    const covered = `mount --bind ${directory} /proc/$$/net && exec ipvsadm "$@"`;
    return `unshare --mount dash -c ${quote(covered)} dash ${words} ${streams}`;
  }

  #file(name: string, text: string): string {
    const path = join(this.#directory, name);
    writeFileSync(path, text);
    return path;
  }
}
