/** Two network namespaces side by side: the reference works in one, this package in the other. */
import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { type Case, wordsOf } from './case.js';
import { type Result, resultText } from './result.js';
import { quote } from './shell.js';
import { Side } from './side.js';

/** The results of both for a case, as text; equal if there is no difference. */
export interface Comparison {
  readonly reference: string;
  readonly own: string;
  /** This package's exit status. */
  readonly status: number;
}

/** The arena: made once for all cases. */
export class Arena {
  readonly #directory = mkdtempSync('/run/ipvs-ts-comparison-');
  /** Where the reference works. */
  readonly reference = new Side(`reference-${process.pid}`);
  /** Where this package works. */
  readonly own = new Side(`own-${process.pid}`);

  /** Makes the table of `rules` on both sides, by their own means, and sees that the tables are equal. */
  async prepare(rules: string): Promise<void> {
    this.reference.clear();
    const [made] = rules === '' ? [] : await this.runReference([{ argv: '-R', stdin: `${rules}\n` }]);
    if (made && made.status + made.stderr.length > 0)
      throw new Error(`the reference cannot make the table: ${resultText(made)}\n${rules}`);
    this.own.make(rules);
    const [reference, own] = this.states();
    if (reference !== own) throw new Error(`different tables from the same rules:\n${reference}\n${own}`);
  }

  /** Makes the table of `rules` on both sides again, in one step. */
  remake(rules: string): void {
    this.reference.make(rules);
    this.own.make(rules);
  }

  /** The states of both sides. */
  states(): readonly [reference: string, own: string] {
    // Not at once: the kernel's hash of services is shared, and changes of one namespace disturb dumps of the other.
    const reference = this.reference.state();
    return [reference, this.own.state()];
  }

  /**
   * Runs a case on both sides. What is only shown is shown of one and the same table, as the kernel lists services
   * in another order in every namespace.
   */
  async compare(item: Case): Promise<Comparison> {
    const first = await this.#compareOnce(item);
    if (first.own === first.reference || !isShowing(item)) return first;
    // Newer kernels put services into another order some time after the table has grown.
    return this.#compareOnce(item);
  }

  async #compareOnce(item: Case): Promise<Comparison> {
    const [reference] = (await this.runReference([item])) as [Result];
    const own = (isShowing(item) ? this.reference : this.own).run(item);
    if (own.status === 2 && reference.status === 2 && item.stdin === undefined) {
      // Words that were refused have changed nothing; if they have, the next comparison shows it.
      return { reference: resultText(reference), own: resultText(own), status: own.status };
    }
    const [referenceState, ownState] = this.states();
    return {
      reference: resultText(reference, referenceState),
      own: resultText(own, ownState),
      status: own.status,
    };
  }

  /** Runs cases with the reference, one after the other. */
  async runReference(cases: readonly Case[]): Promise<Result[]> {
    const scripts = cases.map((item, index) => this.#script(item, index));
    const statuses = (await this.reference.shell.run(scripts.join('\n'), cases.length)).trim().split('\n');
    return cases.map((_, index) => ({
      status: Number(statuses[index]),
      stdout: readFileSync(join(this.#directory, `out.${index}`), 'utf8'),
      stderr: readFileSync(join(this.#directory, `err.${index}`), 'utf8'),
    }));
  }

  /** Removes the namespaces. */
  close(): void {
    this.reference.close();
    this.own.close();
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

/** Whether a case only shows something, should it do anything. */
function isShowing(item: Case): boolean {
  return /^$|^-[lLS]|^--(list|save)\b/.test(wordsOf(item)[0] ?? '');
}
