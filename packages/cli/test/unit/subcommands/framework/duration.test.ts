import { expect } from 'chai';
import { durationText, parseDuration } from '../../../../dist/subcommands/framework/duration.js';
import { UsageError } from '../../../../dist/subcommands/framework/usage-error.js';

describe('lengths of time', () => {
  for (const [text, ms] of Object.entries({
    '500ms': 500,
    '1s': 1000,
    '1.5s': 1500,
    '0s': 0,
    '5m': 300_000,
    '5min': 300_000,
    '30sec': 30_000,
    '1min30s': 90_000,
    '1m30s': 90_000,
    '1h30m': 5_400_000,
    '24d': 2_073_600_000,
    '2147483647ms': 2_147_483_647,
  }))
    it(`are read: ${text}`, () => {
      expect(parseDuration('--interval', text)).to.equal(ms);
    });

  for (const text of [
    '',
    '1',
    '-1s',
    's',
    '1 s',
    '1s ',
    '1e3s',
    '.5s',
    '1.s',
    '1x',
    '1S',
    'Infinity',
    '1m30',
    '٣s',
  ])
    it(`are refused: ${JSON.stringify(text)}`, () => {
      expect(() => parseDuration('--interval', text)).to.throw(
        UsageError,
        `--interval ${JSON.stringify(text)}: a number and a unit`,
      );
    });

  it('say that the unit is missing', () => {
    for (const text of ['5', '0', '1.5'])
      expect(() => parseDuration('--timeout', text)).to.throw(
        UsageError,
        `such as ${text}s, ${text}m or ${text}h; the unit is missing`,
      );
  });

  it('have limits', () => {
    expect(() => parseDuration('--timeout', '25d')).to.throw(
      UsageError,
      '--timeout 25d: it may be from 0s to 24d',
    );
    expect(() => parseDuration('--timeout', '2147483648ms')).to.throw(UsageError);
    expect(() => parseDuration('--timeout', '9'.repeat(400) + 'h')).to.throw(UsageError);
    expect(() => parseDuration('--interval', '99ms', 100)).to.throw(UsageError, 'from 100ms to 24d');
  });

  for (const [ms, text] of [
    [0, '0 s'],
    [449, '0.4 s'],
    [9_949, '9.9 s'],
    [9_950, '10 s'],
    [59_499, '59 s'],
    [59_600, '1 min'],
    [200_000, '3 min 20 s'],
    [7_500_000, '2 h 5 min'],
  ] as const)
    it(`are printed: ${ms} ms`, () => {
      expect(durationText(ms)).to.equal(text);
    });
});
