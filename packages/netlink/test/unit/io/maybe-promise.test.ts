import { expect } from 'chai';
import {
  isPromise,
  type MaybePromise,
  runSteps,
  type Steps,
  waitFor,
} from '../../../dist/io/maybe-promise.js';

function* sum(...values: MaybePromise<number>[]): Steps<number> {
  let result = 0;
  for (const value of values) result += yield* waitFor(value);
  return result;
}

function* caught(value: MaybePromise<number>): Steps<string> {
  try {
    return `is ${yield* waitFor(value)}`;
  } catch (error) {
    return `failed: ${(error as Error).message}`;
  }
}

describe('work that may have to wait (runSteps)', () => {
  it('returns the result itself if nothing waits', () => {
    expect(runSteps(sum(1, 2, 3))).to.equal(6);
  });

  it('returns a promise once a step waits', async () => {
    const result = runSteps(sum(1, Promise.resolve(2), 3, Promise.resolve(4)));
    expect(isPromise(result)).to.equal(true);
    expect(await result).to.equal(10);
  });

  it('throws a rejection inside the steps, where it can be caught', async () => {
    expect(await runSteps(caught(Promise.reject(new Error('no answer'))))).to.equal('failed: no answer');
  });

  it('rejects with what the steps do not catch, and throws what comes before any wait', async () => {
    const error = await Promise.resolve(runSteps(sum(1, Promise.reject(new Error('closed'))))).catch(String);
    expect(error).to.equal('Error: closed');
    function* fails(): Steps<never> {
      throw new RangeError('too long');
    }
    expect(() => runSteps(fails())).to.throw(RangeError, 'too long');
  });
});
