import { expect } from 'chai';
import { LoopTime } from '../../dist/time-slice.js';

/** An event loop whose clock advances only on request. */
class Loop {
  time = 0;
  readonly #turns: (() => void)[] = [];
  readonly slices = new LoopTime({
    now: () => this.time,
    afterOthers: (turn) => {
      this.#turns.push(turn);
    },
  });

  /** One turn of the loop, and what follows from it. */
  async turn(): Promise<void> {
    for (const turn of this.#turns.splice(0)) turn();
    for (let microtask = 0; microtask < 10; microtask++) await Promise.resolve();
  }
}

describe('slices of the event loop', () => {
  it('last a millisecond from the first work of a turn', async () => {
    const loop = new Loop();
    expect(loop.slices.isOver()).to.equal(false);
    loop.time = 0.9;
    expect(loop.slices.isOver()).to.equal(false);
    loop.time = 1;
    expect(loop.slices.isOver()).to.equal(true);
    await loop.turn();
    loop.time = 7;
    expect(loop.slices.isOver(), 'a new turn').to.equal(false);
    loop.time = 8;
    expect(loop.slices.isOver()).to.equal(true);
  });

  it('go to those that wait in their order, one a turn', async () => {
    const loop = new Loop();
    const log: string[] = [];
    const work = async (name: string): Promise<void> => {
      for (let slice = 0; slice < 3; slice++) {
        while (!loop.slices.isOver()) {
          log.push(name);
          loop.time += 0.5;
        }
        await loop.slices.pause();
      }
    };
    const all = ['a', 'b', 'c'].map(work);
    for (let turn = 0; turn < 12; turn++) {
      log.push('|');
      await loop.turn();
    }
    await Promise.all(all);
    expect(log.join('').replaceAll(/\|+$/g, '')).to.equal('aa|aa|bb|cc|aa|bb|cc');
  });

  it('can be waited for before any work', async () => {
    const loop = new Loop();
    let isOver = false;
    void loop.slices.pause().then(() => {
      isOver = true;
    });
    await Promise.resolve();
    expect(isOver).to.equal(false);
    await loop.turn();
    expect(isOver).to.equal(true);
  });

  /** How often the clock is read for a thousand calls of `length` milliseconds, and the longest slice. */
  const readings = async (reading: number, length: number): Promise<{ read: number; longest: number }> => {
    let time = 0;
    let read = 0;
    let turn: (() => void) | undefined;
    const slices = new LoopTime({
      now: () => {
        read += 1;
        return (time += reading);
      },
      afterOthers: (next) => {
        turn = next;
      },
    });
    let longest = 0;
    let start = time;
    for (let call = 0; call < 1000; call++) {
      time += length;
      if (!slices.isOverBetweenCalls()) continue;
      // During the first calls the clock itself is measured.
      if (call > 100) longest = Math.max(longest, time - start);
      const paused = slices.pause();
      turn?.();
      await paused;
      start = time;
    }
    return { read, longest };
  };

  it('are checked by each call if the clock is fast', async () => {
    const { read, longest } = await readings(0.0001, 0.02);
    expect(read).to.be.at.least(1000);
    expect(longest).to.be.within(1, 1.1);
  });

  it('are checked rarely if a reading of the clock is slow, and last at most half a millisecond more', async () => {
    const { read, longest } = await readings(0.04, 0.06);
    expect(read).to.be.within(100, 500);
    expect(longest).to.be.within(1, 1.6);
  });

  it('are checked by each call that is long', async () => {
    const { read, longest } = await readings(0.04, 0.6);
    expect(read).to.be.at.least(1000);
    expect(longest).to.be.within(1, 1.9);
  });
});
