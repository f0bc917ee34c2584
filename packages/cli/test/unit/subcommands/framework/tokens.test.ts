import { parseArgs } from 'node:util';
import { expect } from 'chai';
import fc from 'fast-check';
import type { SubcommandOption } from '../../../../dist/subcommands/framework/subcommand-option.js';
import { tokensOf } from '../../../../dist/subcommands/framework/arguments.js';

const OPTIONS: Readonly<Record<string, SubcommandOption>> = {
  file: { short: 'f', value: 'FILE', help: '' },
  json: { short: 'j', help: '' },
  quiet: { help: '' },
  x: { value: 'X', help: '' },
};

/** What Node makes of the same arguments. */
function parsed(args: readonly string[]): unknown[] {
  const options = Object.fromEntries(
    Object.entries(OPTIONS).map(([name, { short, value }]) => [
      name,
      { type: value === undefined ? 'boolean' : 'string', ...(short !== undefined && { short }) } as const,
    ]),
  );
  const { tokens } = parseArgs({
    args: [...args],
    options,
    strict: false,
    allowPositionals: true,
    tokens: true,
  });
  return tokens.flatMap<unknown>((token) => {
    if (token.kind === 'option-terminator') return [];
    if (token.kind === 'positional') return [{ operand: token.value }];
    return [{ name: token.name, rawName: token.rawName, value: token.value }];
  });
}

describe('the tokens of arguments', () => {
  it('are those of parseArgs', () => {
    const piece = fc.constantFrom(
      '-',
      '--',
      '=',
      'f',
      'j',
      'x',
      'file',
      'json',
      'quiet',
      '__proto__',
      '',
      ' ',
      'é',
      '😀',
    );
    const arg = fc.oneof(
      fc.array(piece, { maxLength: 5 }).map((pieces) => pieces.join('')),
      fc.constantFrom(
        '-f',
        '-fjx',
        '-jf',
        '-jfx',
        '--file=',
        '--file',
        '--json=1',
        '--',
        '-',
        '--=a',
        '---',
        '-=',
        '--constructor',
        '',
      ),
    );
    fc.assert(
      fc.property(fc.array(arg, { maxLength: 6 }), (args) => {
        expect(tokensOf(args, OPTIONS)).to.deep.equal(parsed(args));
      }),
      { numRuns: 5000 },
    );
  });
});
