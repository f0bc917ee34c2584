import { existsSync } from 'node:fs';
import { expect } from 'chai';
import { ONE, TestAgent, WEB } from './test-agent.js';

describe('the agent of a test', () => {
  it('stops everything that it started, whatever one stop throws, and reports that', async () => {
    const test = new TestAgent();
    test.write({ services: { [WEB]: { destinations: { [ONE]: {} } } } });
    const agent = await test.start();
    const ended: string[] = [];
    test.end(() => ended.push('first'));
    test.end(() => Promise.reject(new Error('the second end failed')));
    test.end(() => {
      throw new Error('the third end failed');
    });
    test.end(() => ended.push('fourth'));
    const error: unknown = await test.remove().catch((each: unknown) => each);
    expect(error).to.have.property('message', 'the third end failed');
    expect(ended).to.deep.equal(['fourth', 'first']);
    expect(existsSync(test.folder)).to.equal(false);
    // A closed agent handles nothing any more.
    const before = agent.kernelAnsweredAt;
    agent.lookNow();
    expect(agent.kernelAnsweredAt).to.equal(before);
  });
});
