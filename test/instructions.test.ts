import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { expect } from 'chai';
import { CHECKOUT } from './source-files.js';

interface Compared {
  readonly comparisons: readonly { readonly task: string; readonly verdict: string }[];
  readonly gone: readonly string[];
}

/** A module of the guard, which is built with the benchmarks. */
const guard = async <T>(name: string): Promise<T> =>
  (await import(pathToFileURL(join(CHECKOUT, `bench/dist/guard/${name}.js`)).href)) as T;

describe('the guard of instructions (npm run test:instructions)', () => {
  it('notices what became over 3 % slower, as a multiple of the reference', async () => {
    const { compare } = await guard<{
      compare: (
        instructions: ReadonlyMap<string, number>,
        ratios: Readonly<Record<string, number>>,
      ) => Compared;
    }>('record');
    const instructions = new Map([
      ['reference', 2000],
      ['as before', 2000],
      ['a little slower', 2058],
      ['slower', 2062],
      ['faster', 1900],
      ['new', 5],
    ]);
    const ratios = { 'as before': 1, 'a little slower': 1, slower: 1, faster: 1, gone: 1 };
    const { comparisons, gone } = compare(instructions, ratios);
    expect(comparisons.map(({ task, verdict }) => [task, verdict])).to.deep.equal([
      ['as before', 'ok'],
      ['a little slower', 'ok'],
      ['slower', 'slower'],
      ['faster', 'faster'],
      ['new', 'not recorded'],
    ]);
    expect(gone).to.deep.equal(['gone']);
    expect(() => compare(new Map(), {})).to.throw('the reference was not counted');
  });

  it('reads what callgrind writes: the total, and the cost of each function itself', async () => {
    const { readPart } = await guard<{
      readPart: (text: string) => { instructions: number; functions: Map<string, number> };
    }>('callgrind');
    const { instructions, functions } = readPart(
      [
        'version: 1',
        'events: Ir',
        'fn=(1) main',
        '16 400',
        'cfn=(2) helper',
        'calls=3 0',
        '16 90',
        'fn=(2)',
        '0 90',
        '+3 10',
        'fn=(1)',
        '* 5',
        'totals: 505',
      ].join('\n'),
    );
    expect(instructions).to.equal(505);
    expect(Object.fromEntries(functions)).to.deep.equal({ main: 405, helper: 100 });
  });

  it('has a record of every task', async () => {
    const { TASKS } = await guard<{ TASKS: readonly { readonly name: string }[] }>('tasks');
    const { readRecord } = await guard<{ readRecord: () => { ratios: object; node: string } }>('record');
    const { ratios, node } = readRecord();
    expect(Object.keys(ratios)).to.have.members(TASKS.map(({ name }) => name));
    expect(node).to.match(/^v20\./);
  });
});
