import { chmodSync, existsSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect } from 'chai';
import { LocalHost } from '@ipvs-ts/director';
import { localProbes } from '../../dist/local-probes.js';

/** Every program that the doctor runs. */
const PROGRAMS = ['arping', 'iptables-save', 'ip6tables-save', 'nft', 'ipset', 'nsenter'];

describe('programs that are run', () => {
  const path = process.env['PATH'];
  let folder: string;

  beforeEach(() => {
    folder = mkdtempSync(join(tmpdir(), 'programs-'));
    for (const name of PROGRAMS) {
      writeFileSync(join(folder, name), `#!/bin/sh\n: > '${folder}/run-'"\${0##*/}"\n`);
      chmodSync(join(folder, name), 0o755);
    }
    process.env['PATH'] = `${folder}:${path ?? ''}`;
  });
  afterEach(() => {
    process.env['PATH'] = path;
    rmSync(folder, { recursive: true });
  });

  it('are not looked up on the PATH of the caller', async () => {
    const host = LocalHost.open();
    try {
      // Their output, and whether they are installed, depends on the machine.
      await host.firewall().catch(() => undefined);
    } finally {
      await host.close();
    }
    await localProbes.taken('no-such-link', '127.0.0.9');
    expect(PROGRAMS.filter((name) => existsSync(join(folder, `run-${name}`)))).to.deep.equal([]);
  });
});
