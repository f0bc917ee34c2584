import { expect } from 'chai';
import { type Arguments, readArguments } from '../../../../dist/subcommands/framework/arguments.js';
import { UsageError } from '../../../../dist/subcommands/framework/usage-error.js';

const OPTIONS = {
  file: { short: 'f', value: 'FILE', help: 'read FILE' },
  prune: { value: 'WHAT', choices: ['none', 'all'], help: 'what may go' },
  yes: { short: 'y', help: 'ask nothing' },
};

const read = (words: string[], operands: string[] = []): Arguments => readArguments(words, OPTIONS, operands);

describe('the arguments of a subcommand', () => {
  for (const [name, words] of Object.entries({
    'a long option and its value': ['--file', 'a.yaml'],
    'a long option with an equals sign': ['--file=a.yaml'],
    'a letter and its value': ['-f', 'a.yaml'],
    'a letter with its value behind it': ['-fa.yaml'],
    'letters together': ['-yf', 'a.yaml'],
  }))
    it(`may be ${name}`, () => {
      const args = read(words);
      expect(args.value('file')).to.equal('a.yaml');
      expect(args.has('yes')).to.equal(words[0] === '-yf');
    });

  it('may have operands anywhere, and only operands after --', () => {
    const { operands } = read(['tcp:192.0.2.1:80', '-y', '10.0.0.1:80'], ['SERVICE', 'DESTINATION']);
    expect(operands).to.deep.equal(['tcp:192.0.2.1:80', '10.0.0.1:80']);
    expect(read(['--', '--file'], ['SERVICE']).operands).to.deep.equal(['--file']);
    expect(read(['-f', '-'], []).value('file')).to.equal('-');
  });

  it('may leave out or repeat operands that are marked so', () => {
    expect(read([], ['[SERVICE…]']).operands).to.deep.equal([]);
    expect(read(['a', 'b', 'c'], ['[SERVICE…]']).operands).to.deep.equal(['a', 'b', 'c']);
  });

  for (const [words, operands, message] of [
    [['--fiel', 'x'], [], 'unknown option --fiel; did you mean --file?'],
    [['--constructor'], [], 'unknown option --constructor'],
    [['-z'], [], 'unknown option -z'],
    [['--yes=no'], [], '--yes takes no value'],
    [['--file'], [], '--file needs a value: --file FILE'],
    [['--prune', 'some'], [], '--prune some: it is one of none, all'],
    [['-y', '-y'], [], '-y appears twice'],
    [['a'], ['SERVICE', 'DESTINATION'], 'DESTINATION is missing'],
    [['a', 'b'], ['SERVICE'], 'unexpected argument "b"'],
  ] as const)
    it(`are refused: ${words.join(' ')}`, () => {
      expect(() => read([...words], [...operands])).to.throw(UsageError, message);
    });
});
