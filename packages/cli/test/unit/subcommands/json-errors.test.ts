import { expect } from 'chai';
import { ran } from './fake-subcommand-io.js';

/** What a program reads from standard output. */
async function printed(words: readonly string[], fullDisk = false): Promise<unknown> {
  const open = (): Promise<never> =>
    Promise.reject(Object.assign(new Error('there is no kernel'), { code: 'ERR_IPVS_UNAVAILABLE' }));
  const { status, stdout, stderr } = await ran(words, { open, fullDisk, files: { x: 'services: {}' } });
  expect(status, words.join(' ')).to.be.above(0);
  expect(stderr).to.match(new RegExp(`^ipvs-ts ${words[0] ?? ''}: .`));
  return fullDisk ? stdout : JSON.parse(stdout);
}

describe('errors of subcommands with --json', () => {
  it('are JSON on standard output too if arguments are wrong, wherever that is found', async () => {
    for (const words of [
      ['apply', '--json', '--nosuch'],
      ['plan', '--json'],
      ['validate', '--json', '--max-bytes', 'x', 'x'],
      ['watch', '--json', '--interval', '5'],
      ['watch', '--json', '--interval', '0s'],
      ['drain', '--json', '--timeout', '5', 'fwmark:1', '10.0.0.1:0'],
      ['doctor', '--json', '--client', 'x'],
      ['agent', '--json'],
    ])
      expect(await printed(words), words.join(' '))
        .to.have.nested.property('error.message')
        .that.is.a('string');
  });

  it('are JSON if the kernel cannot be used, with the code of the error', async () => {
    for (const words of [
      ['drain', '--json', 'fwmark:1', '10.0.0.1:0'],
      ['watch', '--json'],
      ['export', '--json'],
      ['plan', '--json', 'x'],
      ['apply', '--json', 'x'],
    ])
      expect(await printed(words), words.join(' ')).to.deep.equal({
        error: { code: 'ERR_IPVS_UNAVAILABLE', message: 'there is no kernel' },
      });
  });

  it('are reported on standard error alone if standard output cannot be written', async () => {
    expect(await printed(['watch', '--json', '--interval', '5'], true)).to.equal('');
  });
});
