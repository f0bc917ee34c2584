import { expect } from 'chai';
import { painted } from '../../../../dist/subcommands/framework/paint.js';
import { ProgressLine } from '../../../../dist/subcommands/framework/progress-line.js';
import { clippedWords, visible, visibleLines } from '../../../../dist/subcommands/framework/visible.js';
import { ran } from '../fake-subcommand-io.js';

describe('control characters', () => {
  it('are escaped', () => {
    expect(visible('\u001b[2J\r\b\u007f\u009b31m\u202e\n')).to.equal(
      '\\x1b[2J\\x0d\\x08\\x7f\\x9b31m\\u202e\\x0a',
    );
    expect(visibleLines('a\u001b\nb')).to.equal('a\\x1b\nb');
    expect(visible('tcp:[2001:db8::1]:80 “ü” 漢')).to.equal('tcp:[2001:db8::1]:80 “ü” 漢');
  });

  it('are escaped in coloured text, which keeps its colour', () => {
    expect(painted('a\u001b]0;x\u0007', 'red', true)).to.equal('\u001b[31ma\\x1b]0;x\\x07\u001b[m');
    expect(painted('a\u001b', 'red', false)).to.equal('a\\x1b');
  });

  it('are escaped in lines of progress', () => {
    let text = '';
    const output = {
      terminal: true,
      colour: true,
      columns: () => 80,
      write: async (chunk: string) => void (text += chunk),
    };
    const line = new ProgressLine(output, { TERM: 'xterm' });
    line.show('a\u001b[1mb');
    line.say('c\u0007');
    expect(text).to.equal('\r\u001b[Ka\\x1b[1mb\r\u001b[Kc\\x07\n');
  });

  it('are escaped in errors about arguments and files', async () => {
    for (const args of [
      ['plan', '-f', 'no\u001b[2Jfile'],
      ['plan', 'x\u009b2J'],
      ['plan', '--op\u001b]0;t'],
      ['help', 'a\u0007'],
      ['watch', 'tcp:\u001b[2J'],
      ['drain', '\u202etcp', '10.0.0.1:80'],
    ]) {
      const { stderr } = await ran(args, { terminal: true });
      expect(stderr, args.join(' ')).to.match(/^[^\u0000-\u0009\u000b-\u001f\u007f-\u009f\u202e]+$/);
    }
  });
});

describe('clippedWords', () => {
  it('shows the beginning of long words, and all of the others', () => {
    const path = `/${'x'.repeat(4999)}`;
    expect(clippedWords(`open '${path}' failed\nonce`)).to.equal(
      `open '${path.slice(0, 299)}… (5002 characters) failed\nonce`,
    );
    const short = `${'y'.repeat(300)} ${'z'.repeat(300)}`;
    expect(clippedWords(short)).to.equal(short);
  });

  it('clips what errors of subcommands quote', async () => {
    const { stderr } = await ran(['plan', '-f', `/${'x'.repeat(4999)}`]);
    expect(stderr).to.match(/ENOENT.*…/);
    expect(stderr.length).to.be.lessThan(700);
    const validated = await ran(['validate', `/\u001b${'x'.repeat(4999)}`]);
    expect(validated.stderr).to.match(/\\x1bx+… \(/);
    expect(validated.stderr.length).to.be.lessThan(700);
  });
});
