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
        measured: Readonly<Record<string, number>>,
        ratios: Readonly<Record<string, number>>,
      ) => Compared;
    }>('record');
    const measured = { 'as before': 1, 'a little slower': 1.029, slower: 1.031, faster: 0.95, new: 0.01 };
    const ratios = { 'as before': 1, 'a little slower': 1, slower: 1, faster: 1, gone: 1 };
    const { comparisons, gone } = compare(measured, ratios);
    expect(comparisons.map(({ task, verdict }) => [task, verdict])).to.deep.equal([
      ['as before', 'ok'],
      ['a little slower', 'ok'],
      ['slower', 'slower'],
      ['faster', 'faster'],
      ['new', 'not recorded'],
    ]);
    expect(gone).to.deep.equal(['gone']);
  });

  it('divides each task by the reference of its mode', async () => {
    const { ratiosOf } = await guard<{
      ratiosOf: (counts: readonly object[]) => Readonly<Record<string, number>>;
    }>('record');
    const counted = (instructions: number) => ({ instructions, functions: new Map() });
    const mode = (reference: number, ...tasks: [string, number][]) => ({
      reference: counted(reference),
      tasks: new Map(tasks.map(([name, instructions]) => [name, counted(instructions)])),
    });
    expect(
      ratiosOf([mode(2000, ['list', 3000], ['table', 500]), mode(100, ['table, optimised', 50])]),
    ).to.deep.equal({ list: 1.5, table: 0.25, 'table, optimised': 0.5 });
    expect(() => ratiosOf([mode(0, ['list', 1])])).to.throw('the reference was not counted');
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
    const { MODES } = await guard<{ MODES: Record<string, { tasks: object }> }>('modes');
    const { readRecord } = await guard<{ readRecord: () => { ratios: object; node: string } }>('record');
    const { ratios, node } = readRecord();
    expect(Object.keys(ratios)).to.have.members(
      Object.values(MODES).flatMap(({ tasks }) => Object.keys(tasks)),
    );
    expect(node).to.match(/^v20\./);
  });
});
