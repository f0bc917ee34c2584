import { spawnSync } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import { expect } from 'chai';

/** The program that reads the capabilities of this process, as text. */
const PROGRAM = `
const { LocalHost } = await import(${JSON.stringify(new URL('../../dist/index.js', import.meta.url).href)});
const host = LocalHost.open();
try { console.log(String(host.privileged())); }
catch (error) { console.log(error.code + ': ' + error.message); }
`;

const run = (...prefix: readonly string[]): string => {
  const [program, ...words] = [...prefix, process.execPath, '--input-type=module', '--eval', PROGRAM];
  return spawnSync(program, words, {
    encoding: 'utf8',
    cwd: fileURLToPath(new URL('.', import.meta.url)),
  }).stdout;
};

describe('this host', () => {
  it('says what is missing without /proc', function () {
    const unshare = ['unshare', '--user', '--map-root-user', '--mount'];
    if (spawnSync('unshare', [...unshare.slice(1), 'true']).status !== 0) {
      if (process.env['CI']) throw new Error('CI must run this: no user namespaces');
      this.skip();
    }
    const hide = ['sh', '-c', 'mount -t tmpfs none /proc && exec "$@"', 'sh'];
    expect(run(...unshare, ...hide)).to.equal(
      'ENOENT: cannot read /proc/self/status (ENOENT); the doctor reads the host from /proc; mount it: mount -t proc proc /proc\n',
    );
  });
});
