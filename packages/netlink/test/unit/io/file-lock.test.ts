import { closeSync, mkdtempSync, openSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect } from 'chai';
import { lockFile, NetlinkError } from '@ipvs-ts/netlink';

describe('the lock of a file', () => {
  let folder: string;
  before(() => (folder = mkdtempSync(join(tmpdir(), 'flock-'))));
  after(() => rmSync(folder, { recursive: true }));

  it('belongs to one descriptor at a time, until that is closed', () => {
    const [one, two] = [0, 1].map(() => openSync(join(folder, 'lock'), 'a')) as [number, number];
    expect(lockFile(one)).to.equal(true);
    expect(lockFile(one), 'again').to.equal(true);
    expect(lockFile(two)).to.equal(false);
    closeSync(one);
    expect(lockFile(two)).to.equal(true);
    closeSync(two);
  });

  it('is refused for a descriptor that is not open, with the errno', () => {
    expect(() => lockFile(-1))
      .to.throw(NetlinkError, 'flock: EBADF (Bad file descriptor)')
      .with.property('errno', 9);
  });
});
