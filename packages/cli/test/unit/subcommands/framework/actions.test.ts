import { expect } from 'chai';
import { chosenAction } from '../../../../dist/subcommands/framework/actions.js';
import { readArguments } from '../../../../dist/subcommands/framework/arguments.js';
import type { Subcommand } from '../../../../dist/subcommands/framework/subcommand.js';
import { UsageError } from '../../../../dist/subcommands/framework/usage-error.js';

const action = (status: number, operands: readonly string[] = []) => ({
  operands,
  run: () => Promise.resolve(status),
});

function record(first: string): Subcommand {
  return {
    name: 'x',
    operands: [first, '[A]', '[B]'],
    actions: { take: action(1, ['A', '[B]']), list: action(2), both: action(3) },
    summary: '',
    description: [],
    options: {
      all: { help: '' },
      now: { help: '', actions: ['take'] },
      some: { help: '', actions: ['take', 'both'] },
      alone: { help: '', actions: [] },
    },
    statuses: {},
    failure: 1,
  };
}

function chosen(first: string, ...words: string[]): unknown {
  const subcommand = record(first);
  const args = readArguments(words, subcommand.options, subcommand.operands);
  const found = chosenAction(subcommand, args);
  return Object.entries(subcommand.actions ?? {}).find(([, each]) => each === found)?.[0];
}

describe('the action of a subcommand', () => {
  const right: readonly (readonly [first: string, words: readonly string[], name: string | undefined])[] = [
    ['take|list', ['list'], 'list'],
    ['take|list', ['take', 'a', '--now', '--all'], 'take'],
    ['take|list', ['--some', 'both'], 'both'],
    ['take|list', ['take', 'a', 'b'], 'take'],
    ['[take|list]', [], undefined],
    ['[take|list]', ['--alone'], undefined],
    ['[take|list]', ['list', '--all'], 'list'],
  ];
  for (const [first, words, name] of right)
    it(`is ${name ?? 'none'} for ${JSON.stringify(words)}`, () =>
      expect(chosen(first, ...words)).to.equal(name));

  const wrong: readonly (readonly [words: readonly string[], message: string])[] = [
    [['other'], '"other": it is one of take, list, both'],
    [['toString'], '"toString": it is one of take, list, both'],
    [['list', '--now'], '--now is for x take'],
    [['list', '--some'], '--some is for x take and x both'],
    [['list', '--alone'], '--alone is not for x list'],
    [['list', 'a'], 'x list takes no A'],
    [['take'], 'A is missing'],
    [['both', 'a', 'b'], 'x both takes no A'],
  ];
  for (const [words, message] of wrong)
    it(`refuses ${JSON.stringify(words)}`, () =>
      expect(() => chosen('take|list|both', ...words)).to.throw(UsageError, message));
});
