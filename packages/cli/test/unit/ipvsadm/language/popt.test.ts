import { expect } from 'chai';
import { Popt, type PoptOption } from '../../../../dist/ipvsadm/language/popt.js';

const OPTIONS: readonly PoptOption[] = [
  { long: 'list', short: 'l', argument: 'none' },
  { long: 'numeric', short: 'n', argument: 'none' },
  { long: 'tcp', short: 't', argument: 'required' },
  { long: 'persistent', short: 'p', argument: 'optional' },
  { long: 'bare', argument: 'required' },
];

/** Steps as `name=value`, errors as `word: text`, then the plain words in brackets. */
function read(words: string, posix = false): string {
  const popt = new Popt(OPTIONS, words === '' ? [] : words.split(' '), posix);
  const seen: string[] = [];
  for (;;) {
    const step = popt.next();
    if (step.kind === 'end') return [...seen, `[${popt.plain.join(',')}]`].join(' ');
    if (step.kind === 'error') return [...seen, `${popt.word}: ${step.text}`].join(' ');
    seen.push(step.value === undefined ? step.option.long : `${step.option.long}=${step.value}`);
  }
}

describe('popt', () => {
  const cases: readonly (readonly [words: string, steps: string])[] = [
    ['', '[]'],
    ['-ln', 'list numeric []'],
    ['-l a -n b', 'list numeric [a,b]'],
    ['-l -- -n', 'list [-n]'],
    ['- -l', 'list [-]'],
    ['-t X', 'tcp=X []'],
    ['-tX', 'tcp=X []'],
    ['-t=X', 'tcp=X []'],
    ['-t==X', 'tcp==X []'],
    ['-lt=X', 'list tcp=X []'],
    ['-t -l', 'tcp=-l []'],
    ['--tcp X', 'tcp=X []'],
    ['--tcp=X', 'tcp=X []'],
    ['--tcp=', 'tcp= []'],
    ['-t=', 'tcp= []'],
    ['-p', 'persistent []'],
    ['-p 3', 'persistent=3 []'],
    ['-p -l', 'persistent list []'],
    ['-p - x', 'persistent [-,x]'],
    ['-p --', 'persistent []'],
    ['-p=', 'persistent= []'],
    ['-lt', 'list -lt: missing argument'],
    ['--bare', '--bare: missing argument'],
    ['--lis', '--lis: unknown option'],
    ['-list', 'list -list: unknown option'],
    ['-lzn', 'list -lzn: unknown option'],
    ['--=x', '--=x: unknown option'],
    ['--list=1', '--list=1: option does not take an argument'],
    ['-l=', '-l=: option does not take an argument'],
    ['-t a!#:+b x y', 'tcp=axb [y]'],
    ['-t !#:+', 'tcp=!#:+ []'],
  ];
  for (const [words, steps] of cases) {
    it(words || 'no words', () => {
      expect(read(words)).to.equal(steps);
    });
  }

  it('stops at the first operand when asked to', () => {
    expect(read('-l a -n', true)).to.equal('list [a,-n]');
  });
});
