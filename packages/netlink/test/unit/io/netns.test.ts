import { execFileSync } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect } from 'chai';
import { NetlinkError } from '../../../dist/errors.js';
import type { Libc } from '../../../dist/io/libc.js';
import { inNetworkNamespace } from '../../../dist/io/netns.js';

/** A C library that opens everything, and records what was opened. */
function libc(opened: string[]): Libc {
  const fake: Partial<Libc> = {
    open: (path) => {
      opened.push(path);
      return 3;
    },
    close: () => 0,
    setns: () => 0,
  };
  return fake as Libc;
}

describe('a network namespace', () => {
  let directory: string;
  before(() => {
    directory = mkdtempSync(join(tmpdir(), 'netns-'));
    execFileSync('mkfifo', [join(directory, 'fifo')]);
    writeFileSync(join(directory, 'file'), '');
  });
  after(() => rmSync(directory, { recursive: true }));

  it('is not opened if the path is a pipe, a device or a directory, which may block or have side effects', () => {
    for (const path of [join(directory, 'fifo'), '/dev/zero', '/dev/tty', directory]) {
      const opened: string[] = [];
      expect(() => inNetworkNamespace(libc(opened), path, () => 1), path).to.throw(
        NetlinkError,
        `cannot open the network namespace ${path}: EINVAL (Invalid argument); it is not a network namespace`,
      );
      expect(opened).to.deep.equal([]);
    }
  });

  it('is opened if the path is a regular file, or if its type cannot be read', () => {
    const opened: string[] = [];
    expect(inNetworkNamespace(libc(opened), join(directory, 'file'), () => 7)).to.equal(7);
    expect(opened).to.have.length(2);
    expect(
      inNetworkNamespace(libc(opened), join(directory, 'missing'), () => 7),
      'left to open',
    ).to.equal(7);
  });
});
