/** The program itself, in the reference's place: streams, pipes, signals, exit statuses, other users. */
import { chmodSync, mkdtempSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { expect } from 'chai';
import { PROGRAM } from '../program.js';
import { Arena } from './arena.js';
import { quote } from './shell.js';

/** Each with the reference and with this program by the name of `ipvsadm`; from an empty table. */
const SCRIPTS = [
  'ipvsadm -h',
  'ipvsadm',
  'ipvsadm --bogus',
  'ipvsadm foo',
  "ipvsadm -A -t '' -s rr",
  "printf -- '-A -f 1\\n-A -f 1\\n-l -n\\n' | ipvsadm -R",
  "printf -- '-A -f 3\\n-a -f 3 -r 10.0.0.1\\n' | ipvsadm -R; ipvsadm -Sn | cat",
  'ipvsadm -R </dev/null',
  'ipvsadm -R <&-',
  'ipvsadm -R </',
  // Each stream in its own time: errors at once, output in blocks. One service, since newer kernels list a table that
  // has just grown with gaps.
  "{ echo '-A -f 1 -s rr'; seq -f '-a -f 1 -r 10.0.0.%.0f' 200; printf -- '-l\n--bogus=\n-l -z\n-S\n-l -t 1:1\n'; } | ipvsadm -R 2>&1 | cat",
  // A line is carried out when it is there, not when all are.
  '{ echo "-A -f 5"; for i in $(seq 100); do /usr/sbin/ipvsadm -Sn | grep . >&2 && break; sleep 0.1; done; } | ipvsadm -R',
  'ipvsadm -ln >/dev/full',
  'ipvsadm -ln >&-',
  'ipvsadm -l >&- 2>&-',
  'ipvsadm --bogus 2>/dev/full',
  // The words of the user nobody are not parsed. The capability allows it to read the program wherever the checkout is.
  'setpriv --reuid 65534 --clear-groups --inh-caps +dac_read_search --ambient-caps +dac_read_search ipvsadm -h',
  'setpriv --bounding-set -net_admin --inh-caps -net_admin ipvsadm -ln',
  'ipvsadm --set 1 2 3; env -u HOME ipvsadm -l --timeout',
] as const;

/** Of a table of which more is shown than a pipe holds: the reader goes away while there is more to write. */
const CUT_SHORT = ['ipvsadm -ln --stats | head -1', 'ipvsadm -ln --rate | sed -n 3q'];
const LONG = Array.from({ length: 1500 }, (_, index) => `-A -f ${index + 1}`).join('\n');

describe('program', function () {
  this.timeout(120_000);
  let arena: Arena;
  let directory: string;

  before(() => {
    arena = new Arena();
    directory = mkdtempSync('/run/ipvs-ts-program-');
    // Everyone may start it.
    chmodSync(directory, 0o755);
    symlinkSync(PROGRAM, join(directory, 'ipvsadm'));
  });

  after(() => {
    arena.close();
    rmSync(directory, { recursive: true });
  });

  for (const script of SCRIPTS) {
    it(script, async () => {
      expect(await run(script, directory)).to.equal(await run(script, '/usr/sbin'));
    });
  }

  it('does not lose a backup in silence', async () => {
    const text = await run('ipvsadm -Sn >/dev/full', directory, '-A -f 1');
    expect(text).to.contain('ipvsadm: cannot write to standard output: ENOSPC (No space left on device)');
    expect(text).to.contain('statuses 1');
    expect(await run('ipvsadm -Sn >/dev/full', '/usr/sbin', '-A -f 1')).to.contain('statuses 0');
  });

  it('refuses NUL bytes in rules, of which the reference loses what follows', async () => {
    const script = "printf -- '-A -t 10.0.0.1:80 -p 3\\0%s\\n' 00 | ipvsadm -R";
    expect(await run(script, directory))
      .to.contain('NUL byte in the rules')
      .and.to.contain('statuses 0 2');
    expect(await run(script, '/usr/sbin')).to.contain('statuses 0 0');
  });

  it('says beside the help what subcommands there are, under its own name only', async () => {
    symlinkSync(PROGRAM, join(directory, 'ipvs-ts'));
    expect(await run('ipvs-ts -h', directory)).to.contain('Subcommands, such as');
    expect(await run('ipvsadm -h', directory)).not.to.contain('Subcommands');
  });

  for (const script of CUT_SHORT) {
    it(script, async () => {
      const reference = await run(script, '/usr/sbin', LONG);
      expect(reference).to.contain('statuses 141 0');
      expect(await run(script, directory, LONG)).to.equal(reference);
    });
  }

  async function run(script: string, path: string, rules = ''): Promise<string> {
    arena.own.make(rules);
    const file = join(directory, 'script');
    writeFileSync(file, `( ${script}; echo "statuses \${PIPESTATUS[*]}" ) 2>&1\n`);
    const text = await arena.own.shell.run(
      `PATH=${path}:${dirname(process.execPath)}:/usr/bin:/bin:/usr/sbin bash ${quote(file)}`,
    );
    return `${text}\n${arena.own.state()}`;
  }
});
