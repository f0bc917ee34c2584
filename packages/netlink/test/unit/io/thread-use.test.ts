import { expect } from 'chai';
import { ThreadUse } from '../../../dist/io/thread-use.js';

const WAITED = (): boolean => true;

/** A thread that waits all the time. */
function waiting(): () => number {
  let count = 0;
  return () => (count += 1);
}

/** The sends of a long task, with the reading of the clock before each. */
function sends(threads: ThreadUse, readings: readonly (number | undefined)[]): string[] {
  return readings.map((reading) => {
    if (threads.next(reading)) return 'thread';
    return threads.isSuspicious ? 'measured' : 'plain';
  });
}

describe('the use of threads', () => {
  it('does not measure calls between readings of the clock that are close to one another', () => {
    const threads = new ThreadUse(waiting());
    expect(sends(threads, [100, 100.2, 100.2, 101, 103])).to.deep.equal(
      Array.from({ length: 5 }, () => 'plain'),
    );
  });

  it('measures the next sixteen sends after an interval in which a call may have taken long', () => {
    const threads = new ThreadUse(waiting());
    const found = sends(threads, [100, 102.1, ...Array.from({ length: 16 }, (_, at) => 102.2 + at / 10)]);
    expect(found).to.deep.equal(['plain', ...Array.from({ length: 16 }, () => 'measured'), 'plain']);
  });

  it('measures calls after a first long interval, and after one in which this thread waited', () => {
    let count = 7;
    const threads = new ThreadUse(() => count);
    const near = Array.from({ length: 16 }, (_, at) => 110 + at / 10);
    expect(sends(threads, [100, ...near, 112])).to.deep.equal([
      'plain',
      ...near.map(() => 'measured'),
      'plain',
    ]);
    expect(sends(threads, [120, 130]), 'it did not wait').to.deep.equal(['plain', 'plain']);
    threads.mayHaveTaken(10);
    expect(threads.isWanted, 'it did not wait').to.equal(false);
    count += 1;
    expect(sends(threads, [140])).to.deep.equal(['measured']);
    count += 1;
    threads.mayHaveTaken(10);
    expect(threads.isWanted).to.equal(true);
  });

  it('measures calls if nobody reads the clock', () => {
    const threads = new ThreadUse(waiting());
    expect(sends(threads, [undefined, undefined])).to.deep.equal(['measured', 'measured']);
    const stale = sends(
      threads,
      Array.from({ length: 20 }, () => 5),
    );
    expect(stale.slice(0, 16)).to.deep.equal(Array.from({ length: 16 }, () => 'plain'));
    expect(stale.slice(16)).to.deep.equal(Array.from({ length: 4 }, () => 'measured'));
  });

  it('uses threads for the answers to a send that may have taken long, and measures the next ones', () => {
    const threads = new ThreadUse(waiting());
    expect(sends(threads, [100])).to.deep.equal(['plain']);
    threads.mayHaveTaken(2);
    expect(threads.isWanted).to.equal(false);
    threads.mayHaveTaken(2.1);
    expect(threads.isWanted).to.equal(true);
    expect(sends(threads, [102.2, 102.3])).to.deep.equal(['thread', 'measured']);
  });

  it('uses threads for a hundred sends after a call that waited for long', () => {
    const threads = new ThreadUse(waiting());
    threads.took(2.1, () => false);
    expect(threads.isWanted, 'it was preempted').to.equal(false);
    threads.took(2, WAITED);
    expect(threads.isWanted).to.equal(false);
    threads.took(2.1, WAITED);
    const found = sends(
      threads,
      Array.from({ length: 101 }, (_, at) => at / 100),
    );
    expect(found.filter((each) => each === 'thread')).to.have.length(100);
    expect(found[100]).to.not.equal('thread');
  });
});
