import { expect } from 'chai';
import { spawnSync } from 'node:child_process';
import { pathToFileURL } from 'node:url';
import { resolve } from 'node:path';

/** Looks a family up in a process of its own, with `DEBUG` as given; returns what is printed, without times and numbers. */
function printed(debug: string): string[] {
  const library = pathToFileURL(resolve('packages/netlink/dist/index.js')).href;
  const program = `
    import { NetlinkClientSync } from '${library}';
    const client = NetlinkClientSync.open();
    client.family('nlctrl');
    client.close();`;
  const { stderr, status } = spawnSync(process.execPath, ['--input-type=module', '--eval', program], {
    env: { ...process.env, DEBUG: debug, DEBUG_HIDE_DATE: '1' },
    encoding: 'utf8',
  });
  expect(status, stderr).to.equal(0);
  return stderr
    .split('\n')
    .filter((line) => line !== '')
    .map((line) => line.replace(/ seq=.*/, ''));
}

describe('the trace', () => {
  it('prints requests and replies if DEBUG names it', () => {
    for (const debug of ['ipvs-ts:netlink', 'ipvs-ts:*', '*']) {
      expect(printed(debug)).to.deep.equal([
        'ipvs-ts:netlink > nlctrl GETFAMILY',
        'ipvs-ts:netlink < nlctrl GETFAMILY',
      ]);
    }
  });

  it('prints nothing otherwise', () => {
    for (const debug of ['', 'other', '-ipvs-ts:netlink,*']) expect(printed(debug)).to.deep.equal([]);
  });
});
