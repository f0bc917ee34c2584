/** Other programs that use the reference, or IPVS itself: Debian's ipvsadm-save and -restore, and keepalived. */
import { chmodSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect } from 'chai';
import { COMMAND } from '../program.js';
import { Arena } from './arena.js';
import { quote } from './shell.js';

const REFERENCE = '/usr/sbin/ipvsadm';

const TABLE = [
  '-A -t 10.0.0.1:80 -s wrr -p 300 -M 255.255.255.0',
  '-a -t 10.0.0.1:80 -r 10.0.0.2:80 -m -w 5',
  '-A -u [fd00::1]:53 -s sh -b sh-port',
  '-a -u [fd00::1]:53 -r [fd00::2]:53 -i --tun-type gue --tun-port 6080 --tun-csum',
  '-A -f 7 -6 -s rr',
].join('\n');

describe('with this package in the reference’s place', function () {
  this.timeout(120_000);
  let arena: Arena;
  let directory: string;

  before(() => {
    arena = new Arena();
    // Not in /run, from which a booted Debian runs nothing.
    directory = mkdtempSync(join(tmpdir(), 'ipvs-ts-clients-'));
    const stand = join(directory, 'ipvsadm');
    writeFileSync(
      stand,
      `#!/bin/bash\necho started >>${directory}/starts\nexec -a ipvsadm ${COMMAND.join(' ')} "$@"\n`,
    );
    chmodSync(stand, 0o755);
  });

  beforeEach(() => arena.prepare(TABLE));

  after(() => {
    arena.close();
    rmSync(directory, { recursive: true });
  });

  for (const words of ['ipvsadm-save -n', 'ipvsadm-save', 'ipvsadm-save --bogus']) {
    it(`${words} saves the same`, async () => {
      const reference = await withReference(words);
      expect(await instead(words)).to.equal(reference);
      if (words.endsWith('-n'))
        expect(reference).to.contain('-A -t 10.0.0.1:80 -s wrr -p 300 -M 255.255.255.0\n');
    });
  }

  it('ipvsadm-restore restores the same', async () => {
    const rules =
      '# a comment\n-A -t 10.0.0.9:80 -s rr\n-a -t 10.0.0.9:80 -r 10.0.0.8:80 -g -w 3\n-A -f 3\n-A -f 3\n';
    writeFileSync(join(directory, 'rules'), rules);
    const words = `ipvsadm-restore <${directory}/rules`;
    expect(await instead(words)).to.equal(await withReference(words));
    const [reference, own] = arena.states();
    expect(own).to.equal(reference);
    expect(own).to.contain('10.0.0.9').and.not.to.contain('10.0.0.1:80');
  });

  it('ipvsadm-save | ipvsadm-restore changes nothing', async () => {
    const [before] = arena.states();
    expect(await instead('ipvsadm-save -n | ipvsadm-restore')).to.equal('statuses 0 0\n');
    expect(arena.own.state()).to.equal(before);
  });

  function withReference(words: string): Promise<string> {
    return arena.reference.shell.run(`bash -c ${quote(told(words))}`);
  }

  /** The scripts set a PATH of their own: the file is covered, in a mount namespace of its own. */
  async function instead(words: string): Promise<string> {
    rmSync(join(directory, 'starts'), { force: true });
    const covered = `mount --bind ${directory}/ipvsadm ${REFERENCE} && ${told(words)}`;
    const text = await arena.own.shell.run(`unshare --mount bash -c ${quote(covered)}`);
    if (!words.includes('--bogus'))
      expect(readFileSync(join(directory, 'starts'), 'utf8')).to.contain('started');
    return text;
  }

  function told(words: string): string {
    return `{ ${words}; echo "statuses \${PIPESTATUS[*]}"; } 2>&1`;
  }
});
