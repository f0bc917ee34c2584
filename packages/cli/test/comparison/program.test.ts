/** The program itself, with its streams, beside the reference. */
import { mkdtempSync, rmSync, symlinkSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { expect } from 'chai';
import { Arena } from './arena.js';
import { quote } from './shell.js';

const PROGRAM = join(dirname(fileURLToPath(import.meta.url)), '../../bin/ipvs-ts.js');

const SCRIPTS = [
  'ipvsadm -h',
  "ipvsadm -C; printf -- '-A -f 1\\n-A -f 1\\n-l -n\\n' | ipvsadm -R",
  'ipvsadm -ln | head -1',
  'ipvsadm -ln >/dev/full',
  'ipvsadm -ln >&-',
  'ipvsadm --bogus',
  'ipvsadm foo',
  'ipvsadm -l >&- 2>&-',
];

describe('program', function () {
  this.timeout(60_000);
  let arena: Arena | undefined;
  let directory: string | undefined;

  before(function () {
    // A start of Node beside the test runner takes many seconds in user-mode Linux.
    if (process.env['IPVS_TS_COMPARISON'] !== 'thorough') this.skip();
    arena = new Arena();
    directory = mkdtempSync('/run/ipvs-ts-program-');
    symlinkSync(PROGRAM, join(directory, 'ipvsadm'));
  });

  after(() => {
    if (directory === undefined) return;
    rmSync(directory, { recursive: true });
    arena?.close();
  });

  for (const script of SCRIPTS) {
    it(script, async () => {
      const command = `bash -c ${quote(`( ${script}; echo "statuses \${PIPESTATUS[*]}" ) 2>&1`)}`;
      const reference = await arena?.runInOwn(command);
      expect(await arena?.runInOwn(`PATH=${String(directory)}:$PATH ${command}`)).to.equal(reference);
    });
  }
});
