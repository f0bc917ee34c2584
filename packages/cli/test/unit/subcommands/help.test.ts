import { expect } from 'chai';
import type { Subcommand } from '../../../dist/subcommands/framework/subcommand.js';
import { subcommandHelp, overview } from '../../../dist/subcommands/help.js';
import { nearest } from '@ipvs-ts/ipvs';

const COMMAND: Subcommand = {
  name: 'apply',
  operands: ['SERVICE', '[DESTINATION…]'],
  summary: 'make it so',
  description: ['word '.repeat(40).trim()],
  options: {
    file: { short: 'f', value: 'FILE', help: 'read FILE' },
    prune: { value: 'WHAT', choices: ['none', 'all'], help: 'what may go' },
  },
  statuses: { 0: 'done', 1: 'not done' },
  failure: 1,
  run: async () => 0,
};

describe('the help of subcommands', () => {
  it('shows usage, options with their values and choices, and statuses, in 80 columns', () => {
    const text = subcommandHelp(COMMAND, 'ipvs-ts');
    expect(text).to.include('Usage: ipvs-ts apply [OPTION…] SERVICE [DESTINATION…]\n\nMake it so.\n');
    expect(text).to.match(/^ {2}-f, --file FILE {2,}read FILE$/m);
    expect(text).to.match(/^ {6}--prune WHAT {2,}what may go: none, all$/m);
    expect(text).to.match(/^ {2}-h, --help /m);
    expect(text).to.match(/Exit status:\n {2}0 {2}done\n {2}1 {2}not done\n$/);
    for (const line of text.split('\n')) expect(line.length).to.be.at.most(80);
  });

  it('breaks lines between words on a narrow terminal', () => {
    const words = (text: string): string[] => text.split(/\s+/);
    for (const columns of [40, 30, 20]) {
      const text = subcommandHelp(COMMAND, 'ipvs-ts', columns);
      expect(words(text)).to.deep.equal(words(subcommandHelp(COMMAND, 'ipvs-ts')));
      for (const line of text.split('\n'))
        if (line.trim().includes(' ') && columns > 20) expect(line.length, line).to.be.at.most(columns);
    }
  });

  it('lists the subcommands', () => {
    expect(overview([COMMAND], 'ipvs-ts')).to.match(/Commands:\n {2}apply {2}make it so\n/);
  });

  it('suggests the closest match', () => {
    expect(nearest('schedular', ['scheduler', 'weight'])).to.equal('scheduler');
    expect(nearest('wieght', ['scheduler', 'weight'])).to.equal('weight');
    expect(nearest('colour', ['scheduler', 'weight'])).to.equal(undefined);
    expect(nearest('x', [])).to.equal(undefined);
  });
});
