import { spawnSync } from 'node:child_process';
import { join } from 'node:path';
import { arch } from 'node:process';
import { expect } from 'chai';
import { CHECKOUT } from './source-files.js';

const BUN = join(CHECKOUT, `node_modules/@oven/bun-linux-${arch === 'arm64' ? 'aarch64' : arch}/bin/bun`);
const PROGRAM = join(CHECKOUT, 'packages/cli/bin/ipvs-ts.js');

const COMMAND_LINES: readonly (readonly string[])[] = [
  ['help'],
  ['help', 'plan'],
  ['-h'],
  ['--bogus'],
  ['-A', '-t', '192.0.2.1:80', '-r', 'x'],
  ['plan', '--nonsense'],
  ['validate', join(CHECKOUT, 'docs/matrix.json')],
  ['validate', '/dev/null'],
  ['drian'],
];

describe('the program under Bun', function () {
  this.timeout(60_000);

  function run(runtime: string, words: readonly string[]): unknown {
    const { status, stdout, stderr } = spawnSync(runtime, [PROGRAM, ...words], { encoding: 'utf8' });
    return { status, stdout, stderr };
  }

  for (const words of COMMAND_LINES)
    it(`does what it does under Node: ${words.join(' ').replace(CHECKOUT, '…')}`, () => {
      expect(run(BUN, words)).to.deep.equal(run('node', words));
    });

  it('names Bun in its version', () => {
    const { stdout } = spawnSync(BUN, [PROGRAM, 'version'], { encoding: 'utf8' });
    expect(stdout.split('\n')[1]).to.match(/^Bun \d+\.\d+\.\d+ \(linux \w+\)$/);
  });
});
