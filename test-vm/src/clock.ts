import { runProgram } from './run-program.js';
import type { Cleanup } from './cleanup.js';

/** Makes the wall clock of the kernel jump, and corrects it at the end. */
export class Clock {
  constructor(cleanup: Cleanup) {
    const wall = Date.now() - performance.now();
    cleanup.add('the clock', async () => {
      const right = ((wall + performance.now()) / 1000).toFixed(3);
      await runProgram(['date', '-s', `@${right}`]);
    });
  }

  /** Sets it by so much, as `+2 days`. */
  async jump(by: string): Promise<void> {
    await runProgram(['date', '-s', by]);
  }
}
