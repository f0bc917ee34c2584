import { resourceUsage } from 'node:process';
import { Worker } from 'node:worker_threads';
import { expect } from 'chai';
import { loadLibc } from '../../../dist/io/libc.js';
import { threadWaits } from '../../../dist/io/thread-waits.js';

/** How often the other thread waits. */
const TIMES = 200;

const OTHER = `
  const { workerData } = require('node:worker_threads');
  const own = new Int32Array(new SharedArrayBuffer(4));
  for (let count = 0; count < ${TIMES}; count++) {
    Atomics.wait(own, 0, 0, 1);
    Atomics.add(workerData, 0, 1);
  }`;

describe('the waits of a thread', () => {
  it('are counted', () => {
    loadLibc();
    const before = threadWaits();
    Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0, 1);
    expect(threadWaits()).to.be.greaterThan(before);
  });

  it('do not include those of other threads', async () => {
    loadLibc();
    const done = new Int32Array(new SharedArrayBuffer(4));
    const worker = new Worker(OTHER, { eval: true, workerData: done });
    const [own, all] = [threadWaits(), resourceUsage().voluntaryContextSwitches];
    while (Atomics.load(done, 0) < TIMES);
    expect(threadWaits() - own).to.be.lessThan(TIMES / 2);
    expect(resourceUsage().voluntaryContextSwitches - all).to.be.at.least(TIMES);
    await worker.terminate();
  });
});
