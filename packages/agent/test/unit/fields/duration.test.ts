import { expect } from 'chai';
import fc from 'fast-check';
import { LONGEST_DURATION, parseDuration, writeDuration } from '@ipvs-ts/agent';

describe('durations', () => {
  it('have units', () => {
    expect(parseDuration('500ms')).to.equal(500);
    expect(parseDuration('1.5s')).to.equal(1500);
    expect(parseDuration('1m30s')).to.equal(90_000);
    expect(parseDuration('2h')).to.equal(7_200_000);
    for (const text of ['5', '', 's', '1 s', '-1s', '1w', '1sms'])
      expect(parseDuration(text), text).to.equal(undefined);
  });

  it('are written as they are read', () => {
    fc.assert(
      fc.property(fc.integer({ min: 0, max: LONGEST_DURATION }), (ms) => {
        expect(parseDuration(writeDuration(ms))).to.equal(ms);
      }),
    );
  });
});
