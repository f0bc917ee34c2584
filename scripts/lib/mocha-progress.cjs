'use strict';
/**
 * A reporter of mocha for runs whose output is watched for silence: it names each test when it begins, a failing one with
 * the first line of its error when it fails, and ends with the details that mocha's own reporters print.
 *
 * IPVS_TS_PATIENCE=SECONDS lets each test and hook take that long, if its own limit is shorter: on a busy machine a limit
 * is there to end what hangs, not what is slow.
 */
const { Base } = require('mocha').reporters;
const { constants } = require('mocha').Runner;

const PATIENCE_MS = 1000 * Number(process.env['IPVS_TS_PATIENCE'] ?? 0);

class Progress extends Base {
  #count = 0;

  constructor(runner, options) {
    super(runner, options);
    const { total } = runner;
    const write = (text) => process.stdout.write(text);
    const beAllowedTime = (runnable) => {
      const limit = runnable.timeout();
      if (limit !== 0 && limit < PATIENCE_MS) runnable.timeout(PATIENCE_MS);
    };
    runner.on(constants.EVENT_HOOK_BEGIN, beAllowedTime);
    runner.on(constants.EVENT_TEST_BEGIN, (test) => {
      beAllowedTime(test);
      this.#count += 1;
      write(`${this.#count}/${total} ${test.fullTitle()}`);
    });
    runner.on(constants.EVENT_TEST_PASS, ({ duration }) => write(` ${duration} ms\n`));
    runner.on(constants.EVENT_TEST_PENDING, (test) => {
      this.#count += 1;
      write(`${this.#count}/${total} skipped: ${test.fullTitle()}\n`);
    });
    runner.on(constants.EVENT_TEST_FAIL, (test, error) => {
      const [reason = ''] = String(error?.stack ?? error?.message ?? error).split('\n');
      write(`\nFAILED TEST: ${test.fullTitle()}\n    ${reason}\n`);
    });
    runner.once(constants.EVENT_RUN_END, () => this.epilogue());
  }
}

module.exports = Progress;
