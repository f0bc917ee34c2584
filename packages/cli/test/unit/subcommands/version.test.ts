import { readFileSync } from 'node:fs';
import { expect } from 'chai';
import { ran } from './fake-subcommand-io.js';

it('ipvs-ts version prints what a bug report needs, without IPVS', async () => {
  const { version } = JSON.parse(readFileSync(new URL('../../../package.json', import.meta.url), 'utf8')) as {
    version: string;
  };
  const open = (): Promise<never> => Promise.reject(new Error('there is no kernel'));
  const { status, stdout, stderr } = await ran(['version'], { open });
  expect([status, stderr]).to.deep.equal([0, '']);
  expect(stdout).to.match(/^ipvs-ts (\S+)\nNode v\d+\.\d+\.\d+ \(\w+ \w+\)\nkernel \S+\n$/);
  expect(stdout.split('\n')[0]).to.equal(`ipvs-ts ${version}`);
  expect((await ran(['version', 'now'])).status).to.equal(1);
});
