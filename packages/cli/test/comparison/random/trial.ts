/** A sequence of random cases from one table; a case that differs is shrunk and reported as shell lines. */
import { expect } from 'chai';
import type { Arena, Comparison } from '../arena.js';
import { type Case, wordsOf } from '../case.js';
import { quote } from '../shell.js';
import { shrinkList } from './shrink.js';

/** How long shrinking may take. */
const SHRINKING_MS = 40_000;

interface Failing extends Comparison {
  readonly rules: readonly string[];
  readonly cases: readonly Case[];
}

/** A sequence under way. */
export class Trial {
  readonly #arena: Arena;
  readonly #rules: readonly string[];
  #history: Case[] = [];
  #fresh = true;

  constructor(arena: Arena, rules: readonly string[]) {
    this.#arena = arena;
    this.#rules = rules;
  }

  /** Runs the next case where the last one ended. */
  async run(item: Case): Promise<void> {
    if (this.#fresh) await this.#arena.prepare(this.#rules.join('\n'));
    this.#fresh = false;
    const { reference, own, status } = await this.#arena.compare(item);
    if (own === reference) {
      if (status !== 2) this.#history.push(item);
      return;
    }
    const smallest = await this.#shrink([...this.#history, item]);
    this.#history = [];
    this.#fresh = true;
    if (!smallest) expect(own, `(not seen again) ${shellLines([], [item])}`).to.equal(reference);
    else expect(smallest.own, shellLines(smallest.rules, smallest.cases)).to.equal(smallest.reference);
  }

  async #shrink(cases: readonly Case[]): Promise<Failing | undefined> {
    const deadline = Date.now() + SHRINKING_MS;
    let smallest: Failing | undefined;
    const fails = async (rules: readonly string[], tried: readonly Case[]): Promise<boolean> => {
      if (Date.now() > deadline && smallest) return false;
      const comparison = await this.#difference(rules, tried);
      if (comparison) smallest = { ...comparison, rules, cases: tried };
      return comparison !== undefined;
    };
    const last = cases.slice(-1);
    // Most need little of what was before; some need nothing but the table as it then was.
    if (!(await fails([], last)) && !(await fails(await this.#tableAfter(cases.slice(0, -1)), last))) {
      if (!(await fails(this.#rules, cases))) return undefined;
    }
    const start = smallest as unknown as Failing;
    const rules = await shrinkList(start.rules, (fewer) => fails(fewer, start.cases));
    const needed = await shrinkList(start.cases, (fewer) => fails(rules, fewer));
    const [failing] = needed.slice(-1);
    if (!failing) return smallest;
    const before = needed.slice(0, -1);
    const argv = await shrinkList(wordsOf(failing), (fewer) =>
      fails(rules, [...before, { ...failing, argv: fewer }]),
    );
    const lines = failing.stdin?.split('\n');
    if (lines) {
      const shorter = (fewer: readonly string[]): Case => ({ ...failing, argv, stdin: fewer.join('\n') });
      await shrinkList(lines, (fewer) => fails(rules, [...before, shorter(fewer)]));
    }
    return smallest;
  }

  async #difference(rules: readonly string[], cases: readonly Case[]): Promise<Comparison | undefined> {
    try {
      this.#arena.remake(rules.join('\n'));
    } catch {
      // Without one of the lines left out there is no such table.
      return undefined;
    }
    for (const item of cases) {
      const comparison = await this.#arena.compare(item);
      if (comparison.own !== comparison.reference) return comparison;
    }
    return undefined;
  }

  async #tableAfter(cases: readonly Case[]): Promise<string[]> {
    await this.#difference(this.#rules, cases);
    return this.#arena.reference.run({ argv: '-Sn' }).stdout.split('\n').slice(0, -1);
  }
}

/** What to type to see the difference again. */
function shellLines(rules: readonly string[], cases: readonly Case[]): string {
  const lines = cases.map(({ argv, stdin, env }) => {
    const words = [...Object.entries(env ?? {}).map(([name, value]) => `${name}=${value}`), 'ipvsadm'];
    words.push(...wordsOf({ argv }).map((word) => (/^[\w:.,=/[\]-]+$/.test(word) ? word : quote(word))));
    const input = stdin === undefined ? '' : `printf %s ${quote(stdin)} | `;
    return input + words.join(' ');
  });
  const table = rules.length === 0 ? [] : [`printf '%s\\n' ${rules.map(quote).join(' ')} | ipvsadm -R`];
  return ['', 'ipvsadm -C', ...table, ...lines, ''].join('\n');
}
